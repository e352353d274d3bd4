"""Refilling by a delivery's list: worked off line by line, each filled or with its reason, and closed."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.facts import Account, DeliveryClosed, DeliveryLine, UnitsMoved
from cabinet.domain.neighbour import Neighbour
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import CabinetId, ItemId, PocketId, SessionId, Units
from tests.domain.ward import ITEMS, WAY, Ward, granting, shut, world

TYLENOL, INSULIN = ITEMS[0].id, ITEMS[6].id


def line(item: str, units: int, pocket: str | None = None) -> DeliveryLine:
    """One line of a list."""
    return DeliveryLine(ItemId(item), Units(units), None if pocket is None else PocketId(pocket), "lot-2", "2027-06-30")


def ready() -> Ward:
    """A technician at a ward with one neighbour."""
    policy = granting(load={Role.TECHNICIAN})
    ward = Ward(world(policy=policy, neighbours=(Neighbour(CabinetId("icu-1"), "ICU", "second floor"),)))
    ward.signs_in("tom")
    return ward


def announced(ward: Ward, *lines: DeliveryLine, by: str | None = "tom", place: str | None = None, number: str = "d-1") -> str:
    """A list comes: the code of the refusal, if any."""
    who = None if by is None else SessionId(by)
    refusal = ward.happen(events.DeliveryAnnounceAsked(ward.tick(), who, number, lines, place)).refusal
    return "" if refusal is None else refusal.code


def filled(ward: Ward, pocket: str, units: int, access: str = "a", *, said: int | None = None, **more: str) -> str:
    """A whole refill for the delivery: the code of the refusal, if any."""
    refusal = ward.wants("refill", pocket, units, by="tom", access=access, delivery="d-1", **more).refusal
    if refusal is not None:
        return refusal.code
    ward.opens(*WAY[pocket])
    ward.counts(ward.line(pocket).units, by="tom", access=access)
    ward.states(units if said is None else said, by="tom", access=access, lot="lot-2", expiry="2027-06-30")
    shut(ward, pocket)
    return ""


def closed(ward: Ward) -> str:
    """The technician is through: the code of the refusal, if any."""
    refusal = ward.happen(events.DeliveryCloseAsked(ward.tick(), SessionId("tom"), "d-1")).refusal
    return "" if refusal is None else refusal.code


def not_filled(ward: Ward, pocket: str, reason: str = "not_in_bag", delivery: str = "d-1") -> str:
    """A line could not be filled."""
    event = events.NotFilledSaid(ward.tick(), SessionId("tom"), PocketId(pocket), reason, None, delivery)
    refusal = ward.happen(event).refusal
    return "" if refusal is None else refusal.code


def test_a_list_is_worked_off_and_closes_itself_when_all_of_it_is_in() -> None:
    """2.9: by delivery; the delivery stands in the record of each refill. The earliest expiry of all batches counts."""
    ward = ready()
    assert announced(ward, line(TYLENOL, 5, "p2"), line(INSULIN, 2)) == ""
    assert announced(ward, line(TYLENOL, 5, "p2")) == "", "said twice, it is one list"
    assert filled(ward, "p2", 5) == ""
    assert filled(ward, "insulin", 2, "b") == "", "without a pocket on paper it goes where the item lacks most"
    assert ward.access("a").delivery == "d-1"
    assert ward.facts_of(DeliveryClosed) == [DeliveryClosed("d-1", 0)]
    assert ward.line("p2").earliest_expiry == "2026-09-30"


def test_nothing_is_closed_over_a_line_that_nobody_spoke_of() -> None:
    """Lines not filled are carried over with a reason, until somebody fills the pocket."""
    ward = ready()
    announced(ward, line(TYLENOL, 5, "p1"), line(INSULIN, 2, "insulin"))
    filled(ward, "p1", 5, said=3)
    assert closed(ward) == "delivery.lines_left"
    assert not_filled(ward, "p1", "short") == ""
    assert not_filled(ward, "insulin") == ""
    ward.restart()
    ward.signs_in("tom")
    assert closed(ward) == ""
    assert ward.facts_of(DeliveryClosed) == [DeliveryClosed("d-1", 4)]
    assert {one.pocket: one.reason for one in ward.state.unfilled.values()} == {"p1": "short", "insulin": "not_in_bag"}


def test_a_line_is_filled_in_as_many_goes_as_it_takes() -> None:
    """What went in before counts."""
    ward = ready()
    announced(ward, line(TYLENOL, 5, "p1"), line(INSULIN, 2, "insulin"))
    filled(ward, "p1", 5, said=3)
    filled(ward, "p1", 2, "b")
    assert [(one.filled, one.is_open) for one in ward.state.deliveries["d-1"].lines] == [(5, False), (0, True)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ((), "delivery.form"),
        ((line("nothing", 1),), "delivery.form"),
        ((line(TYLENOL, 0, "p1"),), "delivery.form"),
        ((line(INSULIN, 1, "p1"),), "delivery.form"),
        ((line(INSULIN, 1, "p99"),), "delivery.form"),
    ],
)
def test_a_list_with_a_wrong_line_is_not_taken(wrong: tuple[DeliveryLine, ...], code: str) -> None:
    """Wrong item, wrong pocket, nothing at all: the technician hears which line."""
    assert announced(ready(), *wrong) == code


def test_a_refill_for_a_delivery_is_for_one_of_its_lines() -> None:
    """What is beside the list is filled from the cabinet's own."""
    ward = ready()
    announced(ward, line(TYLENOL, 5, "p1"))
    assert filled(ward, "insulin", 2) == "delivery.no_line"
    assert not_filled(ward, "insulin") == "delivery.no_line"
    refusal = ward.wants("count", "p1", 0, by="tom", access="c", delivery="d-1").refusal
    assert refusal is not None
    assert refusal.code == "delivery.unknown"
    assert not_filled(ward, "p1", delivery="d-9") == "delivery.no_line"


