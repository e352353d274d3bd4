"""Asking for a refill: one touch where something is low or out, said once, kept until something is put in."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.facts import RefillAsked
from cabinet.domain.layout import Opening
from cabinet.domain.refill_asking import asked
from cabinet.domain.vocabulary import PocketId, SessionId, Units
from tests.domain.kind_bench import code, rules, through
from tests.domain.ward import Ward, layout


def low(units: int = 8) -> Ward:
    """A ward on which p1 holds so many, with nurses and a technician."""
    drawers = layout().drawers
    first = replace(drawers[0].pockets[0], opening=Opening(Units(units), "lot-0", "2027-01-31") if units else None)
    plain = rules()
    furnished = layout(replace(drawers[0], pockets=(first, *drawers[0].pockets[1:])), *drawers[1:])
    ward = Ward(replace(plain, layout=furnished))
    for name in ("nina", "noor", "tom"):
        ward.signs_in(name)
    return ward


def asks(ward: Ward, pocket: str = "p1", *, by: str = "nina") -> str:
    """One touch."""
    return code(ward.happen(events.RefillWanted(ward.tick(), SessionId(by), PocketId(pocket))))


def test_what_is_low_is_asked_for_once_with_its_asker() -> None:
    """Whoever touches the button next sees that it is asked for, and by whom; the pharmacy hears it once."""
    ward = low()
    assert (asks(ward), asks(ward), asks(ward, by="noor")) == ("", "", "")
    assert len(ward.facts_of(RefillAsked)) == 1
    found = asked(ward.state, ward.line("p1"))
    assert found is not None
    assert (found.staff, found.item) == ("nina", "paracetamol")


def test_what_is_out_is_asked_for_and_the_ask_outlives_a_restart() -> None:
    """An empty pocket is where it is needed most."""
    ward = low(0)
    assert asks(ward) == ""
    ward.restart()
    assert asked(ward.state, ward.line("p1")) is not None


def test_an_ask_is_answered_by_putting_something_in() -> None:
    """Not by a count or by a withdrawal."""
    ward = low()
    asks(ward)
    through(ward, "withdraw", "p1", 1)
    assert asked(ward.state, ward.line("p1")) is not None
    through(ward, "refill", "p1", 2, by="tom", access="r", patient=None)
    assert asked(ward.state, ward.line("p1")) is None
    assert asks(ward) == ""


def test_what_holds_enough_is_not_asked_for() -> None:
    """The list of needs stays one that a technician believes."""
    ward = low(20)
    assert asks(ward) == "refill.not_low"
    assert asks(ward, "p4") == "pocket.unassigned"
    assert not ward.facts_of(RefillAsked)


def test_whoever_handles_stock_may_ask() -> None:
    """A pharmacist of this ward only counts; somebody who is not signed in asks for nothing."""
    ward = low()
    ward.signs_in("pia")
    assert asks(ward, by="pia") == ""
    assert asks(low(), by="nobody") == "session.unknown"
