"""A critical item stands in two places that no one fault closes."""

from dataclasses import replace

import pytest

from cabinet.domain.facts import FaultCleared, FaultRaised
from cabinet.domain.layout import Drawer
from cabinet.domain.vocabulary import BoardId, BusId
from cabinet.domain.world import World
from tests.domain.ward import ITEMS, Ward, drawer, layout, pocket, world


def site(*drawers: Drawer, bus_of_other: str = "two") -> World:
    """A world in which paracetamol is critical."""
    items = {item.id: replace(item, is_critical=item.id == "paracetamol") for item in ITEMS}
    boards = {BoardId("locks"): BusId("one"), BoardId("other"): BusId(bus_of_other)}
    return world(layout=replace(layout(*drawers), buses=boards), formulary=items)


ONE = drawer("one", "locks:0", pocket("a1", "one", "paracetamol"), pocket("a2", "one", "paracetamol"))
TWO = drawer("two", "other:0", pocket("b1", "two", "paracetamol"))
SAME_BOARD = drawer("three", "locks:1", pocket("c1", "three", "paracetamol"))


@pytest.mark.parametrize(
    ("setting", "is_warned"),
    [
        (site(ONE, TWO), False),
        (site(ONE), True),
        (site(ONE, SAME_BOARD), True),
        (site(ONE, TWO, bus_of_other="one"), True),
        (site(drawer("x", "locks:0", pocket("x1", "x", "insulin"))), False),
    ],
)
def test_two_locks_and_two_lines(setting: World, is_warned: bool) -> None:
    """Two pockets behind one lock, or on one cable, are one way."""
    ward = Ward(setting)
    assert ("stock.one_place@paracetamol" in ward.state.faults) is is_warned


def test_the_warning_goes_with_its_cause_and_is_said_once() -> None:
    """A list that never grows shorter is read by nobody."""
    ward = Ward(site(ONE))
    ward.restart()
    ward.restart(site(ONE, TWO))
    assert [type(fact) for fact in ward.facts_of(FaultRaised, FaultCleared)] == [FaultRaised, FaultCleared]
