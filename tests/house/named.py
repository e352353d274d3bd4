"""Documents that name tests: tables of markdown, and whether what they name is there.

Alone knows: how a test is named in a table, and how one is found. Must not know: what any table is about.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.source import ROOT


def rows(document: Path, first: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of every table whose first column is called `first`, each with its section."""
    section, is_ours = "", False
    for line in document.read_text().splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| "):
            is_ours = False
        elif cells[0] == first:
            is_ours = True
        elif is_ours and cells[0] != "---":
            yield section, cells


def names_in(cell: str) -> tuple[str, ...]:
    """The tests that a cell names."""
    return () if cell == "—" else tuple(name.strip("`") for name in cell.split("<br>"))


def missing(names: tuple[str, ...]) -> list[str]:
    """Those that are no test of this project."""
    return [name for name in names if name.partition("::")[2] not in _tests_in(name.partition("::")[0])]


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))
