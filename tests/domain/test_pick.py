"""Choosing before taking: what is picked reserves nothing, waits some hours, and becomes the access that bears its id."""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.core import World
from cabinet.domain.facts import OrderPicked, PickDropped
from cabinet.domain.people import Role
from cabinet.domain.pick.choosing import MOST, of_person
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, SessionId, StaffId
from tests.domain.kind_bench import code, ready
from tests.domain.ward import Ward, granting, world


def pick(ward: Ward, order: str = "o1", *, by: str = "nina", name: str = "k1", session: str | None = "nina") -> str:
    """Pick an order: the code of the refusal."""
    seat = None if session is None else SessionId(session)
    return code(ward.happen(events.PickAsked(ward.tick(), seat, StaffId(by), AccessId(name), OrderId(order))))


def seated(setting: World) -> Ward:
    """Nina is at such a cabinet."""
    ward = Ward(setting)
    ward.signs_in("nina")
    return ward


def many(number: int) -> World:
    """A ward whose patient has so many orders."""
    plain = world()
    (patient,) = plain.patients.values()
    orders = tuple(replace(patient.orders[0], id=OrderId(f"m{one}")) for one in range(number))
    return world(patients={patient.id: replace(patient, orders=orders)})


def drop(ward: Ward, name: str = "k1", *, by: str = "nina") -> str:
    """Think better of it."""
    return code(ward.happen(events.PickDropAsked(ward.tick(), SessionId(by), StaffId(by), AccessId(name))))


def test_a_pick_becomes_the_access_that_bears_its_id() -> None:
    """Nothing is reserved: the balance stands as it was until the drawer was open."""
    ward = ready("nina")
    before = ward.line("p1").units
    assert pick(ward) == ""
    assert ward.line("p1").units == before
    assert code(ward.wants("withdraw", None, 1, access="k1", item=ItemId("paracetamol"), order=OrderId("o1"), authority="order")) == ""
    assert not ward.state.picks


def test_the_same_order_is_picked_once() -> None:
    """A second touch on the same button asks for nothing new."""
    ward = ready("nina")
    assert pick(ward) == pick(ward, name="k2") == ""
    assert [one.id for one in ward.state.picks.values()] == ["k1"]


def test_a_pick_that_is_refused_when_it_is_taken_stays() -> None:
    """Stopped, changed, taken by somebody else: the screen says so beside it, and its person drops it."""
    ward = ready("nina")
    assert pick(ward, "o3") == ""
    assert code(ward.wants("withdraw", None, 1, access="k1", item=ItemId("paracetamol"), order=OrderId("o3"), authority="order")) != ""
    assert list(ward.state.picks) == ["k1"]
    assert drop(ward) == drop(ward) == ""
    assert not ward.state.picks


def test_nobody_drops_what_another_person_picked() -> None:
    """A pick is its person's."""
    ward = ready("nina", "noor")
    pick(ward)
    assert drop(ward, by="noor") == "access.not_yours"


def test_a_pick_waits_some_hours_also_across_a_restart() -> None:
    """What nobody comes for is dropped by itself, and says so."""
    ward = ready("nina")
    pick(ward)
    ward.signs_out()
    ward.restart()
    assert list(ward.state.picks) == ["k1"]
    ward.due("pick:k1")
    assert not ward.state.picks
    assert [fact.why for fact in ward.facts if isinstance(fact, PickDropped)] == ["nobody came"]


def test_somewhere_else_on_the_ward_an_account_that_stands_picks_ahead() -> None:
    """Away from the cabinet there is no session; the record of who it was is the same."""
    ward = ready()
    assert pick(ward, session=None) == ""
    assert [fact.is_ahead for fact in ward.facts if isinstance(fact, OrderPicked)] == [True]
    assert pick(ward, by="stranger", session=None, name="k2") == "session.not_recognised"


def test_whoever_may_not_withdraw_picks_nothing() -> None:
    """Neither at the cabinet nor ahead."""
    ward = seated(world(policy=granting(withdraw={Role.PHARMACIST})))
    assert pick(ward) == pick(ward, session=None) == "policy.role"


def test_what_is_no_order_is_not_picked() -> None:
    """And an id that names something else already is not taken for another."""
    ward = ready("nina", "noor")
    assert pick(ward, "nothing") == "order.unknown"
    pick(ward)
    assert pick(ward, "o2", by="noor", session="noor") == "access.repeated"


def test_a_person_has_only_so_many() -> None:
    """A list that nobody can walk is none."""
    ward = seated(many(MOST + 1))
    for number in range(MOST):
        assert pick(ward, f"m{number}", name=f"k{number}") == ""
    assert pick(ward, f"m{MOST}", name="more") == "pick.many"


def test_one_way_through_the_drawers_is_the_order_of_the_furniture() -> None:
    """Not the order in which they were picked."""
    ward = ready("nina")
    pick(ward, "o2", name="k2")
    pick(ward, "o1", name="k1")
    assert [one.id for one in of_person(ward.state, "nina", ward.world.layout)] == ["k1", "k2"]
