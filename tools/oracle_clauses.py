"""The conditions of random policies: what may stand together."""

from __future__ import annotations

_STRINGS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase")  # fmt: skip
_SETS = tuple(
    f"{qualifier}:{operator}"
    for qualifier in ("ForAllValues", "ForAnyValue")
    for operator in ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
)
_NUMBERS = ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
            "NumericGreaterThan", "NumericGreaterThanEquals")  # fmt: skip
_DATES = tuple(name.replace("Numeric", "Date") for name in _NUMBERS)
_ARNS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")

CLAUSES: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (_STRINGS, "aws:PrincipalOrgID", ("o-a1b2c3d4e5", "O-A1B2C3D4E5", "o-*", "o-??????????")),
    (("StringLike", "StringNotLike"), "aws:SourceVpc", ("vpc-?", "vpc-${*}", "vpc-${?}", "*", "c*l", "")),
    (_STRINGS, "aws:SourceVpc", ("vpc-1", "VPC-1", "${aws:SourceVpc}")),
    (("StringEquals", "StringLike"), "aws:SourceVpc", ("${aws:RequestedRegion}", "x${aws:SourceVpc}")),
    (("StringEquals", "StringNotEquals", "StringLike"), "aws:PrincipalOrgID",
     ("${aws:PrincipalOrgID, 'o-a1b2c3d4e5'}", "${aws:RequestedRegion, 'o-a1b2c3d4e5'}")),
    (_STRINGS, "kms:ViaService", ("backup.*.amazonaws.com", "backup.eu-west-1.amazonaws.com")),
    (("Bool",), "kms:GrantIsForAWSResource", ("true", "false")),
    (("Bool",), "aws:SecureTransport", ("true", "false", "TRUE")),
    (("IpAddress", "NotIpAddress"), "aws:SourceIp", ("10.0.0.0/8", "192.0.2.1", "10.9.9.9/8", "2001:db8::/32")),
    (_NUMBERS, "aws:MultiFactorAuthAge", ("10", "60", "3600", "10.0", "-1", "+10", "0.5")),
    (_DATES, "aws:CurrentTime",
     ("2026-06-01T00:00:00Z", "2026-01-01", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00.5Z")),
    (_ARNS, "aws:PrincipalArn",
     ("arn:aws:iam::*:role/backup", "arn:aws:iam::111122223333:role/*", "arn:*:iam::444455556666:*",
      "arn:aws:iam::444455556666:role/${aws:SourceVpc, 'admin'}", "arn:aws:iam::1111*:role/?????*")),
    (_SETS, "aws:TagKeys", ("team", "t*", "secret", "cost")),
    (_SETS, "aws:PrincipalOrgPaths", ("o-a1b2c3d4e5/*", "o-zzzzzzzzzz/r-zz99/")),
    (("ForAnyValue:StringLike", "ForAllValues:StringLike"), "aws:PrincipalOrgPaths", ("${aws:PrincipalOrgID}/*",)),
)  # fmt: skip
"""(operators, key, values of the policy)."""
