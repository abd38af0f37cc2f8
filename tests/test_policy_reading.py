"""Policies as people write them: objects and texts, one statement or many, under conditions; and what is no policy."""

from __future__ import annotations

import json
import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies_in_templates import flaws, policy_of, read_from, statements, unknowns
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.node import Scalar
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

COPIES = "Allow | AWS=arn:aws:iam::111122223333:role/backup | backup:CopyIntoBackupVault | *"
"""What the following policies say, each in its own form."""

FORMS = {
    "an object": """
        Policy:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal:
                AWS: arn:aws:iam::111122223333:role/backup
              Action: backup:CopyIntoBackupVault
              Resource: "*"
        """,
    "one statement, and lists of one": """
        Policy:
          Version: 2012-10-17
          Id: central
          Statement:
            Sid: Copies
            Effect: Allow
            Principal:
              AWS: [arn:aws:iam::111122223333:role/backup]
            Action: [backup:CopyIntoBackupVault]
            Resource: ["*"]
        """,
    "JSON in a block": """
        Policy: |
          {
            "Version": "2012-10-17",
            "Statement": [{
              "Effect": "Allow",
              "Principal": {"AWS": "arn:aws:iam::111122223333:role/backup"},
              "Action": "backup:CopyIntoBackupVault",
              "Resource": "*"
            }]
          }
        """,
    "JSON in single quotes, one statement": """
        Policy: '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/backup"},
          "Action": "backup:CopyIntoBackupVault", "Resource": "*"}}'
        """,
    "JSON in double quotes": r"""
        Policy: "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": [\"arn:aws:iam::111122223333:role/backup\"]},
          \"Action\": \"backup:CopyInto\u0042ackupVault\", \"Resource\": \"*\"}]}"
        """,
    "JSON with values put in": """
        Parameters:
          Role: {Type: String, Default: backup}
        Policy: !Sub
          - '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::${Account}:role/${Role}"},
            "Action": "backup:CopyIntoBackupVault", "Resource": "*"}}'
          - Account: "111122223333"
        """,
    "JSON put together": """
        Policy: !Join
          - ""
          - - '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/backup"},'
            - '"Action": "backup:CopyIntoBackupVault", "Resource": "*"}}'
        """,
    "an object that is made JSON": """
        Policy:
          Fn::ToJsonString:
            Statement:
              - Effect: Allow
                Principal:
                  AWS: arn:aws:iam::111122223333:role/backup
                Action: backup:CopyIntoBackupVault
                Resource: "*"
        """,
    "parameters": """
        Parameters:
          Roles: {Type: CommaDelimitedList, Default: "arn:aws:iam::111122223333:role/backup"}
          Action: {Type: String, Default: backup:CopyIntoBackupVault}
        Policy:
          Statement:
            - Effect: Allow
              Principal: {AWS: !Ref Roles}
              Action: !Ref Action
              Resource: "*"
        """,
}


@pytest.mark.parametrize("template", FORMS.values(), ids=FORMS)
def test_one_policy_in_many_forms(template: str) -> None:
    policy = read_from(dedent(template))

    assert statements(policy) == [COPIES]
    assert (flaws(policy), unknowns(policy)) == ([], [])


def said(template: str) -> list[str]:
    return statements(read_from(dedent(template)))


def test_every_element() -> None:
    assert said(
        """
        Policy:
          Statement:
            - Effect: Deny
              NotPrincipal:
                AWS: ["111122223333", !Ref AWS::AccountId]
                Service: backup.amazonaws.com
              NotAction: [backup:DeleteRecoveryPoint, "backup:List*"]
              NotResource: arn:aws:backup:*
              Condition:
                Bool:
                  aws:SecureTransport: true
                StringNotEquals:
                  aws:PrincipalOrgID: [o-a1b2c3d4e5]
                  aws:PrincipalAccount: [111122223333, "222233334444"]
        """
    ) == [
        (
            "Deny | not AWS=111122223333, not AWS=${AWS::AccountId}, not Service=backup.amazonaws.com"
            " | not backup:DeleteRecoveryPoint, not backup:List* | not arn:aws:backup:*"
            " | Bool aws:SecureTransport=true, StringNotEquals aws:PrincipalOrgID=o-a1b2c3d4e5,"
            " StringNotEquals aws:PrincipalAccount=111122223333+222233334444"
        )
    ]


