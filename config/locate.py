"""Where each key of a TOML text stands.

Alone knows: how tables, arrays of tables, dotted keys, arrays and inline tables lie in the text, which `tomllib` does not tell.
Must not know: what any key means, or whether the text is valid: `tomllib` has accepted it before it comes here.

Source of the grammar: TOML 1.0.0, https://toml.io/en/v1.0.0.
"""

import re
import tomllib
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")
_SYNTAX_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text; line and column count from 1, in characters."""

    line: int
    column: int


def locate(text: str) -> dict[KeyPath, Mark]:
    """Map every key, table and array element of a valid TOML text to where it first stands; `()` is the start.

    A path holds names and, within arrays, indexes from 0: `("bus", 1, "port")`.
    """
    reader = _Reader(text.replace("\r\n", "\n"))
    reader.read_document()
    return reader.marks


def syntax_mark(text: str, problem: Exception) -> tuple[Mark, str]:
    """Where `tomllib` found a text to be no TOML, and its words without the place."""
    words = str(problem)
    found = _SYNTAX_PLACE.search(words)
    if found is None:
        return Mark(1, 1), words
    if found.group(1) is None:
        lines = text.replace("\r\n", "\n").split("\n")
        return Mark(len(lines), len(lines[-1]) + 1), words[: found.start()] + ", at the end of the file"
    return Mark(int(found.group(1)), int(found.group(2))), words[: found.start()]


@dataclass
class _Reader:
    """Walks once over the text. `sizes` counts the elements so far of each array of tables."""

    text: str
    position: int = 0
    marks: dict[KeyPath, Mark] = field(default_factory=lambda: {(): Mark(1, 1)})
    sizes: dict[KeyPath, int] = field(default_factory=dict)

    def read_document(self) -> None:
        table: KeyPath = ()
        self.skip(_BLANK)
        while self.position < len(self.text):
            if self.text[self.position] == "[":
                table = self.read_header()
            else:
                self.read_pair(table)
            self.skip(_BLANK)

    def read_header(self) -> KeyPath:
        start = self.position
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.position += brackets
        *outer, last = self.read_key()
        self.position += brackets
        path: KeyPath = ()
        for name in outer:
            path = self.newest((*path, name), start)
        path = (*path, last)
        self.mark(path, start)
        if brackets == 1:
            return path
        size = self.sizes.get(path, 0)
        self.sizes[path] = size + 1
        path = (*path, size)
        self.mark(path, start)
        return path

    def newest(self, path: KeyPath, start: int) -> KeyPath:
        """The table that a header goes through: in an array of tables, its last element."""
        self.mark(path, start)
        size = self.sizes.get(path)
        return path if size is None else (*path, size - 1)

    def read_pair(self, table: KeyPath) -> None:
        start = self.position
        path = table
        for name in self.read_key():
            path = (*path, name)
            self.mark(path, start)
        self.position += 1
        self.skip(_SPACE)
        self.read_value(path)

    def read_key(self) -> list[str]:
        """The parts of a dotted key; stops before the `=` or `]` that follows."""
        names = []
        while True:
            self.skip(_SPACE)
            names.append(self.read_name())
            self.skip(_SPACE)
            if self.text[self.position] != ".":
                return names
            self.position += 1

    def read_name(self) -> str:
        start = self.position
        if self.text[start] in "\"'":
            self.read_string()
            name: str = tomllib.loads("name = " + self.text[start : self.position])["name"]
            return name
        self.skip(_BARE_KEY)
        return self.text[start : self.position]

    def read_value(self, path: KeyPath) -> None:
        opener = self.text[self.position]
        if opener in "\"'":
            self.read_string()
        elif opener == "[":
            self.read_array(path)
        elif opener == "{":
            self.read_inline_table(path)
        else:
            self.skip(_PLAIN_VALUE)

    def read_array(self, path: KeyPath) -> None:
        self.position += 1
        index = 0
        self.skip(_BLANK)
        while self.text[self.position] != "]":
            self.mark((*path, index), self.position)
            self.read_value((*path, index))
            index += 1
            self.skip_comma()
        self.position += 1

    def read_inline_table(self, path: KeyPath) -> None:
        self.position += 1
        self.skip(_BLANK)
        while self.text[self.position] != "}":
            self.read_pair(path)
            self.skip_comma()
        self.position += 1

    def skip_comma(self) -> None:
        self.skip(_BLANK)
        if self.text[self.position] == ",":
            self.position += 1
            self.skip(_BLANK)

    def read_string(self) -> None:
        quote = self.text[self.position]
        is_long = self.text.startswith(quote * 3, self.position)
        fence = quote * 3 if is_long else quote
        self.position += len(fence)
        while not self.text.startswith(fence, self.position):
            self.position += 2 if quote == '"' and self.text[self.position] == "\\" else 1
        self.position += len(fence)
        while is_long and self.text.startswith(quote, self.position):
            self.position += 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()

    def mark(self, path: KeyPath, at: int) -> None:
        """Remember where a path first stands."""
        if path not in self.marks:
            self.marks[path] = Mark(self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at))
