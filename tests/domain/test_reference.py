"""Reference data as it changes at the cabinet: patients added and merged, orders, items and levels; and what the pharmacy sends."""

from dataclasses import replace
from typing import Any

import pytest

from cabinet.app.world import world_of
from cabinet.domain import events
from cabinet.domain.core import Step
from cabinet.domain.facts import ItemChanged, LevelsChanged, OrderChanged, OrderUnmapped, PatientChanged, PatientMerged
from cabinet.domain.orders import Order, Patient, Phase
from cabinet.domain.people import Role
from cabinet.domain.reference import record, roll
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, PocketId, SessionId, Units
from config.load import load_site
from tests.domain.test_config_demo import DEMO
from tests.domain.ward import ITEMS, Ward, granting, order, world

SESSION = SessionId("nina")
NOW = "2026-03-02T07:00:00.000000Z"


def code(step: Step) -> str:
    """The code of a refusal, or nothing."""
    return "" if step.refusal is None else step.refusal.code


def ward() -> Ward:
    """A nurse adds patients, and a pharmacist keeps everything else."""
    keeper = {Role.PHARMACIST}
    found = Ward(world(policy=granting(add_patient={Role.NURSE}, orders=keeper, items=keeper, pars=keeper)))
    found.signs_in()
    found.signs_in("pia")
    return found


def adds(place: Ward, patient: str = "new", name: str = "Unknown Man", born: str = "unknown", bed: str = "ED 3") -> Step:
    """A nurse adds a patient."""
    return place.happen(events.PatientAddAsked(place.tick(), SESSION, PatientId(patient), name, born, bed))


def merges(place: Ward, patient: str = "new", into: str = "pat") -> Step:
    """They turned out to be somebody."""
    return place.happen(events.PatientMergeAsked(place.tick(), SESSION, PatientId(patient), PatientId(into)))


def took(place: Ward, patient: str) -> None:
    """Two paracetamol."""
    assert code(place.wants("withdraw", "p1", 2, patient=patient)) == ""
    place.opens("locks:0")
    place.states(2)
    place.closes("locks:0")


def enters(place: Ward, said: Order, *, by: str | None = "pia", word: str = "") -> Step:
    """An order comes."""
    return place.happen(events.OrderChangeAsked(place.tick(), None if by is None else SessionId(by), said, word))


def test_a_patient_is_added_and_merged_with_all_that_was_withdrawn_for_them() -> None:
    """Added in a quarter of a minute: name, date of birth or "unknown", bed. Live and replayed alike."""
    place = ward()
    assert code(adds(place)) == ""
    assert code(adds(place)) == "", "a second touch is the same patient"
    took(place, "new")
    assert code(enters(place, replace(order("o9", "paracetamol"), patient=PatientId("new")))) == ""
    assert code(merges(place)) == ""
    assert [one.patient for one in place.state.withdrawals.values()] == ["pat"]
    known = place.core.scene.patient("new")
    assert known is not None
    assert known.id == "pat", "who asks for the one finds the other"
    assert "o9" in {one.id for one in known.orders}
    assert [one.patient.id for one in roll.listed(place.core.scene, place.now.utc)] == ["pat"]
    state = place.state
    place.restart()
    assert place.state.reference == state.reference
    assert place.state.withdrawals == state.withdrawals


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"name": " "}, "patient.form"), ({"born": "last year"}, "patient.form"), ({"bed": ""}, "patient.form"),
        ({"patient": "NO GOOD"}, "patient.form"), ({"patient": "pat"}, "patient.taken"),
    ],
)  # fmt: skip
def test_a_patient_has_a_name_a_date_of_birth_and_a_bed(how: dict[str, str], expected: str) -> None:
    """Two identifiers, or that one of them is unknown: never a room number for one (NPSG.01.01.01)."""
    assert code(adds(ward(), **how)) == expected


