"""Where a lot may lie and who may have received it: nothing that may be meant is left out, and what is certain is told apart."""

from hypothesis import given
from hypothesis import strategies as st

from central.recall.movement import Movement
from central.recall.trace import Handed, trace

LOT, OTHER, UNKNOWN = "NX1", "NX2", ""


def filled(units: int, lot: str, pocket: str = "p1") -> Movement:
    return Movement("2026-03-01T07", "", pocket, units, "pharmacy", "pocket", lot)


def given_out(access: str, units: int = 1, lot: str = UNKNOWN, target: str = "patient") -> Movement:
    return Movement("2026-03-01T08", access, "p1", units, "pocket", target, lot)


def handed(*movements: Movement) -> list[tuple[str, bool]]:
    return [(one.access, one.is_certain) for one in trace(movements, LOT).handed]


def test_out_of_a_pocket_with_one_lot_everybody_received_it() -> None:
    """Nobody scanned at the withdrawal, and there was nothing else to take."""
    assert handed(filled(10, LOT), given_out("a")) == [("a", True)]


def test_out_of_a_pocket_with_two_lots_somebody_may_have_received_it() -> None:
    """A hand in a drawer does not tell lots apart."""
    assert handed(filled(10, LOT), filled(10, OTHER), given_out("a"), given_out("b", lot=OTHER)) == [("a", False)]


def test_what_was_scanned_is_certain() -> None:
    """The package said its lot."""
    assert handed(filled(10, LOT), filled(10, OTHER), given_out("a", lot=LOT)) == [("a", True)]


def test_units_whose_lot_nobody_noted_may_be_of_any() -> None:
    """What was loaded before lots were noted is called back too."""
    assert handed(filled(10, UNKNOWN), given_out("a")) == [("a", False)]


def test_an_empty_pocket_forgets_what_was_in_it() -> None:
    """Whoever came after the pocket was empty and filled with another lot is not called."""
    seen = trace([filled(2, LOT), given_out("a", 2), filled(5, OTHER), given_out("b")], LOT)
    assert [one.access for one in seen.handed] == ["a"]
    assert not seen.piles["p1"].may_hold(LOT)


def test_what_was_wasted_or_expired_went_to_nobody() -> None:
    """Only what left for a patient or a purpose was received."""
    assert handed(filled(10, LOT), given_out("a", target="waste"), given_out("b", target="expired")) == []


def test_all_of_an_item_is_certain() -> None:
    """No lot is asked for."""
    assert trace([filled(3, UNKNOWN), given_out("a")], None).handed == [Handed("a", "2026-03-01T08", "p1", 1, UNKNOWN, is_certain=True)]


MOVES = st.lists(
    st.tuples(st.sampled_from(["in", "out"]), st.integers(1, 4), st.sampled_from([LOT, OTHER, UNKNOWN])).map(
        lambda one: filled(one[1], one[2]) if one[0] == "in" else given_out("a", one[1], one[2])
    ),
    max_size=12,
)


@given(MOVES)
def test_what_a_scan_names_is_never_missed(movements: list[Movement]) -> None:
    """Whatever happened before, a hand-out that names the lot is in the list; and units are what went in less what went out."""
    seen = trace(movements, LOT)
    assert sum(one.lot == LOT for one in seen.handed) == sum(one.lot == LOT and one.source == "pocket" for one in movements)
    balance = sum(one.units * ((one.target == "pocket") - (one.source == "pocket")) for one in movements)
    assert sum(pile.units for pile in seen.piles.values()) == balance
