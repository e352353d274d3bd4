"""Tables laid out on pages: how wide each column is, where words wrap, and where a page ends.

Alone knows: the layout. Must not know: which library draws it, in which font (the width of words is asked for).

Lengths are in points; `y` counts downwards from the top of the room for the table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

GAP = 6.0
LEADING = 1.3
SAMPLE = 400
"""Rows that are looked at for the width of columns."""
SLACK = 0.1
"""So that what was measured fits, whatever was rounded."""
NARROWEST, WIDEST = 22.0, 190.0
SIGN_WIDTH = 220.0

WidthOf = Callable[[str, float, bool], float]
"""The width of words at a size, plain or bold."""


@dataclass(frozen=True, slots=True)
class Block:
    """Words at a place; or, without words, a horizontal line of this width."""

    x: float
    y: float
    words: str
    size: float = 0.0
    is_bold: bool = False
    width: float = 0.0


@dataclass
class Page:
    """What stands on one page."""

    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Sheeted:
    """A table as text, ready to be laid out."""

    title: str
    names: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...]
    signature_lines: tuple[str, ...]


def sheeted(table: Sheeted, room: tuple[float, float], size: float, width_of: WidthOf) -> list[Page]:
    """Lay a table out on as many pages as it needs; each begins with its title and column names."""
    return _Layout(table, room, size, width_of).pages()


class _Layout:
    def __init__(self, table: Sheeted, room: tuple[float, float], size: float, width_of: WidthOf) -> None:
        self._table, self._room, self._size, self._width_of = table, room, size, width_of
        self._widths = self._column_widths()
        self._pages: list[Page] = []
        self._y = 0.0

    def pages(self) -> list[Page]:
        """All pages."""
        self._begin_page()
        for row in self._table.rows:
            wrapped = [self._wrap(cell, width - GAP) for cell, width in zip(row, self._widths, strict=True)]
            if self._y + self._height(wrapped) > self._room[1]:
                self._begin_page()
            self._put_row(wrapped, is_bold=False)
        if not self._table.rows:
            self._put("Nothing to report.")
        self._put_foot()
        return self._pages

    def _column_widths(self) -> list[float]:
        sample = [self._table.names, *self._table.rows[:SAMPLE]]
        natural = [max(self._width_of(row[place], self._size, False) for row in sample) for place in range(len(self._table.names))]
        named = [self._width_of(name, self._size, True) for name in self._table.names]
        wanted = [GAP + SLACK + min(WIDEST * self._size / 7.5, max(NARROWEST, one, name)) for one, name in zip(natural, named, strict=True)]
        total = sum(wanted)
        if total <= self._room[0]:
            return wanted
        narrow = self._whole_words(sample, wanted)
        if sum(narrow) > self._room[0]:
            narrow = [min(one, self._room[0] / len(wanted)) for one in wanted]
        spare, lack = self._room[0] - sum(narrow), sum(one - least for one, least in zip(wanted, narrow, strict=True))
        return [least + (one - least) * spare / lack for one, least in zip(wanted, narrow, strict=True)]

    def _whole_words(self, sample: list[tuple[str, ...]], wanted: list[float]) -> list[float]:
        """How wide each column is at least, for no word to be cut; none wider than it wants to be."""
        longest = [
            max(self._width_of(word, self._size, not number) for number, row in enumerate(sample) for word in row[place].split(" "))
            for place in range(len(wanted))
        ]
        return [min(one, GAP + SLACK + word) for one, word in zip(wanted, longest, strict=True)]

    def _wrap(self, cell: str, width: float, *, is_bold: bool = False) -> list[str]:
        """Words into lines; a word that is wider than its column is cut."""
        done, line = [], ""
        for word in cell.split(" "):
            rest = word
            if line and self._width_of(f"{line} {rest}", self._size, is_bold) <= width:
                line = f"{line} {rest}"
                continue
            if line:
                done.append(line)
            while self._width_of(rest, self._size, is_bold) > width and len(rest) > 1:
                fits = next((end for end in range(len(rest) - 1, 1, -1) if self._width_of(rest[:end], self._size, is_bold) <= width), 1)
                done.append(rest[:fits])
                rest = rest[fits:]
            line = rest
        return [*done, line]

    def _height(self, wrapped: list[list[str]]) -> float:
        return max(len(lines) for lines in wrapped) * self._size * LEADING + 2

    def _begin_page(self) -> None:
        self._pages.append(Page())
        self._y = self._size * LEADING
        title = self._table.title + (" (continued)" if len(self._pages) > 1 else "")
        self._put(title, size=self._size * 1.3, is_bold=True)
        self._y += 2
        names = zip(self._table.names, self._widths, strict=True)
        self._put_row([self._wrap(name, width - GAP, is_bold=True) for name, width in names], is_bold=True)

    def _put_row(self, wrapped: list[list[str]], *, is_bold: bool) -> None:
        x = 0.0
        for lines, width in zip(wrapped, self._widths, strict=True):
            for place, line in enumerate(lines):
                if line:
                    self._pages[-1].blocks.append(Block(x, self._y + place * self._size * LEADING, line, self._size, is_bold))
            x += width
        self._y += self._height(wrapped)
        self._pages[-1].blocks.append(Block(0.0, self._y - self._size * LEADING + 2, "", width=x))

    def _put(self, words: str, *, size: float | None = None, is_bold: bool = False) -> None:
        size = self._size if size is None else size
        for line in self._wrap(words, self._room[0] * self._size / size, is_bold=is_bold):
            self._pages[-1].blocks.append(Block(0.0, self._y, line, size, is_bold))
            self._y += size * LEADING

    def _put_foot(self) -> None:
        """Notes, and lines to sign on, kept together on one page."""
        lines = [line for note in self._table.notes for line in self._wrap(note, self._room[0])]
        needed = len(lines) * self._size * LEADING + len(self._table.signature_lines) * 26 + 10
        if self._y + needed > self._room[1] and lines + list(self._table.signature_lines):
            self._begin_page()
        self._y += 6
        for note in self._table.notes:
            self._put(note)
        for words in self._table.signature_lines:
            self._y += 26
            x = self._width_of(words, self._size, False) + GAP
            self._pages[-1].blocks.append(Block(0.0, self._y, words, self._size))
            self._pages[-1].blocks.append(Block(x, self._y, "", width=SIGN_WIDTH))
