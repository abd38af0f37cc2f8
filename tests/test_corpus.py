"""Real files of others, where they lie beside the repository: what must and must not be said of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rule_examples import RULES
from xbackup_lint.config.configuration import Configuration, read
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.dataclass import replace
from xbackup_lint.discover import discover
from xbackup_lint.engine.check import check
from xbackup_lint.engine.result import CopyRow, Finding, Location, Result
from xbackup_lint.text.source import Source

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")


@dataclass(frozen=True)
class Expected:
    """A line of EXPECTED.tsv: R must be reported, N must not."""

    verdict: str
    rule: str
    file: str
    line: int

    def is_met_by(self, finding: Finding) -> bool:
        """Whether a finding speaks of the line: as its place, or as the other place that the fault is made of."""
        same = finding.rule == self.rule and finding.location.path == self.file
        places = (finding.location, *(related.location for related in finding.related))
        return same and finding.certainty == "certain" and any(self._is_in(place) for place in places)

    def _is_in(self, place: Location) -> bool:
        return place.start_line <= self.line <= place.end_line


def expected() -> list[Expected]:
    with (CORPUS / "EXPECTED.tsv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    known = {rule.id for rule in RULES}
    return [
        Expected(row["verdict"], row["rule"], row["file"], int(row["line"]))
        for row in rows
        if row["rule"] in known and not row["needs"]
    ]


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    """Each repository is a run of its own: in no estate would all of them be together."""
    findings: list[Finding] = []
    for repository in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        inputs, _ = discover([str(repository)])
        for finding in check(inputs, RULES, Assignments()).result.findings:
            relative = Path(finding.location.path).resolve().relative_to(CORPUS.resolve()).as_posix()
            findings.append(_at(finding, relative))
    return findings


def _at(finding: Finding, path: str) -> Finding:
    return replace(finding, location=replace(finding.location, path=path))


def test_what_must_be_reported_is(found: list[Finding]) -> None:
    wanted = [row for row in expected() if row.verdict == "R"]

    missing = [row for row in wanted if not any(row.is_met_by(finding) for finding in found)]

    assert len(wanted) >= 11
    assert missing == []


def test_what_must_not_be_reported_is_not(found: list[Finding]) -> None:
    unwanted = [row for row in expected() if row.verdict == "N"]

    violated = [row for row in unwanted if any(row.is_met_by(finding) for finding in found)]

    assert len(unwanted) >= 15
    assert violated == []


def test_no_file_of_others_is_called_unreadable(found: list[Finding]) -> None:
    assert [finding.location.path for finding in found if finding.rule == "input-unreadable"] == []


SOLUTION = "aws-samples__backup-recovery-with-aws-backup"
CONFIGURATION = """\
accounts: {management: "111122223333", central: "444455556666"}
deployments:
  - templates: _backup-recovery-with-aws-backup.yaml
    accounts: [management]
    regions: [us-east-1]
    parameters: {AWSBackupCentralAccountId: "444455556666", AWSBackupCentralAccountRegion: eu-west-1}
"""


AUTOMATION = "aws-samples__aws-backup-automation"
CONFIGURED_AUTOMATION = """\
organization: o-a1b2c3d4e5
accounts: {management: "111122223333", central: "444455556666", member: "777788889999"}
deployments:
  - templates: CloudFormation/aws-backup-central-backup-account.yaml
    accounts: central
    regions: eu-west-1
    parameters: &given {pCentralBackupVaultName: central, pCrossAccountBackupRole: backup, pOrganizationId: o-a1b2c3d4e5}
  - templates: CloudFormation/aws-backup-member-account*.yaml
    accounts: member
    regions: [us-east-1, eu-west-1]
    parameters: {<<: *given, pMemberBackupVaultName: member}
  - templates: CloudFormation/aws-backup-org-policy.yaml
    accounts: management
    regions: us-east-1
    parameters:
      <<: *given
      pOrgbackupAccounts: "777788889999"
      pMemberAccountBackupVault: member
      pCentralBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
"""


def run(configuration: Configuration | None, repository: str = SOLUTION) -> Result:
    inputs, _ = discover([str(CORPUS / repository)])
    return check(inputs, RULES, Assignments(configuration=configuration)).result


def copies(configuration: Configuration | None) -> list[CopyRow]:
    return list(run(configuration).copies)


def test_a_destination_is_followed_to_its_vault_with_the_account_a_symbol() -> None:
    """From the Organizations policy through an SSM parameter of the root template to the vault of a StackSet."""
    found = copies(None)

    assert {copy.destination_account for copy in found} == {"${AWSBackupCentralAccountId}"}
    assert {copy.vault for copy in found} == {"AWSBackupSolutionCentralVault"}
    assert {copy.verdict for copy in found} == {"lands"}


def test_a_configuration_that_names_the_accounts_makes_it_known() -> None:
    found = copies(read(Source("config.yaml", CONFIGURATION), CORPUS / SOLUTION))

    assert {copy.destination_arn for copy in found} == {
        "arn:aws:backup:eu-west-1:444455556666:backup-vault:AWSBackupSolutionCentralVault"
    }
    assert {copy.verdict for copy in found} == {"lands"}


def test_tokens_filled_and_accounts_configured_the_key_that_is_not_shared_is_found() -> None:
    """The copies of the two regions that have a member vault fail; of the other regions no vault is described."""
    configuration = read(Source("config.yaml", CONFIGURED_AUTOMATION), CORPUS / AUTOMATION)

    result = run(configuration, AUTOMATION)

    assert {copy.destination_arn for copy in result.copies} == {
        "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
    }
    failing = {(copy.source_account, copy.source_region) for copy in result.copies if copy.verdict == "fails"}
    assert failing == {("777788889999", "us-east-1"), ("777788889999", "eu-west-1")}
    (finding,) = (one for one in result.findings if one.rule == "source-key-not-shared")
    assert finding.certainty == "certain"
    assert finding.related[0].location.path.endswith("aws-backup-member-account.yaml")
    assert finding.deployments == ("777788889999/us-east-1", "777788889999/eu-west-1")
