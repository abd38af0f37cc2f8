"""A string, perhaps with holes, whose every known character remembers where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Scalar, Tag
from xbackup_lint.text.origin import span_within
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.hole import Hole, Shape

_OCTAL = regex("-?0[0-7]+")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A known piece of a text.

    `origin` is the scalar in which it stands from character `start` on, or, where it comes from elsewhere
    (a parameter's default, the account of a deployment), the span that stands for it.
    """

    text: str
    origin: Scalar | Span = field(compare=False)
    start: int = field(compare=False, default=0)
    taken_from: str = field(compare=False, default="")
    """Says "the default of parameter `X`" where the value is an assumption."""
    born: Span | None = field(compare=False, default=None)
    """Where the value is written, if it was brought from there: a default, another resource's property."""

    def slice(self, start: int, end: int) -> Fragment:
        return Fragment(self.text[start:end], self.origin, self.start + start, self.taken_from, self.born)

    @property
    def span(self) -> Span:
        if isinstance(self.origin, Span):
            return self.origin
        return span_within(self.origin, self.start, self.start + len(self.text))

    @property
    def birth(self) -> Span | None:
        """Where it is written, if a file holds it."""
        return self.born or (None if self.origin is NOWHERE else self.span)


Part = Fragment | Hole


@dataclass(frozen=True, slots=True)
class Text:
    """`arn:aws:iam::` + hole + `:root`. `span` is where the whole of it stands."""

    place: Span | Scalar = field(compare=False)
    """Where it stands, or where the text stands of which it is a piece: a scalar for its own span."""
    parts: tuple[Part, ...]
    tag: Tag = field(compare=False, default="str")
    """What YAML or JSON takes a literal for; `str` for all that is computed."""
    is_piece: bool = field(compare=False, default=False)

    @property
    def span(self) -> Span:
        """Where it stands; of a piece the known characters that it holds. Worked out when it is asked for."""
        if self.is_piece:
            return self._narrow()
        return self.place if isinstance(self.place, Span) else self.place.span

    @staticmethod
    def of(scalar: Scalar) -> Text:
        return Text(scalar, (Fragment(scalar.text, scalar),) if scalar.text else (), scalar.tag)

    @staticmethod
    def literal(text: str, span: Span, taken_from: str = "", born: Span | None = None) -> Text:
        """A known text that is not written at `span` but that `span` stands for."""
        return Text(span, (Fragment(text, span, 0, taken_from, born),) if text else ())

    @staticmethod
    def unwritten(text: str) -> Text:
        """A known text that no file holds: what a request says, not what somebody wrote."""
        return Text.literal(text, NOWHERE)

    @staticmethod
    def unknown(hole: Hole, span: Span) -> Text:
        return Text(span, (hole,))

    @property
    def known(self) -> str | None:
        """The whole text, or None where part of it is unknown."""
        parts = self.parts
        if len(parts) == 1:
            part = parts[0]
            return part.text if isinstance(part, Fragment) else None
        pieces = [part.text for part in parts if isinstance(part, Fragment)]
        return "".join(pieces) if len(pieces) == len(parts) else None

    @property
    def hole(self) -> Hole | None:
        """The hole, where the text is nothing but one."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Hole) else None

    @property
    def identity(self) -> tuple[str | Hole, ...]:
        """The same for texts that are certainly equal, and only for these: an index for joins."""
        made: list[str | Hole] = []
        for part in self.parts:
            if isinstance(part, Hole):
                made.append(part)
            elif made and isinstance(made[-1], str):
                made[-1] += part.text
            else:
                made.append(part.text)
        return tuple(made)

    @property
    def holes(self) -> tuple[Hole, ...]:
        parts = self.parts
        if len(parts) == 1:
            return parts if isinstance(parts[0], Hole) else ()  # type: ignore[return-value]
        return tuple([part for part in parts if isinstance(part, Hole)])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The defaults of parameters that this text rests on."""
        return tuple(
            dict.fromkeys(
                f"{part.taken_from} is `{part.text}`" for part in self._fragments() if part.taken_from
            )
        )

    def _fragments(self) -> Iterator[Fragment]:
        return (part for part in self.parts if isinstance(part, Fragment))

    @property
    def number(self) -> int | None:
        """The whole number that the text spells, as CloudFormation and the API read it; else None."""
        known = self.known
        if known is None or len(known) > 20:
            return None
        digits = known.strip()
        if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit():
            return None
        # YAML 1.1, in which templates are written: without quotes, `010` is an octal number. JSON has none such.
        return int(digits, 8) if self.tag == "int" and _OCTAL.fullmatch(digits) else int(digits)

    def __str__(self) -> str:
        """The text with `${name}` for holes, as a reader of the template would write it."""
        return "".join(map(_written, self.parts))

    def at(self, span: Span) -> Text:
        """The same value, spoken of at another place (where a Ref stands)."""
        parts = tuple(
            Fragment(part.text, span, 0, part.taken_from, part.birth) if isinstance(part, Fragment) else part
            for part in self.parts
        )
        return Text(span, parts, self.tag)

    @property
    def birthplace(self) -> Span:
        """Where the text is written, if all of it was brought from one place; else where it stands."""
        first = self.parts[0] if len(self.parts) == 1 else None
        return first.born if isinstance(first, Fragment) and first.born is not None else self.span

    def assuming(self, what: str) -> Text:
        """The same text, its known pieces marked as taken from `what`."""
        parts = tuple(
            Fragment(p.text, p.origin, p.start, what, p.born) if isinstance(p, Fragment) else p
            for p in self.parts
        )
        return Text(self.place, parts, self.tag, self.is_piece)

    def shaped(self, shape: Shape) -> Text:
        """The same text; if it is one hole, with the shape that its place demands."""
        hole = self.hole
        return self if hole is None else Text(self.place, (hole.shaped(shape),), self.tag, self.is_piece)

    def starts_with(self, prefix: str) -> bool:
        """Whether the known beginning is `prefix`; False where a hole comes before its end."""
        return self.beginning.startswith(prefix)

    @property
    def beginning(self) -> str:
        """What is known before the first hole."""
        at = next((i for i, part in enumerate(self.parts) if isinstance(part, Hole)), len(self.parts))
        return "".join(part.text for part in self.parts[:at] if isinstance(part, Fragment))

    @staticmethod
    def join(texts: Iterable[Text], span: Span) -> Text:
        return Text(span, merged(part for text in texts for part in text.parts))

    def replaced(self, tokens: Mapping[str, Text]) -> Text:
        """The text with others in the place of tokens, of the longest first.

        What is put in is spoken of where the token stands, and not searched again.
        """
        if not any(token in part.text for part in self._fragments() for token in tokens):
            return self
        longest_first = sorted(tokens, key=lambda token: (-len(token), token))
        pattern = re.compile("|".join(map(re.escape, longest_first)))
        return replace(self, parts=merged(self._replaced(pattern, tokens)))

    def _replaced(self, pattern: re.Pattern[str], tokens: Mapping[str, Text]) -> Iterator[Part]:
        for part in self.parts:
            if isinstance(part, Hole):
                yield part
                continue
            at = 0
            for match in pattern.finditer(part.text):
                yield part.slice(at, match.start())
                yield from tokens[match[0]].at(part.slice(*match.span()).span).parts
                at = match.end()
            yield part.slice(at, len(part.text))

    def narrowed(self, parts: tuple[Part, ...]) -> Text:
        """A piece of this text, its span narrowed to the known characters that it holds."""
        return Text(self.place, parts, is_piece=True)

    def cut(self, start: int, end: int) -> Text:
        """The piece between two of its characters, a hole being one."""
        found: list[Part] = []
        begin = 0
        for part in self.parts:
            size = len(part.text) if isinstance(part, Fragment) else 1
            first, last = max(start - begin, 0), min(end - begin, size)
            if first < last:
                found.append(part.slice(first, last) if isinstance(part, Fragment) else part)
            begin += size
        return self.narrowed(tuple(found))

    def _narrow(self) -> Span:
        spans = [part.span for part in self.parts if isinstance(part, Fragment)]
        source = self.place.source
        if not spans or len(spans) < len(self.parts) or any(span.source is not source for span in spans):
            return self.place if isinstance(self.place, Span) else self.place.span
        return Span(source, spans[0].start, max(spans[-1].end, spans[0].start))

    def split(self, separator: str, limit: int = -1, *, trusting: bool = False) -> list[Text] | None:
        """The pieces between separators, or None where a hole may hold one.

        `trusting` takes holes to hold none: for texts whose form fixes the number of separators.
        """
        if len(self.parts) == 1 and isinstance(self.parts[0], Fragment):
            return self._split(self.parts[0], separator, limit)
        if not trusting and any(hole.shape.may_contain(separator) for hole in self.holes):
            return None
        pieces: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Hole):
                pieces[-1].append(part)
                continue
            left = -1 if limit < 0 else limit - len(pieces) + 1
            at = 0
            for index, piece in enumerate(part.text.split(separator, left)):
                if index:
                    pieces.append([])
                if piece:
                    pieces[-1].append(part.slice(at, at + len(piece)))
                at += len(piece) + len(separator)
        return [self.narrowed(tuple(piece)) for piece in pieces]

    def _split(self, whole: Fragment, separator: str, limit: int) -> list[Text]:
        """The pieces of a text that is known, and written in one place: most are."""
        pieces = []
        at = whole.start
        for piece in whole.text.split(separator, limit):
            own = (Fragment(piece, whole.origin, at, whole.taken_from, whole.born),) if piece else ()
            pieces.append(Text(self.place, own, "str", True))
            at += len(piece) + len(separator)
        return pieces


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts without empty pieces. Fragments stay apart: each has its own origin."""
    return tuple(part for part in parts if isinstance(part, Hole) or part.text)


def _written(part: Part) -> str:
    if isinstance(part, Fragment):
        return part.text
    # The variables of Organizations policies stand in them as they are called: `$account`.
    return part.name if part.name.startswith("$") else f"${{{part.name}}}"
