"""Bytes <-> an HL7 version 2 message as segments, fields, repetitions, components and subcomponents. Knows no segment but MSH.

Alone knows: delimiters, escape sequences, character sets, and how a field is addressed.
Must not know: what any field means.

Delimiters are read from MSH-1 and MSH-2 (HL7 2.5.1, 2.5.4), in any order a sender chose; MSH-2 may be short. Escapes are resolved in a
leaf, after it was cut (2.7); a sequence that is not known stays as it stands, and so does a lone escape character: text is never lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CHARSETS = {
    "ASCII": "ascii", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "8859/1": "iso-8859-1", "8859/2": "iso-8859-2",
    "8859/3": "iso-8859-3", "8859/4": "iso-8859-4", "8859/5": "iso-8859-5", "8859/6": "iso-8859-6", "8859/7": "iso-8859-7",
    "8859/8": "iso-8859-8", "8859/9": "iso-8859-9", "8859/15": "iso-8859-15", "ISO-8859-1": "iso-8859-1", "WINDOWS-1252": "cp1252",
    "GB 18030-2000": "gb18030", "BIG-5": "big5", "KS X 1001": "euc_kr",
    "ISO IR87": "iso2022_jp", "ISO IR14": "shift_jis",
}  # fmt: skip
"""MSH-18 (HL7 table 0211) -> the name that Python has for it."""

LAST_RESORT = "cp1252"
"""What a message is read as that is not in the character set that it names: European letters stay letters."""

NEVER_LOST = "iso-8859-1"
"""Every byte is a letter in it."""

UTF16_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"M\x00": "utf-16-le", b"\x00M": "utf-16-be"}
"""How a message in sixteen bits begins -> the name that Python has for it."""

BLANK = '""'
"""The field is said to be empty (2.5.3.1), which is more than not being said."""

NAME = re.compile("[A-Z][A-Z0-9]{2}")


class NotHl7(ValueError):
    """Bytes that are no HL7 message; the text says why."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The five characters that a message is written with."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @property
    def encoding(self) -> str:
        """MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent

    @classmethod
    def read(cls, header: str) -> "Delimiters":
        """From the first segment. Raises NotHl7. A delimiter that MSH-2 leaves out is not used (an empty text)."""
        field = header[3:4]
        if header[:3] != "MSH" or not field or field.isalnum() or field.isspace():
            raise NotHl7("it does not begin with MSH and a field separator")
        said = header[4:].split(field, 1)[0]
        if any(letter.isalnum() or letter.isspace() for letter in said):
            raise NotHl7(f"MSH-2 is {said[:20]!r}, which are no delimiters")
        letters = [letter for letter in dict.fromkeys(said) if letter != field]  # some senders write the escape character twice
        return cls(field, *[*letters, "", "", "", ""][:4])

    def written(self, text: str) -> str:
        """A leaf as it goes out, with what would be taken for a delimiter escaped. Ends of lines become `.br`."""
        if not self.escape:
            return text.replace("\r", " ").replace("\n", " ")
        marks = (self.escape, self.field, self.component, self.repetition, self.subcomponent, "\r", "\n")
        names = dict(zip(marks, ("E", "F", "S", "R", "T", ".br", ".br"), strict=True))
        return "".join(f"{self.escape}{names[letter]}{self.escape}" if letter in names else letter for letter in text)

    def read_leaf(self, text: str) -> str:
        """A leaf as it is meant."""
        if not self.escape or self.escape not in text:
            return text
        mark = re.escape(self.escape)
        return re.sub(f"{mark}([A-Za-z.][^{mark}]{{0,80}}){mark}", self._resolved, text)

    def _resolved(self, found: "re.Match[str]") -> str:
        name = found[1]
        plain = {
            "F": self.field, "S": self.component, "T": self.subcomponent, "R": self.repetition, "E": self.escape, "H": "", "N": "",
            ".br": "\n", ".sp": "\n",
        }  # fmt: skip
        if name in plain:
            return plain[name]
        if name[0] == "X" and len(name) % 2 and re.fullmatch("[0-9A-Fa-f]+", name[1:]):
            return bytes.fromhex(name[1:]).decode("utf-8", "backslashreplace")
        return found[0]


STANDARD = Delimiters()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Fields count from 1 as in the standard, components and repetitions too; what is not there is an empty text."""

    name: str
    fields: tuple[str, ...]
    """As they stand on the wire, `fields[0]` being field 1."""
    delimiters: Delimiters = STANDARD

    def raw(self, field: int) -> str:
        """A whole field as it stands on the wire."""
        return self.fields[field - 1] if field <= len(self.fields) else ""

    def repetitions(self, field: int) -> int:
        """How often a field is said."""
        return len(_cut(self.raw(field), self.delimiters.repetition)) if self.raw(field) else 0

    def text(self, field: int, component: int = 1, *, repetition: int = 1, subcomponent: int = 1) -> str:
        """A leaf, as it is meant and without spaces around it; empty where it is not said, or said to be empty."""
        if self.name == "MSH" and field <= 2:  # noqa: PLR2004 - the delimiters themselves
            return self.raw(field)
        marks = self.delimiters
        whole = _part(self.raw(field), marks.repetition, repetition)
        leaf = _part(_part(whole, marks.component, component), marks.subcomponent, subcomponent)
        return "" if leaf == BLANK else marks.read_leaf(leaf).strip()