@pytest.mark.parametrize(
    ("one", "into", "expected"),
    [("pat", "new", "patient.listed"), ("new", "new", "patient.same"), ("x", "pat", "access.patient_unknown")],
)
def test_only_who_was_added_here_is_merged(one: str, into: str, expected: str) -> None:
    """Two records of the admissions office are not a nurse's to join."""
    place = ward()
    adds(place)
    assert code(merges(place, one, into)) == expected


def test_nobody_changes_what_their_role_may_not() -> None:
    """One table for every door."""
    place = ward()
    assert code(enters(place, order("o9", "paracetamol"), by="nina")) == "policy.role"
    added = events.PatientAddAsked(place.tick(), SessionId("pia"), PatientId("new"), "A", "unknown", "1")
    assert code(place.happen(added)) == "policy.role"


def test_an_order_waits_is_verified_is_followed_and_stops() -> None:
    """MM.05.01.01: a pharmacist looks at every order before it is followed."""
    place = ward()
    said = replace(order("o9", "paracetamol", is_verified=False), waiting_since=NOW)
    assert code(enters(place, said)) == ""
    assert code(place.wants("withdraw", "p1", 1, order="o9", authority="order")) == "order.unverified"
    pia = SessionId("pia")
    assert code(place.happen(events.OrderVerifyAsked(place.tick(), pia, OrderId("o9")))) == ""
    assert code(place.wants("withdraw", "p1", 1, order="o9", authority="order")) == ""
    assert code(place.happen(events.OrderStopAsked(place.tick(), pia, OrderId("o9")))) == ""
    assert code(place.wants("withdraw", "p2", 1, access="b", order="o9", authority="order")) == "order.stopped"
    assert len(place.facts_of(OrderChanged)) == 3
    place.happen(events.OrderStopAsked(place.tick(), pia, OrderId("o9")))
    assert len(place.facts_of(OrderChanged)) == 3, "what is so already is not written down again"
    assert code(place.happen(events.OrderVerifyAsked(place.tick(), pia, OrderId("ghost")))) == "order.not_known"


def test_a_changed_order_stands_above_the_sites_file() -> None:
    """The file is where a site begins; facts go on from there."""
    place = ward()
    assert code(enters(place, replace(order("o1", "paracetamol"), status="held"))) == ""
    known = place.core.scene.patient("pat")
    assert known is not None
    assert [one.id for one in known.orders].count("o1") == 1
    assert place.core.scene.order("o1").phase(NOW) is Phase.HELD  # type: ignore[union-attr]
    assert code(place.wants("withdraw", "p1", 1, order="o1", authority="order")) == "order.held"


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"dose": ""}, "order.form"), ({"patient": PatientId("x")}, "access.patient_unknown"), ({"item": ItemId("x")}, "item.unknown")],
)
def test_an_order_that_a_person_enters_is_whole(change: dict[str, Any], expected: str) -> None:
    """A slip is said at once, to who made it."""
    assert code(enters(ward(), replace(order("o9", "paracetamol"), **change))) == expected


def test_an_order_that_names_no_item_is_on_the_unmapped_list_until_it_does() -> None:
    """An order without a match goes to a list at the pharmacy; it is neither lost nor guessed."""
    place = ward()
    said = replace(order("o9", "unheard-of"), patient=PatientId("pat"))
    assert code(enters(place, said, by=None, word="UNHEARD OF 5 MG TAB")) == ""
    assert [fact.said for fact in place.facts_of(OrderUnmapped)] == ["UNHEARD OF 5 MG TAB"]  # type: ignore[attr-defined]
    assert list(place.state.reference.unmapped) == ["o9"]
    enters(place, replace(said, item=ItemId("paracetamol")), by=None)
    assert not place.state.reference.unmapped
    assert place.core.scene.order("o9") is not None


