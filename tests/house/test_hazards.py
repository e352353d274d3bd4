"""The hazard log (`docs/hazards.md`) holds what it promises: every control stands in the tree, and every test that it names exists.

Alone knows: the form of a row. Must not know: any one hazard, or what a test does.
"""

import re
from typing import NamedTuple

import pytest

from tests.house.named import missing, names_in, rows
from tests.house.source import ROOT

LOG = ROOT / "docs/hazards.md"
PATH = re.compile(r"`([a-z_]+(?:/[a-z_0-9]+)+\.py)`")


class Row(NamedTuple):
    """One hazard."""

    hazard: str
    sequence: str
    severity: str
    control: str
    tests: tuple[str, ...]
    remains: str


ROWS = [Row(*cells[:4], names_in(cells[4]), *cells[5:]) for _, cells in rows(LOG, "Hazard")]


def test_hazards_are_numbered_once_and_in_order() -> None:
    """A number that is quoted elsewhere names one hazard for ever; gaps leave room."""
    numbers = [int(re.match(r"H([0-9]+) ", row.hazard)[1]) for row in ROWS]  # type: ignore[index]
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 30


@pytest.mark.parametrize("row", ROWS, ids=[row.hazard for row in ROWS])
def test_every_hazard_has_its_harm_its_control_and_a_test_that_holds_it(row: Row) -> None:
    """And says what remains: a hazard with nothing left over was not thought to its end, so "—" is a statement too."""
    assert row.severity in {"S1", "S2", "S3"}
    assert re.search(r"\([dpi]\) ", row.control)
    assert row.sequence
    assert row.remains
    assert row.tests
    assert missing(row.tests) == []


@pytest.mark.parametrize("row", ROWS, ids=[row.hazard for row in ROWS])
def test_every_file_that_a_control_names_is_there(row: Row) -> None:
    """Where a control stands is told by its file; one that moved takes the log with it."""
    paths = PATH.findall(row.control)
    assert paths
    assert [path for path in paths if not (ROOT / path).is_file()] == []