def test_what_no_pocket_holds_is_loaded_or_stays_in_the_bag() -> None:
    """It keeps nobody from closing the list, and counts as missing."""
    ward = ready()
    spare = replace(ITEMS[0], id=ItemId("spare"), generic="spare", name="spare")
    ward.world.formulary[spare.id] = spare
    announced(ward, line("spare", 3), line(TYLENOL, 1, "p1"))
    filled(ward, "p1", 1)
    assert closed(ward) == ""
    assert ward.facts_of(DeliveryClosed) == [DeliveryClosed("d-1", 3)]


def test_a_delivery_from_another_cabinet_comes_out_of_transit() -> None:
    """A transfer's receiving end, line by line: issued there less received here is what is missing."""
    ward = ready()
    assert announced(ward, line(TYLENOL, 5, "p1"), place="atlantis") == "transfer.cabinet"
    assert announced(ward, line(TYLENOL, 5, "p1"), place="icu-1") == ""
    assert filled(ward, "p1", 5) == "delivery.unknown", "whoever fills says from where"
    assert filled(ward, "p1", 4, place="icu-1") == ""
    moved = [fact for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved)][-1]
    assert (moved.source, moved.place) == (Account.TRANSIT, "icu-1")
    assert ward.state.deliveries["d-1"].missing == 1


def test_the_pharmacy_announces_without_a_session_and_a_nurse_does_not() -> None:
    """Who may refill works it off."""
    ward = ready()
    assert announced(ward, line(TYLENOL, 5, "p1"), by=None) == ""
    ward.signs_in("nina")
    assert announced(ward, line(TYLENOL, 5, "p1"), by="nina", number="d-2") == "policy.role"
    assert announced(ward, line(TYLENOL, 5, "p1"), by="nobody", number="d-2") == "session.unknown"
