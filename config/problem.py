"""What is wrong with a site's files, each problem with its place and a way out.

Alone knows: how a problem reads on one line.
Must not know: how problems are found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_FEW = 30


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. Line and column count from 1; `where` names the key by ids, such as `drawer[narcotics].pocket[n1].par`."""

    file: str
    line: int
    column: int
    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:  # on one line, and without control characters: what a file holds goes to a terminal
        subject = f" {self.where}:" if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        text = f"{self.file}:{self.line}:{self.column}:{subject} {self.what}{hint}"
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class SiteProblems(ValueError):
    """Everything that is wrong with a site, in all its files at once, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def most_like(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`; empty where none is like it."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word most like `word`; where none is like it, the known words if they are few."""
    names = sorted(known)
    close = most_like(word, names)
    if close:
        return f"did you mean {close}?"
    return "known: " + ", ".join(names) if 0 < len(names) <= _FEW else ""
