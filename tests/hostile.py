"""Input made to do harm: files that crash, hang or blind a program that trusts what it reads. Built here, never kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Files = dict[str, bytes]
Builder = Callable[[], Files]

VAULT = "AWS::Backup::BackupVault"
ARN = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
_HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"


def template(body: str) -> bytes:
    return (_HEAD + body).encode("utf-8", "surrogatepass")


def named(value: str, before: str = "") -> Files:
    """A vault whose name is a YAML value."""
    return {
        "t.yaml": template(
            f"{before}Resources:\n  V:\n    Type: {VAULT}\n    Properties:\n      BackupVaultName: {value}\n"
        )
    }


def as_json(resources: dict[str, Any], **sections: Any) -> bytes:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **sections, "Resources": resources}).encode()


def vault(**properties: Any) -> dict[str, Any]:
    return {"Type": VAULT, "Properties": {"BackupVaultName": "v", **properties}}


def with_policy(policy: Any) -> Files:
    return {"t.json": as_json({"V": vault(AccessPolicy=policy)})}


def plan(**rule: Any) -> dict[str, Any]:
    body = {"RuleName": "r", "TargetBackupVault": "v", **rule}
    return {
        "Type": "AWS::Backup::BackupPlan",
        "Properties": {"BackupPlan": {"BackupPlanName": "p", "BackupPlanRule": [body]}},
    }


def copy_to(arn: Any, **lifecycle: Any) -> dict[str, Any]:
    return plan(CopyActions=[{"DestinationBackupVaultArn": arn, **lifecycle}])


def nested(levels: int, inner: str, around: Callable[[str], str]) -> str:
    for _ in range(levels):
        inner = around(inner)
    return inner


# Aliases, depth and size of trees


def alias_bomb() -> Files:
    lines = ["A: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    lines += [f"A{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)]
    return named("*a11", "".join(lines)) | {"p.yaml": _policy_of_aliases("".join(lines))}


def _policy_of_aliases(lines: str) -> bytes:
    return template(
        f"{lines}Resources:\n  V:\n    Type: {VAULT}\n    Properties:\n      BackupVaultName: v\n"
        "      AccessPolicy: {Statement: *a11}\n      BackupVaultTags: *a11\n      LockConfiguration: *a11\n"
        "  P: {Type: AWS::Backup::BackupPlan, Properties: {BackupPlan: {BackupPlanRule: *a11}}}\n"
        "  S: {Type: AWS::Backup::BackupSelection, Properties: {BackupSelection: {Resources: *a11, Conditions: *a11}}}\n"
        "  K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: {Principal: {AWS: *a11}, Action: *a11}}}}\n"
        "  R: {Type: AWS::IAM::Role, Properties: {Policies: *a11, ManagedPolicyArns: *a11}}\n"
    )


def alias_bomb_of_intrinsics() -> Files:
    """Every level joins the level below it twice."""
    lines = ["A0: &a0 x\n"]
    lines += [f"A{n}: &a{n} {{'Fn::Join': ['', [*a{n - 1}, *a{n - 1}]]}}\n" for n in range(1, 60)]
    return named("*a59", "".join(lines))


def merge_bomb() -> Files:
    keys = ", ".join(f"k{n}: v" for n in range(1_000))
    lines = [f"A0: &a0 {{{keys}}}\n"]
    lines += [f"A{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], x{n}: v}}\n" for n in range(1, 190)]
    return named("v", "".join(lines))


def deep_flow() -> Files:
    return named("[" * 10_000 + "]" * 10_000)


def deep_block() -> Files:
    return named("\n" + "".join(" " * (8 + n) + "a:\n" for n in range(2_000)))


def deep_json() -> Files:
    text = '{"Resources": {"V": {"Type": "AWS::Backup::BackupVault", "Properties": '
    return {"t.json": (text + '{"a": [' * 10_000).encode()}


def deep_policy_in_text() -> Files:
    return with_policy('{"Statement": ' + "[" * 10_000 + "]" * 10_000 + "}")


def large_scalar() -> Files:
    return named("v", f"Description: {'x' * (5 * 1024 * 1024 - 500)}\n")


def too_large() -> Files:
    return named("v", f"Description: {'x' * (5 * 1024 * 1024)}\n")


def many_keys() -> Files:
    lines = "".join(f"    M{n}: {{a: b}}\n" for n in range(100_000))
    return named("!FindInMap [M, M7, a]", f"Mappings:\n  M:\n{lines}")


def many_values() -> Files:
    """The most values that fit into the largest files."""
    return {
        "flow.yaml": template(f"A: [{'a,' * 2_600_000}]\n"),
        "lines.yaml": template("A:\n" + "- a\n" * 1_300_000),
        "anchors.yaml": template("A:\n" + "- &a {}\n" * 600_000),
        "flat.json": b'{"AWSTemplateFormatVersion": [' + b"0," * 16_000_000 + b"0]}",
        "deep.json": b'{"AWSTemplateFormatVersion": [' + b"[]," * 1_000_000 + b"0]}",
        "text.json": as_json({"V": vault(AccessPolicy="[" + "0," * 2_000_000 + "0]")}),
    }


def cyclic_anchor() -> Files:
    return named("v", "A: &a [*a]\n")


# Cycles of names


def cyclic_conditions() -> Files:
    return named("!If [A, x, y]", "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n")


def cyclic_reference() -> Files:
    return named("!Ref V") | {
        "g.yaml": template(
            f"Resources:\n  A: {{Type: {VAULT}, Properties: {{BackupVaultName: !GetAtt B.BackupVaultName}}}}\n"
            f"  B: {{Type: {VAULT}, Properties: {{BackupVaultName: !GetAtt A.BackupVaultName, EncryptionKeyArn: !GetAtt B.BackupVaultArn}}}}\n"
        )
    }


def cyclic_imports() -> Files:
    def one(mine: str, other: str) -> bytes:
        return template(
            f"Resources:\n  V: {{Type: {VAULT}, Properties: {{BackupVaultName: !ImportValue {other}}}}}\n"
            f"Outputs:\n  O: {{Value: !ImportValue {other}, Export: {{Name: {mine}}}}}\n"
        )

    return {"a.yaml": one("a", "b"), "b.yaml": one("b", "a"), "c.yaml": one("c", "c")}


def cyclic_stacks() -> Files:
    def one(child: str) -> bytes:
        return template(
            "Parameters: {P: {Type: String}}\nResources:\n"
            f"  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {child}, Parameters: {{P: !GetAtt S.Outputs.O}}}}}}\n"
            f"  V: {{Type: {VAULT}, Properties: {{BackupVaultName: !GetAtt S.Outputs.O}}}}\n"
            "Outputs: {O: {Value: !GetAtt S.Outputs.O}, Q: {Value: !Ref P}}\n"
        )

    return {"a.yaml": one("b.yaml"), "b.yaml": one("a.yaml"), "c.yaml": one("c.yaml")}


def cyclic_parameter_store() -> Files:
    return {
        "t.yaml": template(
            "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}}\nResources:\n"
            "  S: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Value: !Ref P}}\n"
            f"  V: {{Type: {VAULT}, Properties: {{BackupVaultName: !Ref P}}}}\n"
        )
    }


def chains() -> Files:
    """Hundreds of names, each of which stands for the next one."""

    def vault_of(value: str) -> str:
        return f"{{Type: {VAULT}, Properties: {{BackupVaultName: {value}}}}}"

    attributes = "".join(f"  V{n}: {vault_of(f'!GetAtt V{n + 1}.BackupVaultName')}\n" for n in range(1_000))
    conditions = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(2_000))
    files = {
        "attributes.yaml": template(f"Resources:\n{attributes}"),
        "down.yaml": named("!If [C0, a, b]", f"Conditions:\n{conditions}")["t.yaml"],
        "up.yaml": named("!If [C0, a, b]", "Conditions:\n" + "".join(reversed(conditions.splitlines(True))))[
            "t.yaml"
        ],
    }
    for n in range(200):
        files[f"import{n}.yaml"] = template(
            f"Resources: {{V: {vault_of(f'!ImportValue e{n + 1}')}}}\n"
            f"Outputs: {{O: {{Value: !ImportValue e{n + 1}, Export: {{Name: e{n}}}}}}}\n"
        )
        files[f"stack{n}.yaml"] = template(
            "Parameters: {P: {Type: String}}\nResources:\n"
            f"  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: stack{n + 1}.yaml, Parameters: {{P: !Ref P}}}}}}\n"
            f"  V: {vault_of('!GetAtt S.Outputs.O')}\nOutputs: {{O: {{Value: !GetAtt S.Outputs.O}}}}\n"
        )
    return files


def tree_of_stacks() -> Files:
    """Each stack has the next one ten times: 10 to the 9th stacks."""
    files: Files = {}
    for level in range(9):
        stacks = "".join(
            f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: t{level + 1}.yaml, Parameters: {{P: x{n}}}}}}}\n"
            for n in range(10)
        )
        files[f"t{level}.yaml"] = template(f"Parameters: {{P: {{Type: String}}}}\nResources:\n{stacks}")
    return files | {
        "t9.yaml": template(
            f"Parameters: {{P: {{Type: String}}}}\nResources: {{V: {{Type: {VAULT}, Properties: {{BackupVaultName: !Ref P}}}}}}\n"
        )
    }


# Growth of what is worked out


def exponential_sub() -> Files:
    value = nested(
        40, "{Ref: 'AWS::Region'}", lambda inner: f"{{'Fn::Sub': ['${{a}}${{a}}', {{a: {inner}}}]}}"
    )
    return named(value)


def exponential_sub_by_length() -> Files:
    value = nested(9, "x", lambda inner: f"{{'Fn::Sub': ['{'${a}' * 100}', {{a: {inner}}}]}}")
    return named(value)


def exponential_loop() -> Files:
    body: Any = {"V${A}${B}${C}${D}${E}${F}": vault(BackupVaultName={"Fn::Sub": "v${A}${B}${C}${D}${E}${F}"})}
    for name in "FEDCBA":
        body = {f"Fn::ForEach::{name}": [name, [f"x{n}" for n in range(30)], body]}
    return {"t.json": as_json(body, Transform="AWS::LanguageExtensions")}


def forty_conditions() -> Files:
    names = [f"C{n}" for n in range(40)]
    parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in range(40))
    conditions = "".join(f"  {name}: !Equals [!Ref P{n}, x]\n" for n, name in enumerate(names))
    parts = ", ".join(f"!If [{name}, a, b]" for name in names)
    return named(f"!Join ['-', [{parts}]]", f"Parameters:\n{parameters}Conditions:\n{conditions}")


def forty_conditional_statements() -> Files:
    names = [f"C{n}" for n in range(40)]
    statements = [{"Fn::If": [name, statement(f"s{name}"), {"Ref": "AWS::NoValue"}]} for name in names]
    conditions = {name: {"Fn::Equals": [{"Ref": f"P{name}"}, "x"]} for name in names}
    parameters = {f"P{name}": {"Type": "String"} for name in names}
    arn = {"Fn::If": ["C1", ARN, {"Fn::If": ["C2", ARN + "2", ARN + "3"]}]}
    body = {"V": vault(AccessPolicy={"Statement": statements}), "P": copy_to(arn)}
    return {"t.json": as_json(body, Parameters=parameters, Conditions=conditions)}


def tower_of_ifs() -> Files:
    conditions = "".join(f"  C{n}: !Equals [!Ref 'AWS::Region', r{n}]\n" for n in range(60))
    value = "x"
    for n in range(60):
        value = f"{{'Fn::If': [C{n}, v{n}, {value}]}}"
    return named(value, f"Conditions:\n{conditions}")


def conditions_of_conditions() -> Files:
    """Each condition asks for the one before it twice."""
    lines = [
        "Parameters: {P: {Type: String}}\nConditions:\n  C0: !Equals [!Ref P, x]\n",
        *(
            f"  C{n}: !Or [!And [!Condition C{n - 1}, !Condition C{n - 1}], !Not [!Condition C{n - 1}]]\n"
            for n in range(1, 80)
        ),
    ]
    return named("!If [C79, a, b]", "".join(lines))


def joins_of_joins() -> Files:
    return named(nested(60, "x", lambda inner: f"{{'Fn::Join': [':', [{inner}, {inner[:40]!r}, y]]}}"))


def splits_of_joins() -> Files:
    many = ", ".join(["a"] * 30_000)
    return named(f"!Select [29999, !Split [':', !Join [':', [{many}]]]]")


# Characters


def nul() -> Files:
    return {"t.yaml": template("Description: a\0b\nResources: {}\n"), **with_policy('{"a": "\0"}')}


def surrogates() -> Files:
    lone = as_json({"V": vault(BackupVaultName="\ud800", AccessPolicy='{"Statement": "\ud83d"}')})
    return {
        "t.json": lone,
        "t.yaml": template(f"Resources: {{V: {{Type: {VAULT}, Properties: {{BackupVaultName: '\ud800'}}}}}}"),
    }


def encodings() -> Files:
    text = named("été")["t.yaml"].decode()
    return {
        "utf16.yaml": text.encode("utf-16"),
        "utf16be.yaml": b"\xfe\xff" + text.encode("utf-16-be"),
        "latin.yaml": text.encode("latin-1"),
        "bom.yaml": b"\xef\xbb\xbf" + text.encode(),
        "twice.yaml": b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
        "bom.json": b"\xef\xbb\xbf" + as_json({"V": vault()}),
    }


def line_ends() -> Files:
    text = named("v")["t.yaml"]
    lines = text.split(b"\n")
    return {
        "cr.yaml": text.replace(b"\n", b"\r"),
        "crlf.yaml": text.replace(b"\n", b"\r\n"),
        "mixed.yaml": b"".join(
            line + (b"\n", b"\r\n", b"\r")[number % 3] for number, line in enumerate(lines)
        ),
        "none.yaml": text.rstrip(b"\n"),
        "tabs.yaml": text.replace(b"  ", b"\t"),
        "separators.yaml": text.replace(b"\n", b"\xe2\x80\xa8\n\xc2\x85\n"),
    }


def duplicates() -> Files:
    """Every key of every level twice."""

    def doubled(node: Any) -> str:
        if isinstance(node, dict):
            pairs = [f"{json.dumps(key)}: {doubled(value)}" for key, value in node.items()]
            return "{" + ", ".join(pairs * 2) + "}"
        return json.dumps(node)

    text = doubled({"Resources": {"V": vault(AccessPolicy={"Statement": statement("x")}), "P": plan()}})
    return {"t.json": text.encode(), "t.yaml": (text + "\n").encode()}


def numbers() -> Files:
    written = [
        "9" * 1_000,
        "9" * 5_000,
        "-" + "9" * 5_000,
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "1" + "0" * 20 + ".5",
    ]
    written += [
        ".inf",
        "-.inf",
        ".nan",
        "0x" + "f" * 5_000,
        "0o" + "7" * 5_000,
        "1:" * 400 + "1",
        "1_0",
        "2001-99-99",
    ]
    return {
        f"{number}.{kind}": _of_number(text, kind)
        for number, text in enumerate(written)
        for kind in ("yaml", "json")
        if kind == "yaml" or (text.lstrip("-")[:1] in "123456789NI" and ":" not in text and "_" not in text)
    }


def _of_number(text: str, kind: str) -> bytes:
    body = json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {"P": {"Type": "Number", "Default": "@@"}},
            "Resources": {
                "V": vault(
                    BackupVaultName="@@",
                    LockConfiguration=dict.fromkeys(
                        ("MinRetentionDays", "MaxRetentionDays", "ChangeableForDays"), "@@"
                    ),
                    AccessPolicy={"Version": "@@", "Statement": statement("@@")},
                ),
                "P": plan(
                    ScheduleExpression="@@",
                    StartWindowMinutes="@@",
                    CompletionWindowMinutes="@@",
                    EnableContinuousBackup="@@",
                    Lifecycle={"DeleteAfterDays": "@@", "MoveToColdStorageAfterDays": {"Ref": "P"}},
                    CopyActions=[{"DestinationBackupVaultArn": ARN, "Lifecycle": {"DeleteAfterDays": "@@"}}],
                ),
                "K": {"Type": "AWS::KMS::Key", "Properties": {"PendingWindowInDays": "@@", "Enabled": "@@"}},
                "S": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {"TopicName": {"Fn::Select": ["@@", ["a", "b"]]}},
                },
            },
        }
    )
    return (
        body.replace('"@@"', text).encode() if kind == "json" else f"{body}\n".replace('"@@"', text).encode()
    )


# What YAML and JSON can be made to say


def tags() -> Files:
    return {
        "python.yaml": template("A: !!python/object/apply:os.system ['touch owned']\nResources: {}\n"),
        "unknown.yaml": named("!Nonsense {a: !<tag:x,2000:y> [!!set {a}, !!binary xx, !!omap [a: b]]}")["t.yaml"],
        "directive.yaml": b"%YAML 9.9\n%TAG ! tag:example.com,2000:\n---\n" + named("!Ref x")["t.yaml"],
        "several.yaml": named("a")["t.yaml"] + b"---\n" + named("b")["t.yaml"],
        "keys.yaml": template(f"? [a, b]\n: c\n? {{a: b}}\n: d\n!Ref x: y\nnull: z\nResources: {{1: {{Type: {VAULT}}}, ? [x] : {{Type: {VAULT}}}}}\n"),
    }  # fmt: skip


def not_quite_json() -> Files:
    good = as_json({"V": vault(**{"k" * 5_000: "x" * 5_000})}).decode()
    return {
        "long.json": good.encode(),
        "long.yaml": (good + "\n").encode(),
        "comment.json": ("// a\n" + good).encode(),
        "comma.json": (good[:-1] + ",}").encode(),
        "quotes.json": good.replace('"', "'").encode(),
        "behind.json": (good + "x").encode(),
        "twice.json": (good + good).encode(),
        "open.json": good[:-3].encode(),
        "escape.json": good.replace("xxxx", "\\uD800\\x", 1).encode(),
    }


# Policies


def statement(sid: Any = "s", **more: Any) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
        **more,
    }


def many_statements() -> Files:
    body = {"V": vault(AccessPolicy={"Statement": [statement(f"s{n}") for n in range(30_000)]})}
    return {"t.json": as_json(body), "p.json": as_json({"P": copy_to(ARN)})}


def many_denials() -> Files:
    """Every statement may be the one that decides."""
    denied = [
        statement(Effect="Deny", Condition={"StringLike": {"aws:PrincipalArn": [f"*{n}*", f"?{n}*"]}})
        for n in range(5_000)
    ]
    body = {
        "V": vault(
            BackupVaultName="central",
            AccessPolicy={"Statement": [statement(Principal="*"), *denied]},
        ),
        "P": copy_to({"Fn::GetAtt": ["V", "BackupVaultArn"]}),
    }
    return {"t.json": as_json(body)}


def many_principals() -> Files:
    accounts = [f"arn:aws:iam::{n:012}:role/r" for n in range(5_000)]
    policy = {"Statement": statement(Principal={"AWS": accounts}, Action=["backup:*", "kms:*"] * 200)}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    return {"t.json": as_json({"V": vault(AccessPolicy=policy), "K": key, "P": copy_to(ARN)})}


def backtracking_patterns() -> Files:
    stars, letters = "*a" * 400 + "*b", "a" * 2_000
    policy = {
        "Statement": statement(
            Principal={"AWS": f"arn:aws:iam::111122223333:role/{letters}"},
            Action=[stars, f"backup:{stars}", "backup:" + "?*" * 500],
            Resource=[f"arn:aws:backup:*:*:backup-vault:{stars}", letters],
            Condition={
                "StringLike": {"aws:PrincipalArn": [stars, letters], "aws:PrincipalOrgID": ["?*" * 300]}
            },
        )
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": letters[:64],
            "AssumeRolePolicyDocument": {
                "Statement": statement(Principal={"Service": "backup.amazonaws.com"}, Action=stars)
            },
            "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
        },
    }
    selection = {
        "Type": "AWS::Backup::BackupSelection",
        "Properties": {
            "BackupPlanId": {"Ref": "P"},
            "BackupSelection": {
                "IamRoleArn": {"Fn::GetAtt": ["R", "Arn"]},
                "SelectionName": "s",
                "Resources": [f"arn:aws:{stars}", f"arn:aws:ec2:*:*:{letters}"],
                "NotResources": [stars],
            },
        },
    }
    body = {
        "V": vault(BackupVaultName=letters, AccessPolicy=policy),
        "K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "P": copy_to(f"arn:aws:backup:eu-west-1:444455556666:backup-vault:{letters}"),
        "R": role,
        "S": selection,
    }
    return {"t.json": as_json(body)}


def schedules() -> Files:
    written = [
        "cron(" + "0-59/1," * 2_000 + "0 0 * * ? *)",
        "cron(0 0 ? * MON#9 1970-99999999999)",
        "cron(0/0 */0 L-99999999 * ? */0)",
        "cron(" + "*" * 50_000 + ")",
        "cron(0 0 1 JAN-DEC,1-12/" + "9" * 5_000 + " ? *)",
        "cron(0 0 29 2 ? 2101-2199)",
        "rate(" + "9" * 5_000 + " days)",
    ]
    return {f"{n}.json": as_json({"P": plan(ScheduleExpression=text)}) for n, text in enumerate(written)}


# Other inputs


def organization_policy() -> Files:
    deep: Any = "v"
    for _ in range(180):
        deep = {"@@assign": deep}
    rules = {
        f"r{n}": {"target_backup_vault_name": {"@@assign": "v"}, "copy_actions": {ARN: {"lifecycle": deep}}}
        for n in range(100)
    }
    plans = {
        "plans": {f"p{n}": {"rules": rules, "regions": {"@@append": ["eu-west-1"] * 50}} for n in range(5)}
    }
    return {"t.json": json.dumps(plans).encode(), "deep.json": json.dumps({"plans": {"p": deep}}).encode()}


def terraform_modules() -> Files:
    """Modules in modules, whose references go round."""
    module: Any = {"resources": [_planned("aws_backup_vault.v")]}
    call: Any = {"expressions": {}}
    for _ in range(60):
        module = {"resources": [_planned("aws_backup_vault.v")], "child_modules": [module]}
        call = {
            "module": {
                "module_calls": {"m": call},
                "outputs": {"o": {"expression": {"references": ["module.m.o", "module.m", "var.x"]}}},
                "resources": [
                    {
                        "address": "aws_backup_plan.p",
                        "expressions": {"name": {"references": ["module.m.o", "var.x"]}},
                    }
                ],
            },
            "expressions": {"x": {"references": ["module.m.o", "module.m"]}},
        }
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": module},
        "configuration": {"root_module": {"module_calls": {"m": call}}},
    }
    return {"plan.json": json.dumps(document).encode()}


def _planned(address: str, **values: Any) -> dict[str, Any]:
    return {
        "address": address,
        "mode": "managed",
        "type": address.split(".")[-2],
        "values": {"name": "v", **values},
    }


def terraform_references() -> Files:
    """Each output is made of the other twenty."""
    names = [f"m{n}" for n in range(20)]
    references = [f"module.{name}.o" for name in names]
    calls = {
        name: {
            "module": {
                "outputs": {"o": {"expression": {"references": ["var.x"]}}},
                "resources": [],
            },
            "expressions": {"x": {"references": references}},
        }
        for name in names
    }
    later = {"address": "aws_backup_vault.v", "change": {"after_unknown": {"kms_key_arn": True}}}
    resource = {"address": "aws_backup_vault.v", "expressions": {"kms_key_arn": {"references": references}}}
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [_planned("aws_backup_vault.v")]}},
        "resource_changes": [later],
        "configuration": {"root_module": {"resources": [resource], "module_calls": calls}},
    }
    return {"plan.json": json.dumps(document).encode()}


def terraform_many() -> Files:
    vaults = [_planned(f"aws_backup_vault.v[{n}]", region=f"r-{n % 200}") for n in range(2_000)]
    policies = [
        _planned(f"aws_backup_vault_policy.p[{n}]", backup_vault_name="v", policy="{}") for n in range(2_000)
    ]
    document = {"format_version": "1.2", "planned_values": {"root_module": {"resources": vaults + policies}}}
    return {"plan.json": json.dumps(document).encode()}


def manifest_out_of_the_tree() -> Files:
    artifact = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-1",
        "properties": {"templateFile": "../../../../../../etc/passwd"},
    }
    document = {
        "version": "1",
        "artifacts": {"a": artifact, "b": {**artifact, "properties": {"templateFile": "\0"}}},
    }
    return {"manifest.json": json.dumps(document).encode()}


def manifest_of_thousands() -> Files:
    resource = {
        "resource_file": "t.yaml",
        "deploy_method": "stack_set",
        "regions": [f"eu-west-{n}" for n in range(1, 10)] * 4,
        "deployment_targets": {"accounts": [f"{n:012}" for n in range(200)]},
    }
    return {
        "manifest.yaml": json.dumps({"resources": [resource] * 3}).encode(),
        **named("!Ref AWS::AccountId"),
    }


def comments() -> Files:
    """Suppressions without end, with nothing between them."""
    text = named("v")["t.yaml"]
    many = b"# xbackup-lint: ignore[vault-not-retained] x\n" * 20_000
    quoted = b"".join(
        b"  Q%d: {Type: 'AWS::SNS::Topic'} # xbackup-lint: ignore[nonsense-%d] x\n" % (n, n)
        for n in range(8_000)
    )
    names = (
        b"# xbackup-lint: ignore[" + b", ".join(b"vault-not-retained%d" % n for n in range(8_000)) + b"]\n"
    )
    return {"many.yaml": text + many, "quoted.yaml": text + quoted, "names.yaml": text + names}


def suppressions_in_metadata() -> Files:
    ignored = {f"nonsense-rule-{n}": "x" for n in range(20_000)}
    return {"t.json": as_json({"V": {**vault(), "Metadata": {"xbackup-lint": {"ignore": ignored}}}})}


def near_names() -> Files:
    """Each copy goes to a vault that is almost called like two thousand others."""
    vaults = {f"V{n}": vault(BackupVaultName=f"backup-vault-number-{n:05}") for n in range(800)}
    plans = {
        f"P{n}": copy_to(f"arn:aws:backup:eu-west-1:444455556666:backup-vault:backup_vault-number-{n:05}")
        for n in range(800)
    }
    return {"444455556666/eu-west-1/t.json": as_json(vaults | plans)}


def misnamed() -> Files:
    odd = {f"BackupVaultNam{n}{'e' * (n % 50)}": "x" for n in range(5_000)}
    return {"t.json": as_json({"V": vault(**odd), "P": plan(**odd)})}


def long_names() -> Files:
    name = "n" * 300_000
    body = {name: vault(BackupVaultName={"Fn::Sub": "${" + name + "}"}, **{name: name})}
    return {"t.json": as_json(body, Parameters={name + "p": {"Type": name, "Default": name}})}


def listings() -> Files:
    vaults = [
        {"BackupVaultName": f"v{n}", "BackupVaultArn": f"{ARN}{n}", "NumberOfRecoveryPoints": n}
        for n in range(8_000)
    ]
    return {
        "444455556666/eu-west-1/vaults.json": json.dumps({"BackupVaultList": vaults}).encode(),
        "444455556666/eu-west-1/plan.json": as_json({"P": copy_to(ARN)}),
    }


_KINDS: list[Any] = [
    None,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a": {"b": []}},
    "",
    "x",
    0,
    -1,
    1.5,
    True,
    [{"Ref": []}],
    {"Fn::If": 1},
]


def wrong_types() -> Files:
    """Every input that is known, each of its parts in turn of every kind that it should not be."""
    files: Files = {}
    for number, document in enumerate(_documents()):
        for place, _ in list(enumerate(_paths(document)))[number % 2 :: 2]:
            kind = _KINDS[(place + number) % len(_KINDS)]
            changed = json.loads(json.dumps(document))
            *way, last = list(_paths(document))[place]
            holder = changed
            for step in way:
                holder = holder[step]
            holder[last] = kind
            files[f"{number:02}-{place:03}.json"] = json.dumps(changed).encode()
    return files


def _paths(node: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in steps:
        yield (*before, step)
        yield from _paths(value, (*before, step))


def _documents() -> list[Any]:
    policy = {
        "Version": "2012-10-17",
        "Statement": [statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "r",
            "AssumeRolePolicyDocument": policy,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"],
            "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
            "PermissionsBoundary": "arn:aws:iam::aws:policy/x",
        },
    }
    selection = {
        "Type": "AWS::Backup::BackupSelection",
        "Properties": {
            "BackupPlanId": {"Ref": "P"},
            "BackupSelection": {
                "SelectionName": "s",
                "IamRoleArn": {"Fn::GetAtt": ["R", "Arn"]},
                "Resources": ["*"],
                "NotResources": ["arn:aws:ec2:*:*:volume/*"],
                "ListOfTags": [{"ConditionKey": "a", "ConditionType": "STRINGEQUALS", "ConditionValue": "b"}],
                "Conditions": {
                    "StringEquals": [{"ConditionKey": "aws:ResourceTag/a", "ConditionValue": "b"}]
                },
            },
        },
    }
    whole = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"N": {"Type": "String", "Default": "a", "AllowedValues": ["a"], "AllowedPattern": "[0-9]{12}"}},
        "Mappings": {"M": {"a": {"b": "c"}}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "N"}, "a"]}},
        "Resources": {
            "V": vault(
                AccessPolicy=policy,
                EncryptionKeyArn={"Fn::GetAtt": ["K", "Arn"]},
                LockConfiguration={"MinRetentionDays": 1, "MaxRetentionDays": 2, "ChangeableForDays": 3},
                Notifications={"SNSTopicArn": {"Ref": "T"}, "BackupVaultEvents": ["COPY_JOB_FAILED"]},
                BackupVaultTags={"a": "b"},
            ),
            "K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, "Tags": [{"Key": "a", "Value": "b"}]}},
            "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::FindInMap": ["M", "a", "b"]}}},
            "Q": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "T"}], "PolicyDocument": policy}},
            "P": copy_to(ARN, Lifecycle={"DeleteAfterDays": 7, "MoveToColdStorageAfterDays": 1}),
            "R": role,
            "S": selection,
            "E": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.backup"], "detail-type": ["x"], "detail": {"state": ["FAILED"]}}, "Targets": [{"Arn": {"Ref": "T"}, "Id": "x"}]}},
            "G": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "x", "ResourceArns": [ARN], "Principals": ["111122223333"]}},
            "D": {"Type": "AWS::RDS::DBInstance", "Properties": {"StorageEncrypted": True, "KmsKeyId": {"Ref": "K"}, "Engine": "mysql"}},
        },
        "Outputs": {"O": {"Value": {"Ref": "V"}, "Export": {"Name": "x"}}},
    }  # fmt: skip
    terraform = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [
                    _planned("aws_backup_vault.v", kms_key_arn=None),
                    _planned("aws_backup_plan.p", rule=[{"rule_name": "r", "target_vault_name": "v", "copy_action": [{"destination_vault_arn": ARN, "lifecycle": [{"delete_after": 3}]}]}]),
                    _planned("aws_kms_key.k", policy=json.dumps(policy)),
                    _planned("aws_backup_vault_policy.p", backup_vault_name="v", policy=json.dumps(policy)),
                ],
                "child_modules": [{"address": "module.m", "resources": [_planned("module.m.aws_backup_vault.v")]}],
            }
        },
        "resource_changes": [{"address": "aws_backup_vault.v", "change": {"after_unknown": {"kms_key_arn": True, "rule": [{}]}}}],
        "configuration": {
            "provider_config": {"aws": {"alias": "x", "expressions": {"region": {"constant_value": "eu-west-1"}, "assume_role": [{"role_arn": {"references": ["var.r"]}}]}}},
            "root_module": {
                "resources": [{"address": "aws_backup_vault.v", "provider_config_key": "aws", "expressions": {"kms_key_arn": {"references": ["module.m.o", "module.m"]}}}],
                "module_calls": {"m": {"module": {"outputs": {"o": {"expression": {"references": ["aws_kms_key.k.arn"]}}}}}},
            },
        },
        "variables": {"r": {"value": "arn:aws:iam::111122223333:role/r"}},
    }  # fmt: skip
    cdk = {"version": "1", "artifacts": {"a": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "t.json", "parameters": {"a": "b"}}, "metadata": {"/a": [{"type": "aws:cdk:logicalId", "data": "V"}]}}}}  # fmt: skip
    cfct = {"region": "eu-west-1", "resources": [{"resource_file": "t.yaml", "deploy_method": "stack_set", "regions": ["eu-west-1"], "deployment_targets": {"accounts": ["111122223333"], "organizational_units": ["a:b"]}, "parameters": [{"parameter_key": "a", "parameter_value": ["b"]}]}]}  # fmt: skip
    backups = {"plans": {"p": {"regions": {"@@assign": ["eu-west-1"]}, "rules": {"r": {"schedule_expression": {"@@assign": "cron(0 5 ? * * *)"}, "target_backup_vault_name": {"@@assign": "v"}, "lifecycle": {"delete_after_days": {"@@assign": "3"}}, "copy_actions": {ARN: {"target_backup_vault_arn": {"@@assign": ARN}}}}}, "selections": {"tags": {"s": {"iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/r"}, "tag_key": {"@@assign": "a"}, "tag_value": {"@@assign": ["b"]}}}}}}}  # fmt: skip
    printed = [
        {"BackupVaultName": "v", "BackupVaultArn": ARN, "Policy": json.dumps(policy)},
        {"BackupVaultList": [{"BackupVaultName": "v", "BackupVaultArn": ARN, "EncryptionKeyArn": "x", "Locked": True, "MinRetentionDays": 1}]},
        {"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "v", "CopyActions": [{"DestinationBackupVaultArn": ARN, "Lifecycle": {"DeleteAfterDays": 1}}]}]}, "BackupPlanArn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:x"},
        {"KeyMetadata": {"Arn": "arn:aws:kms:eu-west-1:111122223333:key/x", "KeyId": "x", "KeyManager": "CUSTOMER", "Enabled": True}},
        {"ResourceTypeOptInPreference": {"EFS": True}, "ResourceTypeManagementPreference": {"EFS": True}},
        {"Policy": {"PolicySummary": {"Type": "SERVICE_CONTROL_POLICY", "Name": "n", "Id": "p-1"}, "Content": json.dumps(policy)}},
        {"Organization": {"Id": "o-abcdefghij", "MasterAccountId": "111122223333"}},
        {"Accounts": [{"Id": "111122223333", "Arn": "arn:aws:organizations::111122223333:account/o-abcdefghij/111122223333"}]},
        {"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}},
        {"Role": {"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r", "AssumeRolePolicyDocument": policy}},
        {"BackupSelection": {"SelectionName": "s", "IamRoleArn": "arn:aws:iam::111122223333:role/r", "Resources": ["*"]}, "BackupPlanId": "x"},
        {"Parameters": {"N": "a"}, "Tags": {"a": "b"}},
        [{"ParameterKey": "N", "ParameterValue": "a"}],
    ]  # fmt: skip
    return [whole, terraform, cdk, cfct, backups, policy, *printed]


HARMFUL: dict[str, Builder] = {
    one.__name__.replace("_", " "): one
    for one in (
        alias_bomb, alias_bomb_of_intrinsics, merge_bomb, deep_flow, deep_block, deep_json, deep_policy_in_text,
        large_scalar, too_large, many_keys, many_values, cyclic_anchor, cyclic_conditions, cyclic_reference, cyclic_imports,
        cyclic_stacks, cyclic_parameter_store, chains, tree_of_stacks, exponential_sub, exponential_sub_by_length,
        exponential_loop, forty_conditions, forty_conditional_statements, tower_of_ifs, conditions_of_conditions,
        joins_of_joins, splits_of_joins, nul, surrogates, encodings, line_ends, duplicates, numbers, tags,
        not_quite_json, many_statements, many_denials, many_principals, backtracking_patterns, schedules,
        organization_policy, terraform_modules, terraform_references, terraform_many, manifest_out_of_the_tree,
        manifest_of_thousands, comments, suppressions_in_metadata, near_names, misnamed, long_names, listings,
        wrong_types,
    )
}  # fmt: skip
