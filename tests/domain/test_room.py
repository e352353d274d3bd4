"""Moving an item from the fridge to room temperature sets a new expiry, and it is enforced."""

from dataclasses import replace
from typing import Any

import pytest

from cabinet.domain.facts import RoomExpirySet
from cabinet.domain.people import Role
from cabinet.domain.placing import judge_load
from cabinet.domain.surroundings import room
from cabinet.domain.vocabulary import AccessId, PocketId, Units
from cabinet.domain.withdrawal.rule import CustodyRules
from tests.domain.ward import ITEMS, TODAY, WAY, Ward, granting, layout, shut, world

TOLD = ("place.short_dated",)
LAST = "2026-03-16"
"""Fourteen days after the ward's morning."""


def ready(*, is_fridge: bool = False, **marks: Any) -> Ward:
    """A ward whose insulin is kept cold, or for fourteen days in a pocket that is not; it stands in the drawer called fridge."""
    cold = {one.id: replace(one, is_refrigerated=True, room_days=14, **marks) if one.id == "insulin" else one for one in ITEMS}
    drawers = tuple(replace(one, is_fridge=is_fridge and one.id == "fridge") for one in layout().drawers)
    policy = replace(
        granting(load={Role.TECHNICIAN}, expire={Role.TECHNICIAN}, **{"return": {Role.NURSE}}),
        custody=CustodyRules(pocket_return_classes=frozenset({ITEMS[0].control_class})),
    )
    ward = Ward(world(formulary=cold, layout=layout(*drawers), policy=policy))
    ward.signs_in("tom")
    return ward


def through(ward: Ward, kind: str, units: int, access: str, *, by: str = "tom", expiry: str | None = None, **more: Any) -> str:
    """A whole access to the insulin: the code of the refusal of its quantity."""
    assert ward.wants(kind, "insulin", units, by=by, access=access, **more).refusal is None
    ward.opens(*WAY["insulin"])
    if "count_before" in ward.asks(access):
        ward.counts(ward.line("insulin").units, by=by, access=access)
    refusal = ward.states(units, by=by, access=access, lot="lot-9", expiry=expiry, acknowledged=TOLD).refusal
    shut(ward, "insulin")
    return "" if refusal is None else refusal.code


@pytest.mark.parametrize("kind", ["load", "refill"])
def test_what_is_put_where_it_is_warm_gets_the_shorter_expiry(kind: str) -> None:
    """The label says next year; the cabinet says a fortnight, and keeps both."""
    ward = ready()
    assert through(ward, kind, 3, "a", expiry="2027-06-30") == ""
    assert ward.line("insulin").batches[0].expiry == LAST
    assert ward.facts_of(RoomExpirySet) == [RoomExpirySet(PocketId("insulin"), ITEMS[6].id, Units(3), LAST, "2027-06-30")]


def test_a_label_that_ends_sooner_counts() -> None:
    """Never longer than the label says; and without a label the days count."""
    ward = ready()
    through(ward, "refill", 1, "a", expiry="2026-03-05")
    through(ward, "refill", 1, "b")
    assert [batch.expiry for batch in ward.line("insulin").batches][:2] == ["2026-03-05", LAST]
    assert [fact.labelled for fact in ward.facts_of(RoomExpirySet) if isinstance(fact, RoomExpirySet)] == [None]


def test_in_the_fridge_the_label_counts() -> None:
    """No other expiry is stated there."""
    ward = ready(is_fridge=True)
    through(ward, "refill", 3, "a", expiry="2027-06-30")
    assert not ward.facts_of(RoomExpirySet)
    assert ward.line("insulin").batches[-1].expiry == "2027-06-30"


def test_past_its_days_it_is_not_withdrawn() -> None:
    """Enforced as beyond-use."""
    ward = ready()
    through(ward, "refill", 3, "a", expiry="2027-06-30")
    ward.tick(15 * 86_400)
    ward.signs_in("nina", session="later")
    refusal = ward.wants("withdraw", "insulin", 1, by="later", access="w").refusal
    assert refusal is not None
    assert (refusal.code, refusal.detail) == ("stock.expired", LAST)


def test_a_pull_gives_no_days_back() -> None:
    """The labels of what stays say more than it may be used for."""
    ward = ready()
    through(ward, "refill", 3, "a", expiry="2027-06-30")
    through(ward, "expire", 1, "b", expiry="2027-06-30")
    assert ward.line("insulin").earliest_expiry == LAST


def test_a_return_keeps_the_days_that_it_had() -> None:
    """What was given a fortnight and comes back after a week has a week; nobody asks how long it was out of a fridge."""
    ward = ready()
    through(ward, "refill", 3, "a", expiry="2027-06-30")
    ward.signs_in("nina")
    through(ward, "withdraw", 1, "w", by="nina")
    ward.tick(7 * 86_400)
    ward.signs_in("nina", session="later")
    assert through(ward, "return", 1, "r", by="later", withdrawal=AccessId("w"), place="pocket", is_intact=True, expiry="2027-06-30") == ""
    assert {batch.expiry for batch in ward.line("insulin").batches} == {LAST, "2027-01-31"}


def test_the_screen_of_whoever_puts_it_there_names_the_day() -> None:
    """It is written on every package."""
    ward = ready()
    ward.wants("refill", "insulin", 1, by="tom")
    assert LAST in room.shown(ward.core.scene, ward.access())[0]
    ward.signs_in("nina")
    ward.wants("withdraw", "p1", 1, access="w")
    assert room.shown(ward.core.scene, ward.access("w")) == ()


def test_what_may_stand_out_of_the_fridge_for_days_is_cautioned_against_and_not_refused() -> None:
    """Where no days are known it is refused."""
    ward = ready()
    pocket, insulin = ward.world.layout.pockets[PocketId("insulin")], ward.world.formulary[ITEMS[6].id]
    scene = ward.core.scene
    assert [one.code for one in judge_load(scene, pocket, insulin, today=TODAY)] == ["place.room"]
    assert [one.code for one in judge_load(scene, pocket, replace(insulin, room_days=0), today=TODAY)] == ["place.cold"]
