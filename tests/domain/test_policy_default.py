"""What holds of counting and of waste where a hospital's policy file says nothing of it: the ward's defaults, and never nothing.

Alone knows: which rows are left out. Must not know: how the rest of a policy is read.
"""

from pathlib import Path

import pytest

from cabinet.app.rules import policy_of
from cabinet.domain.formulary import ControlClass
from config.load import load_site
from config.schema import Policy as PolicyTable

DEMO = Path(__file__).parents[2] / "config/sites/demo.toml"
BY_CLASS = {"c2": "blind", "c3": "verify", "c4": "verify", "c5": "verify", "none": "none"}


@pytest.fixture(scope="module")
def table() -> PolicyTable:
    """The demo's policy as its file has it."""
    return load_site(DEMO).policy


@pytest.mark.parametrize("left_out", [*BY_CLASS, None])
def test_a_class_of_which_the_file_says_nothing_is_counted_as_the_ward_wants_it(table: PolicyTable, left_out: str | None) -> None:
    """C-II blind, C-III to C-V verified: a forgotten row is no licence to count nothing. None here: no row at all."""
    kept = tuple(row for row in table.counts if left_out is not None and row.control_class != left_out)
    rules = policy_of(table.model_copy(update={"counts": kept}), "medical-surgical")
    assert {one.value: rules.at_withdrawal[one].value for one in ControlClass} == BY_CLASS


def test_what_the_file_says_of_a_class_stands(table: PolicyTable) -> None:
    """A hospital may choose otherwise, in the open."""
    stricter = tuple(row.model_copy(update={"at_withdrawal": "blind"}) for row in table.counts if row.control_class == "c5")
    rules = policy_of(table.model_copy(update={"counts": stricter}), "medical-surgical")
    assert rules.at_withdrawal[ControlClass.C5] == "blind"