def test_an_order_may_come_before_its_patient() -> None:
    """Late admissions: records arrive in any order."""
    place = ward()
    assert code(enters(place, replace(order("o9", "paracetamol"), patient=PatientId("late")), by=None)) == ""
    late = Patient(PatientId("late"), "Late", "1970-01-01", "r9", "9", (), None, ())
    place.happen(events.PatientReceived(place.tick(), late))
    place.happen(events.PatientReceived(place.tick(), late))
    assert len(place.facts_of(PatientChanged)) == 1
    known = place.core.scene.patient("late")
    assert known is not None
    assert [one.id for one in known.orders] == ["o9"]


def test_who_left_stays_listed_for_a_day_and_then_no_longer() -> None:
    """Returns and wastes of discharged and transferred patients are still to be done."""
    place = ward()
    pat = replace(place.world.patients[PatientId("pat")], orders=())
    place.happen(events.PatientReceived(place.tick(), replace(pat, area="intensive")))
    assert [(one.patient.id, one.how) for one in roll.listed(place.core.scene, place.now.utc)] == [("pat", "transferred")]
    assert roll.is_listed(place.core.scene, PatientId("pat"), place.now.utc)
    assert code(place.wants("withdraw", "p1", 1)) == "patient.gone"
    assert not roll.listed(place.core.scene, place.tick(25 * 3600).utc)
    assert not roll.is_listed(place.core.scene, PatientId("pat"), place.now.utc)


def test_every_item_of_the_demo_goes_through_a_fact_unchanged() -> None:
    """A field that the fact forgets would be lost at the first change of an item."""
    for item in world_of(load_site(DEMO)).formulary.values():
        assert record.item_of(record.item_fact(item, "cabinet")) == item


def test_a_changed_item_is_the_item_for_everybody() -> None:
    """Judged by, searched by and shown by the same record."""
    place = ward()
    changed = replace(ITEMS[0], is_high_alert=True)
    pia = SessionId("pia")
    assert code(place.happen(events.ItemChangeAsked(place.tick(), pia, changed))) == ""
    assert place.core.world.formulary[ItemId("paracetamol")].is_high_alert
    assert place.facts_of(ItemChanged)
    assert not place.world.formulary[ItemId("paracetamol")].is_high_alert, "the site's own is never touched"
    place.restart()
    assert place.core.world.formulary[ItemId("paracetamol")].is_high_alert
    assert code(place.happen(events.ItemChangeAsked(place.tick(), SessionId("tom"), changed))) == "session.unknown"


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"name": ""}, "item.form"), ({"look_alikes": (ItemId("x"),)}, "item.unknown"), ({"count_unit": "box"}, "item.held")],
)
def test_what_one_unit_is_does_not_change_while_a_pocket_holds_some(change: dict[str, Any], expected: str) -> None:
    """Twenty tablets would be twenty boxes from one moment to the next."""
    place = ward()
    assert code(place.happen(events.ItemChangeAsked(place.tick(), SessionId("pia"), replace(ITEMS[0], **change)))) == expected


@pytest.mark.parametrize(
    ("pocket", "levels", "expected"),
    [
        ("p1", (50, 20, 5), ""), ("p1", (10, 20, 5), "levels.order"), ("p4", (50, 20, 5), "pocket.unassigned"),
        ("z", (50, 20, 5), "pocket.unknown"),
    ],
)  # fmt: skip
def test_levels_change_and_outlive_a_restart(pocket: str, levels: tuple[int, int, int], expected: str) -> None:
    """What was learned at the cabinet is not put back by the site's file at the next start."""
    place = ward()
    par, least, critical = map(Units, levels)
    step = place.happen(events.LevelsChangeAsked(place.tick(), SessionId("pia"), PocketId(pocket), par, least, critical))
    assert code(step) == expected
    if not expected:
        place.restart()
        assert (place.line("p1").par, place.line("p1").min, place.line("p1").critical_low) == levels
        assert len(place.facts_of(LevelsChanged)) == 1
        assert not place.facts_of(PatientMerged)