def test_holes_stay_where_they_are() -> None:
    assert said(
        """
        Parameters:
          Account: {Type: String}
          Accounts: {Type: CommaDelimitedList}
          Organization: {Type: String}
        Policy: !Sub |
          {"Statement": [
            {
              "Effect": "Allow",
              "Principal": {"AWS": ["arn:aws:iam::${Account}:root", "${Account}"]},
              "Action": ${Accounts},
              "Resource": "arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:*",
              "Condition": {"StringEquals": {"aws:PrincipalOrgID": "${Organization}"}}
            }
          ]}
        """
    ) == [
        (
            "Allow | AWS=arn:aws:iam::${Account}:root, AWS=${Account} | ${Accounts}"
            " | arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:*"
            " | StringEquals aws:PrincipalOrgID=${Organization}"
        )
    ]


CONDITIONS = """
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(
            """
            Policy: !If
              - IsProd
              - {Statement: {Effect: Deny, Principal: "*", Action: backup:DeleteBackupVault}}
              - '{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint"}}'
            """,
            [
                "Deny | AWS=* | backup:DeleteBackupVault |  |  | IsProd is true",
                "Deny | AWS=* | backup:DeleteRecoveryPoint |  |  | IsProd is false",
            ],
            id="the whole policy",
        ),
        pytest.param(
            """
            Policy:
              Statement:
                - !If
                  - IsProd
                  - {Effect: Deny, Principal: "*", Action: backup:DeleteBackupVault}
                  - !Ref AWS::NoValue
                - {Effect: Deny, Principal: "*", Action: backup:DeleteRecoveryPoint}
            """,
            [
                "Deny | AWS=* | backup:DeleteBackupVault |  |  | IsProd is true",
                "Deny | AWS=* | backup:DeleteRecoveryPoint",
            ],
            id="a statement",
        ),
        pytest.param(
            """
            Policy:
              Statement:
                Effect: Deny
                Principal:
                  AWS: !If [IsProd, "*", ["111122223333", "222233334444"]]
                Action:
                  - backup:DeleteRecoveryPoint
                  - !If [IsProd, backup:DeleteBackupVault, !Ref AWS::NoValue]
                Resource: !If [IsProd, "*", "arn:aws:backup:*"]
            """,
            [
                (
                    "Deny | AWS=* if IsProd is true, AWS=111122223333 if IsProd is false,"
                    " AWS=222233334444 if IsProd is false"
                    " | backup:DeleteRecoveryPoint, backup:DeleteBackupVault if IsProd is true"
                    " | * if IsProd is true, arn:aws:backup:* if IsProd is false"
                )
            ],
            id="elements of a statement",
        ),
        pytest.param(
            """
            Policy:
              Statement:
                Effect: Deny
                Principal: "*"
                Action: backup:DeleteRecoveryPoint
                Condition: !If
                  - IsProd
                  - StringNotEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
                  - !Ref AWS::NoValue
            """,
            [
                (
                    "Deny | AWS=* | backup:DeleteRecoveryPoint | "
                    " | StringNotEquals aws:PrincipalOrgID=o-a1b2c3d4e5 if IsProd is true"
                )
            ],
            id="a condition block",
        ),
        pytest.param(
            """
            Policy:
              Statement:
                Effect: Deny
                Principal: "*"
                Action: backup:DeleteRecoveryPoint
                Condition:
                  StringNotEquals:
                    aws:PrincipalOrgID: !If [IsProd, o-a1b2c3d4e5, !Ref AWS::NoValue]
                    aws:PrincipalAccount: ["111122223333", !If [IsProd, "222233334444", !Ref AWS::NoValue]]
                  StringNotLike: !If [IsProd, !Ref AWS::NoValue, {aws:userid: "AROAEXAMPLEID:*"}]
            """,
            [
                (
                    "Deny | AWS=* | backup:DeleteRecoveryPoint | "
                    " | StringNotEquals aws:PrincipalOrgID=o-a1b2c3d4e5 if IsProd is true,"
                    " StringNotEquals aws:PrincipalAccount=111122223333+222233334444 if IsProd is true,"
                    " StringNotLike aws:userid=AROAEXAMPLEID:* if IsProd is false"
                )
            ],
            id="operators, keys and values of conditions",
        ),
        pytest.param(
            """
            Policy:
              Statement:
                Effect: !If [IsProd, Deny, Allow]
                Principal: "*"
                Action: backup:DeleteRecoveryPoint
            """,
            ["${condition IsProd} | AWS=* | backup:DeleteRecoveryPoint"],
            id="an effect that depends on a condition is not known",
        ),
    ],
)
def test_conditions(policy: str, expected: list[str]) -> None:
    read = read_from(CONDITIONS + dedent(policy))

    assert statements(read) == expected
    assert flaws(read) == []


@pytest.mark.parametrize(
    ("policy", "present"),
    [
        ("Policy: {Statement: []}", [""]),
        ("Policy: !If [IsProd, {Statement: []}, !Ref AWS::NoValue]", ["IsProd is true"]),
        ("Policy: !Ref Stage", [""]),
        ("Policy: !Ref AWS::NoValue", None),
        ("Policy:", None),
    ],
)
def test_whether_there_is_a_policy_at_all(policy: str, present: list[str] | None) -> None:
    read = policy_of(CONDITIONS + policy)

    assert (None if read is None else [str(guard) for guard in read.present]) == present


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # what is not JSON is told once, and read as it was meant
        (
            """Policy: '{"Statement": {"Effect": "Deny", /* all */ "Principal": "*", "Action": "x"}, /* and */}'""",
            ["not-json 1:43"],
        ),
        ("""Policy: "{'Statement': []}" """, ["not-json 1:11"]),
        ("""Policy: '{"Statement": [],}'""", ["not-json 1:26"]),
        ("""Policy: '{"Statement": []'""", ["not-json 1:25"]),
        ("Policy: deny everybody", ["not-json 1:9"]),
        ("Policy: ''", ["not-json 1:9"]),
        ("""Policy: '{"Statement": [], "Statement": []}'""", ["duplicate-key 1:28"]),
        ("""Policy: '{"Id": 1, "Id": 2, "Statement": [], }'""", ["not-json 1:44", "duplicate-key 1:20"]),
        # of the wrong type
        ("Policy: []", ["not-a-policy 1:9"]),
        ("""Policy: '"Deny"'""", ["not-a-policy 1:9"]),
        ("""Policy: '[1]'""", ["not-a-policy 1:10"]),
        ("Policy: 1", ["not-a-policy 1:9"]),
        ("Policy: 'null'", ["not-a-policy 1:9"]),
        ("Policy: {Statement: Deny}", ["not-a-statement 1:21"]),
        ("Policy: {Statement: [[], Deny]}", ["not-a-statement 1:22", "not-a-statement 1:26"]),
        # at the top
        ("Policy: {}", ["no-statement 1:9"]),
        ("Policy: {Version: 2012-10-17, Statement: }", ["no-statement 1:9"]),
        ("Policy: {Version: 2008-10-17, Statement: []}", []),
        ("Policy: {Version: 2012-10-18, Statement: []}", ["wrong-version 1:19"]),
        ("Policy: {Version: !Ref Version, Statement: []}", []),
        ("Policy: {Statements: []}", ["misspelt-element 1:10"]),
        ("Policy: {Statement: [], Name: central}", ["unknown-element 1:25"]),
    ],
)
def test_what_is_no_policy(policy: str, expected: list[str]) -> None:
    assert flaws(read_from(policy)) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Effect: Allow, Principal: '*', Action: x, Resource: '*'", []),
        # `Resource` is not missed
        ("Effect: Allow, Principal: '*', Action: x", []),
        ("Principal: '*', Action: x", ["no-effect 1:21"]),
        ("Effect: Allow, Action: x", ["no-principal 1:21"]),
        ("Effect: Allow, Principal: '*'", ["no-action 1:21"]),
        ("Effect: Deny, NotPrincipal: {AWS: '*'}, NotAction: x", []),
        # misspelt, and not missing too
        ("Effect: Allow, Principals: '*', Action: x", ["misspelt-element 1:37"]),
        ("effect: Allow, Principal: '*', Actions: x", ["misspelt-element 1:22", "misspelt-element 1:53"]),
        ("Effect: Allow, Principal: '*', Action: x, Comment: y", ["unknown-element 1:64"]),
        # AWS: the value of Effect is case sensitive
        ("Effect: allow, Principal: '*', Action: x", ["wrong-effect 1:30"]),
        ("Effect: '', Principal: '*', Action: x", ["wrong-effect 1:30"]),
        ("Effect: !Ref Effect, Principal: '*', Action: x", []),
        # empty, where a page lost its asterisks
        ("Effect: Allow, Principal: '', Action: '', Resource: ''",
         ["empty-action 1:60", "empty-resource 1:74", "empty-principal 1:48"]),
        ("Effect: Deny, NotPrincipal: {AWS: ''}, NotAction: [x, ''], NotResource: ['']",
         ["empty-notaction 1:76", "empty-notresource 1:95", "empty-principal 1:56"]),
        # principals in the wrong place
        ("Effect: Allow, Principal: '111122223333', Action: x", ["bare-principal 1:48"]),
        ("Effect: Allow, Principal: ['*'], Action: x", ["principal-list 1:48"]),
        ("Effect: Allow, Principal: {aws: '*'}, Action: x", ["misspelt-principal-kind 1:49"]),
        ("Effect: Allow, Principal: {Role: '*'}, Action: x", ["unknown-principal-kind 1:49"]),
    ],
)  # fmt: skip
def test_what_is_no_statement(statement: str, expected: list[str]) -> None:
    assert flaws(read_from(f"Policy: {{Statement: {{{statement}}}}}")) == expected


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("!Ref Policy", ["parameter `Policy` has no default"]),
        ("!ImportValue central-policy", ["`central-policy` is exported by another stack"]),
        ("{Statement: !Ref Policy}", ["parameter `Policy` has no default"]),
        ("{Statement: [!Ref Policy, {Effect: Deny, Principal: '*', Action: x}]}", ["parameter `Policy` has no default"]),
        ("{Fn::Transform: {Name: AWS::Include}}", ["a macro makes this value at deployment"]),
        # an unknown that is no value within JSON: the document is not known, and no fault is made up
        ("""!Sub '{"Statement": [{} ${Policy}]}'""", ["parameter `Policy` has no default"]),
        ("""!Sub '{"Statement": [{}\n\n  ${Policy}]}'""", ["parameter `Policy` has no default"]),
        ("""!Sub '{${Policy}}'""", ["parameter `Policy` has no default"]),
        ("""!Sub '${Policy}}'""", ["parameter `Policy` has no default"]),
        # of several the first
        ("""!Sub '${Policy} ${AWS::Region}'""", ["parameter `Policy` has no default"]),
    ],
)  # fmt: skip
def test_what_is_not_known(policy: str, why: list[str]) -> None:
    read = read_from("Parameters: {Policy: {Type: String}}\nPolicy: " + policy)

    assert unknowns(read) == why
    assert flaws(read) == []


def test_conditions_that_are_not_known_are_still_conditions() -> None:
    read = read_from(
        dedent(
            """
            Parameters:
              Operator: {Type: String}
            Policy: !Sub |
              {"Statement": [
                {"Effect": "Deny", "Principal": "*", "Action": "x", "Condition": ${Operator}},
                {"Effect": "Deny", "Principal": "*", "Action": "x", "Condition": {"StringEquals": ${Operator}}},
                {"Effect": "Deny", "Principal": "*", "Action": "x", "Condition": {"${Operator}": {"aws:userid": "y"}}},
                {"Effect": "Deny", "Principal": "*", "Action": "x", "Condition": "none"},
                {"Effect": "Deny", "Principal": "*", "Action": "x", "Condition": {"StringEquals": "none"}}
              ]}
            """
        )
    )

    assert [[(clause.is_known, str(clause.written)) for clause in one.clauses] for one in read] == [
        [(False, "${Operator}")],
        [(False, "StringEquals")],
        [(False, "${Operator}")],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("beside", "has_variables"),
    [
        ("Version: '2012-10-17'", True),
        ("Version: '2008-10-17'", False),
        ("Id: x", False),
        # a version under another name, or one that a macro may add
        ("version: '2012-10-17'", True),
        ("Fn::Transform: {Name: AWS::Include}", True),
    ],
)
def test_whether_a_policy_has_variables(beside: str, has_variables: bool) -> None:
    template = f"Policy:\n  {beside}\n  Statement: [{{Effect: Allow, Principal: '*', Action: x}}]\n"

    assert [statement.has_variables for statement in read_from(template)] == [has_variables]


def test_a_macro_may_add_what_is_missing() -> None:
    read = read_from(
        dedent(
            """
            Policy:
              Fn::Transform: {Name: AWS::Include}
              Version: "2012-10-17"
              Statement:
                Effect: Deny
                Fn::Transform: {Name: AWS::Include}
            """
        )
    )

    assert statements(read) == ["Deny"]
    assert flaws(read) == []


def test_a_statement_is_called_by_its_sid_or_its_line() -> None:
    template = (
        "Policy:\n  Statement:\n    - {Sid: CopyIn, Effect: Allow, Principal: '*', Action: x}\n"
        "    - {Effect: Allow, Principal: '*', Action: x}\n"
        "    - {Sid: !Ref AWS::StackName, Effect: Allow, Principal: '*', Action: x}\n"
    )

    assert [statement.label for statement in read_from(template)] == ["CopyIn", "line 4", "line 5"]


def test_places_are_those_in_the_file() -> None:
    template = dedent(
        """\
        Policy: !Sub |
          {"Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"},
            "Action": ["backup:CopyIntoBackupVault"],
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
          }]}
        """
    )
    (statement,) = read_from(template)
    (principal,) = statement.principals
    ((_, action),) = statement.actions
    (clause,) = statement.clauses

    assert (str(principal.span), principal.span.text) == (
        "t.yaml:4:26",
        '"arn:aws:iam::${AWS::AccountId}:root"',
    )
    assert (str(action.span), action.span.text) == ("t.yaml:5:16", '"backup:CopyIntoBackupVault"')
    assert (str(clause.span), clause.span.text) == ("t.yaml:6:36", '"aws:PrincipalOrgID"')
    assert str(statement.span) == "t.yaml:2:18"


WORDS = st.sampled_from(
    [
        "",
        "*",
        "Allow",
        "Deny",
        "2012-10-17",
        "backup:CopyIntoBackupVault",
        "111122223333",
        "o-a1b2c3d4e5",
        "ä\n\"'\\",
    ]
)
KEYS = st.sampled_from(
    ["Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
     "NotResource", "Condition", "AWS", "Service", "StringEquals", "aws:PrincipalOrgID", "Actions", "other"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**12) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
STATEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "Effect": VALUES,
        "Principal": VALUES,
        "Action": VALUES,
        "Resource": VALUES,
        "Condition": VALUES,
    },
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4) | st.fixed_dictionaries(
    {"Statement": st.lists(STATEMENTS, max_size=2) | STATEMENTS}
)


@given(DOCUMENTS)
def test_an_object_and_its_json_say_the_same(document: dict[str, object]) -> None:
    """Whatever it holds, and nothing is raised."""
    written = json.dumps(document)
    as_object = read_from(f"Policy: {written}")
    as_text = read_from(f"Policy: {json.dumps(written)}")

    assert _unnumbered(as_text) == _unnumbered(as_object)
    assert [flaw.reason for flaw in as_text.flaws] == [flaw.reason for flaw in as_object.flaws]
    assert unknowns(as_text) == unknowns(as_object) == []


def _unnumbered(policy: Policy) -> list[str]:
    """What it says, without the offsets by which values of the wrong type are called."""
    return [re.sub(r"\$\{[0-9]+\}", "${…}", statement) for statement in statements(policy)]


@given(st.text(max_size=40))
def test_any_text_is_read_and_its_flaws_lie_within_it(text: str) -> None:
    source = Source("t.json", "{" + text)
    whole = Scalar.at(Span(source, 0, len(source.text)), source.text, "plain", "str")
    policy = read_policy(Field.of(Text.of(whole), whole.span))

    assert policy is not None
    assert all(whole.span.contains(flaw.span) for flaw in policy.flaws)
