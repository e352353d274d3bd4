"""How long files and functions are: `python -m tests.house.size` asks about the long ones.

Alone knows: from which length on a file or function is a question, and from which it is a fault.
Must not know: what the code does.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.house.source import CODE, modules, name

FILE_QUESTION, FILE_FAULT = 300, 600
FUNCTION_QUESTION, FUNCTION_FAULT = 40, 80


class Length(NamedTuple):
    """One file or function with its length in lines, and the lengths that raise a question or are a fault."""

    where: str
    lines: int
    question: int
    fault: int


def lengths(file: Path) -> Iterator[Length]:
    """A file's own length, then those of its functions; a function's docstring does not count.

    A migration's function is a list of tables as a tool wrote it down, and is not asked about.
    """
    text = file.read_text()
    yield Length(name(file), text.count("\n"), FILE_QUESTION, FILE_FAULT)
    if file.parent.name == "versions":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            has_docstring = ast.get_docstring(node) is not None
            first = node.body[0]
            documented = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
            yield Length(
                f"{name(file)}:{node.lineno} {node.name}",
                (node.end_lineno or 0) - node.lineno + 1 - documented,
                FUNCTION_QUESTION,
                FUNCTION_FAULT,
            )


def all_lengths() -> list[Length]:
    """Every file and function of the project, the longest first."""
    return sorted((length for file in modules(*CODE, "tests") for length in lengths(file)), key=lambda length: -length.lines)


if __name__ == "__main__":
    for long in all_lengths():
        if long.lines > long.question:
            print(f"long, is it still one idea? {long.lines:4} lines  {long.where}")  # noqa: T201 - this is what it is for
