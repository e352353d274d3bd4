"""Quarantine and recall: what must not be used is blocked at once, and what takes it out of use goes on."""

import pytest

from cabinet.domain import events
from cabinet.domain.people import Role
from cabinet.domain.quarantine import judging
from cabinet.domain.vocabulary import ItemId, SessionId
from tests.domain.ward import ITEMS, WAY, Ward, granting, shut, world

FORMULARY = {one.id: one for one in ITEMS}


def ready() -> Ward:
    """A ward in which pharmacists block and technicians pull."""
    ward = Ward(world(policy=granting(quarantine={Role.PHARMACIST}, expire={Role.TECHNICIAN}, emergency={Role.NURSE})))
    for name in ("nina", "tom", "pia"):
        ward.signs_in(name)
    return ward


def code(step: object) -> str:
    """The code of the refusal in a step; empty where there is none."""
    refusal = getattr(step, "refusal", None)
    return refusal.code if refusal else ""


def block(ward: Ward, scope: str, value: str, *, item: str | None = None, by: str | None = "pia", why: str = "glass in ampoules") -> str:
    """Somebody blocks something as `q`."""
    asked = None if by is None else SessionId(by)
    named = None if item is None else ItemId(item)
    return code(ward.happen(events.QuarantineAsked(ward.tick(), asked, "q", scope, value, why, named, "D-0412-2026")))


@pytest.mark.parametrize(
    ("scope", "value", "item", "shut_out"),
    [
        ("pocket", "p1", None, {"p1"}),
        ("item", "paracetamol", None, {"p1", "p2"}),
        ("ndc", "0-0-0", None, {"p1", "p2", "insulin"}),
        ("lot", "lot-0", "paracetamol", {"p1", "p2"}),
        ("lot", "lot-9", "paracetamol", set()),
    ],
)
def test_a_block_shuts_its_pockets_and_no_others(scope: str, value: str, item: str | None, shut_out: set[str]) -> None:
    """By pocket, item, NDC or lot (ward: recall)."""
    ward = ready()
    assert block(ward, scope, value, item=item) == ""
    assert {name for name in ("p1", "p2", "insulin") if ward.core.scene.is_quarantined(ward.line(name))} == shut_out
    for name in ("p1", "insulin"):
        step = ward.wants("withdraw", name, 1, access=f"w-{name}")
        assert code(step) == "stock.quarantined" or (ward.access(f"w-{name}").pocket not in shut_out)


def test_a_lot_that_nobody_noted_may_be_the_one() -> None:
    """Unknown is not safe."""
    ward = ready()
    ward.line("insulin").batches[0].lot = None
    block(ward, "lot", "lot-9", item="insulin")
    assert code(ward.wants("withdraw", "insulin", 1)) == "stock.quarantined"


def test_another_pocket_serves_where_one_is_blocked() -> None:
    """Nobody is kept from a medicine by a recall of the box beside it."""
    ward = ready()
    block(ward, "pocket", "p2")
    ward.wants("withdraw", "p2", 1)
    assert (ward.access().pocket, ward.access().instead_of) == ("p1", "p2")


def test_it_is_pulled_and_may_be_none_at_all() -> None:
    """Pull list with found-zero allowed."""
    ward = ready()
    block(ward, "item", "paracetamol")
    assert {pull.pocket for pull in judging.pulls(ward.state, FORMULARY, "2026-03-10")} == {"p1", "p2"}
    assert code(ward.wants("expire", "p1", 0, by="tom")) == ""
    ward.opens(*WAY["p1"])
    ward.counts(20, by="tom")
    ward.states(20, by="tom")
    shut(ward, "p1")
    assert {pull.pocket for pull in judging.pulls(ward.state, FORMULARY, "2026-03-10")} == {"p2"}


def test_what_expires_soon_is_on_the_same_list() -> None:
    """Expired/Recalled, find by date (domain 2.13)."""
    ward = ready()
    assert {pull.pocket for pull in judging.pulls(ward.state, FORMULARY, "2026-09-30")} == {"p2"}


def test_who_may_lifts_it_again() -> None:
    """And says why; a restart in between forgets nothing."""
    ward = ready()
    block(ward, "item", "paracetamol")
    ward.restart()
    ward.signs_in("pia")
    ward.signs_in("nina")

    def lift(by: str | None, why: str = "checked", name: str = "q") -> str:
        return code(ward.happen(events.QuarantineLiftAsked(ward.tick(), None if by is None else SessionId(by), name, why)))

    assert lift("nina") == "policy.role"
    assert lift("ghost") == "session.unknown"
    assert lift("pia", " ") == "withdrawal.reason"
    assert lift("pia", name="none") == "quarantine.unknown"
    assert lift(None) == "", "the pharmacy's own word needs no session here"
    assert code(ward.wants("withdraw", "p1", 1)) == ""


@pytest.mark.parametrize(
    ("scope", "value", "item", "by", "why", "refused"),
    [
        ("pocket", "ghost", None, "pia", "x", "quarantine.unknown"),
        ("item", "ghost", None, "pia", "x", "quarantine.unknown"),
        ("lot", "L1", None, "pia", "x", "quarantine.unknown"),
        ("shelf", "p1", None, "pia", "x", "quarantine.unknown"),
        ("pocket", "p1", None, "pia", " ", "quarantine.unknown"),
        ("pocket", "p1", None, "nina", "x", "policy.role"),
        ("ndc", "9-9-9", None, None, "x", ""),
    ],
)
def test_a_block_names_something_by_somebody_who_may(
    scope: str, value: str, item: str | None, by: str | None, why: str, refused: str
) -> None:
    """A recall of what is not kept here blocks nothing, and is kept."""
    assert block(ready(), scope, value, item=item, by=by, why=why) == refused


def test_who_was_switched_off_says_nothing_more() -> None:
    """A session that makes way or ends begins nothing new, at the counter as little as at a drawer."""
    ward = ready()
    ward.state.sessions["pia"].is_dismissed = True
    assert block(ward, "pocket", "p1") == "session.dismissed"
    assert not ward.state.quarantines
