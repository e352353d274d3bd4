"""The glossary (`docs/glossary.md`) holds what it promises: one word for each thing, and each word once."""

import itertools
import re
from collections import Counter
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/glossary.md"
BRACKETS = re.compile(r" \([^)]*\)$")


def rows() -> list[list[str]]:
    """The cells of every row that explains something."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines if not line.startswith("| word |")
    ]


def words(cell: str) -> list[str]:
    """The words of a first cell, each with what its brackets say of all of them."""
    of = BRACKETS.search(cell)
    return [word + (of[0] if of else "") for word in BRACKETS.sub("", cell).split(", ")]


def test_each_word_is_explained_once() -> None:
    """Two explanations of one word drift apart, and each reader knows one of them."""
    told = Counter(word for row in rows() for word in words(row[0]))
    assert [word for word, times in told.items() if times > 1] == []


def test_every_row_stands_in_a_table_and_explains_something() -> None:
    """A line between two rows ends a table, and what follows is shown as it was typed."""
    assert [row[0] for row in rows() if len(row) != 3 or not row[1]] == []
    lines = PAGE.read_text().splitlines()
    lonely = [line for before, line in itertools.pairwise(lines) if line.startswith("| ") and not before.strip() and "| word |" not in line]
    assert lonely == []
