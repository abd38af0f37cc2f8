"""What policy documents without a name are attached to, as `documents` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from xbackup_lint.config.glob import Glob
from xbackup_lint.config.organization import Directory
from xbackup_lint.config.word import BrokenConfiguration, Word, entries, member, quoted, word
from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.node import Node

Kind = Literal["vault", "key", "role", "scp"]

# AWS: the formats of these ARNs, from the Service Authorization Reference.
_ARNS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    "vault": ("backup", ("backup-vault:",)),
    "key": ("kms", ("key/", "alias/")),
    "role": ("iam", ("role/",)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """What the documents that a glob covers are attached to."""

    documents: Glob
    kind: Kind
    name: Word
    """Of an ARN the name in it: a vault's, a key's id or `alias/…`, a role's with its path."""
    arn: str | None
    account: str | None
    """Its id; None for an SCP that holds for every account, or where it is not told."""
    region: str | None


def read_documents(node: Node | None, directory: Directory) -> tuple[Attachment, ...]:
    """The attachments, in the order of the file. Raises BrokenConfiguration."""
    return tuple(_attachments(node, directory))


def _attachments(node: Node | None, directory: Directory) -> Iterator[Attachment]:
    kinds: tuple[Kind, ...] = ("vault", "key", "role", "scp")
    for key, value in entries(node):
        account, region = word(member(value, "account")), word(member(value, "region"))
        owner = Word(directory.id_of(account), account.span) if account else None
        for kind in kinds:
            name = word(member(value, kind))
            if name is not None:
                yield _attachment(Glob.of(Word(key.text, key.span)), kind, name, owner, region)


def _attachment(
    documents: Glob, kind: Kind, name: Word, account: Word | None, region: Word | None
) -> Attachment:
    places = account.text if account else None, region.text if region else None
    if kind == "scp" or not name.text.startswith("arn:"):
        return Attachment(documents, kind, name, None, *places)
    service, starts = _ARNS[kind]
    fields = name.text.split(":", 5)
    start = next((start for start in starts if len(fields) == 6 and fields[5].startswith(start)), None)
    if start is None or fields[2] != service:
        raise BrokenConfiguration(f"{quoted(name.text)} is not the ARN of a {kind}", name.span)
    for given, told in ((account, fields[4]), (region, fields[3])):
        if given and told and given.text != told:
            message = f"the ARN says {quoted(told)}, and this {quoted(given.text)}"
            raise BrokenConfiguration(message, given.span)
    bare = fields[5] if start == "alias/" else fields[5].removeprefix(start)
    return Attachment(
        documents, kind, Word(bare, name.span), name.text, fields[4] or places[0], fields[3] or places[1]
    )
