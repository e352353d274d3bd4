"""How much may be wasted of what somebody took out (`cabinet/domain/withdrawal/returning.py`)."""

from datetime import UTC, datetime

import pytest

from cabinet.domain.events import AccessAsked
from cabinet.domain.state import State
from cabinet.domain.vocabulary import AccessId, Instant, SessionId, Units
from cabinet.domain.withdrawal.memory import Withdrawal
from cabinet.domain.withdrawal.returning import judge
from cabinet.domain.withdrawal.rule import CustodyRules
from tests.domain.dose_bench import item

NOW = Instant(datetime(2026, 3, 2, 12, tzinfo=UTC), 0.0)
VIAL = item("fentanyl", "100 mcg", "2 mL", unit="vial", form="vial", overfill_permille=75)


@pytest.mark.parametrize(
    ("wasted_m", "more_m", "refused"),
    [
        (0, 1000, None), (0, 1075, None), (0, 1076, "withdrawal.more"), (500, 500, None), (500, 575, None), (500, 576, "withdrawal.more"),
        (1075, 1, "withdrawal.more"), (0, 0, "access.units"),
    ],
)  # fmt: skip
def test_given_and_wasted_are_what_was_removed_within_the_overfill(wasted_m: int, more_m: int, refused: str | None) -> None:
    """A vial of 2 mL holds 7.5 % more than it says: who wastes that as well did nothing wrong, and nobody wastes more."""
    state = State()
    state.withdrawals["w"] = Withdrawal("w", "ana", "m1", VIAL.id, "p-1", None, "o-1", "order", "", 1, 1, wasted_m=wasted_m)
    units, part_m = divmod(more_m, 1000)
    asked = AccessAsked(
        NOW,
        SessionId("s"),
        AccessId("x"),
        "waste",
        "policy",
        Units(units),
        withdrawal=AccessId("w"),
        part_m=part_m,
        reason="part of a dose",
    )
    said = judge(state, CustodyRules(), asked, VIAL, None)
    assert (None if said is None else said.code) == refused
