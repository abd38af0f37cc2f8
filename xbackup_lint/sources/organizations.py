"""Organizations policies in all that holds them: documents, resources of templates, what the AWS CLI prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization import BackupPolicy
from xbackup_lint.model.problem import Problem
from xbackup_lint.sources.organization_form import checked
from xbackup_lint.sources.organization_plans import Missed
from xbackup_lint.sources.plans import POLICY_DOCUMENT, POLICY_IN_TEMPLATE
from xbackup_lint.text.node import Mapping, Node, Remark, Scalar, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Items, Record, Value

RESOURCE = "AWS::Organizations::Policy"
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
BACKUP_POLICY = "BACKUP_POLICY"

# AWS: characters that a policy may have (F5.10, F7.18). Blanks are counted from the AWS CLI and not in the console,
# so that they are not counted here.
_LARGEST = {BACKUP_POLICY: 10_000, "SERVICE_CONTROL_POLICY": 5_120, "RESOURCE_CONTROL_POLICY": 5_120}

_PLAN_KEYS = {"rules", "regions", "selections"}
_TOKEN = re.compile(r"[^\s\"\\]{2,}")
"""What a custom resource can replace in a policy."""