@dataclass(frozen=True, slots=True)
class Message:
    """Segments in order. `strays` are lines that are no segments; `charset` is what the bytes were read as."""

    segments: tuple[Segment, ...]
    delimiters: Delimiters = STANDARD
    strays: tuple[str, ...] = ()
    charset: str = "utf-8"

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        """The first segment of this name."""
        return next((segment for segment in self.segments if segment.name == name), None)

    def groups(self, name: str) -> Iterator[tuple[Segment, ...]]:
        """Runs of segments that begin with one of this name; what stands before the first is in none."""
        starts = [place for place, segment in enumerate(self.segments) if segment.name == name]
        for start, end in zip(starts, [*starts[1:], len(self.segments)], strict=True):
            yield self.segments[start:end]


def parse(content: bytes) -> Message:
    """Read a block's content. Raises NotHl7."""
    text, charset = decode(content)
    text = text.lstrip("\ufeff \t\r\n")
    lines = text.split("\r") if "\r" in text else text.split("\n")
    header = lines[0].strip("\n")
    marks = Delimiters.read(header)
    segments, strays = [_header(header, marks)], []
    for line in (line.strip("\n\x00") for line in lines[1:]):
        if not line.strip():
            continue
        name, _, rest = line.partition(marks.field)
        if name == "MSH":  # of another message in the same block: who judges it counts its fields as in the first
            segments.append(_header(line, marks))
        elif NAME.fullmatch(name):
            segments.append(Segment(name, tuple(rest.split(marks.field)), marks))
        else:
            strays.append(line)
    return Message(tuple(segments), marks, tuple(strays), charset)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the character set that it was read in: the one that MSH-18 names, else what never fails."""
    first = next((charset for mark, charset in UTF16_MARKS.items() if content.startswith(mark)), _named(content))
    for charset in (first, "utf-8", LAST_RESORT):
        try:
            return content.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return content.decode(NEVER_LOST), NEVER_LOST


def _named(content: bytes) -> str:
    """What MSH-18 names, read from the bytes."""
    header = content.split(b"\r", 1)[0]
    fields = header.split(header[3:4]) if len(header) > 3 else []  # noqa: PLR2004 - MSH and its separator
    said = fields[17].decode("ascii", "replace").split("~")[0].split("^")[0].strip().upper() if len(fields) > 17 else ""  # noqa: PLR2004 - MSH-18
    return CHARSETS.get(said, "utf-8")


def written(segments: Sequence[Segment], charset: str = "utf-8") -> bytes:
    """Segments as they go out."""
    lines = [_line(segment) for segment in segments]
    return "".join(f"{line}\r" for line in lines).encode(charset, "backslashreplace")


def _line(segment: Segment) -> str:
    separator = segment.delimiters.field
    fields = segment.fields[1:] if segment.name == "MSH" else segment.fields
    return separator.join((segment.name, *fields)).rstrip(separator)


def _header(line: str, marks: Delimiters) -> Segment:
    return Segment("MSH", (marks.field, *line[4:].split(marks.field)), marks)


def _cut(text: str, mark: str) -> list[str]:
    return text.split(mark) if mark else [text]


def _part(text: str, mark: str, number: int) -> str:
    parts = _cut(text, mark)
    return parts[number - 1] if number <= len(parts) else ""
