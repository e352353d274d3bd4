"""From one cabinet to another without a sheet: sent there, received here by that cabinet's name, and both told."""

from dataclasses import replace

import pytest

from cabinet.domain.facts import Account, UnitsMoved
from cabinet.domain.formulary import ControlClass
from cabinet.domain.neighbour import Neighbour
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import CabinetId, PocketId
from cabinet.domain.withdrawal.rule import CustodyRules
from tests.domain.record import cells, drawn
from tests.domain.ward import WAY, Ward, granting, shut, world


def ready() -> Ward:
    """A ward with one neighbour, where C-II comes on sheets."""
    policy = replace(granting(transfer={Role.TECHNICIAN}), custody=CustodyRules(sheet_classes=frozenset({ControlClass.C2})))
    ward = Ward(world(policy=policy, neighbours=(Neighbour(CabinetId("icu-1"), "ICU", "second floor"),)))
    ward.signs_in("tom")
    return ward


def through(ward: Ward, kind: str, units: int, access: str, *, said: int | None = None) -> None:
    """A whole access to p1 with the neighbour at its other end."""
    assert ward.wants(kind, "p1", units, by="tom", access=access, place="icu-1").refusal is None
    ward.opens(*WAY["p1"])
    ward.counts(ward.line("p1").units, by="tom", access=access)
    ward.states(units if said is None else said, by="tom", access=access, lot="lot-1", expiry="2027-01-31")
    shut(ward, "p1")


def test_what_another_cabinet_sent_comes_out_of_transit() -> None:
    """And not from the pharmacy, which never had it."""
    ward = ready()
    through(ward, "refill", 4, "a")
    moved = [fact for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved)][-1]
    assert (moved.source, moved.target, moved.place, moved.units) == (Account.TRANSIT, Account.POCKET, "icu-1", 4)
    assert ward.line("p1").units == 24


@pytest.mark.parametrize("place", ["ward", "atlantis"])
def test_only_a_cabinet_that_is_known_sends(place: str) -> None:
    """Neither this one itself nor one that nobody told of."""
    refusal = ready().wants("refill", "p1", 4, by="tom", place=place).refusal
    assert refusal is not None
    assert refusal.code == "transfer.cabinet"


def test_nothing_is_sent_away_without_saying_where_to() -> None:
    """Not to the nearest, not to the first of a list."""
    refusal = ready().wants("transfer", "p1", 4, by="tom").refusal
    assert refusal is not None
    assert refusal.code == "transfer.where"


def test_a_controlled_item_still_needs_its_sheet() -> None:
    """The name of a cabinet is no paper."""
    refusal = ready().wants("refill", "oxy", 4, by="tom", place="icu-1").refusal
    assert refusal is not None
    assert refusal.code == "sheet.needed"


def test_sent_and_received_are_told_to_be_compared() -> None:
    """Issued here minus received there; lot, expiry and person beside each."""
    ward = ready()
    through(ward, "refill", 4, "a")
    through(ward, "transfer", 6, "b")
    sums, each = drawn("transfers", ward.drafts).tables
    assert [(row["cabinet"], row["sent"], row["received"]) for row in cells(sums)] == [("icu-1", 6, 4)]
    assert [(row["way"], row["units"], row["pocket"], row["person"]) for row in cells(each)] == [
        ("received", 4, PocketId("p1"), "Tom"),
        ("sent", 6, PocketId("p1"), "Tom"),
    ]
    assert drawn("transfers", ward.drafts, item="oxycodone").tables[0].rows == ()
