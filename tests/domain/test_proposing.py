"""Which free pocket is proposed for an item (loading; ISMP 2019, elements 4 and 5): fit first, then what spends least."""

from dataclasses import replace

from cabinet.domain.formulary import Item
from cabinet.domain.layout import Drawer
from cabinet.domain.people import Role
from cabinet.domain.proposing import propose
from tests.domain.test_placing import ALIKE, COLD, ITEMS, LIDS, OPEN, OPIOID, OTHER, STILL, ward
from tests.domain.ward import TODAY, Ward, drawer, granting, layout, pocket, world


def proposed(item: Item, here: Ward | None = None) -> list[str]:
    """The pockets, the best first."""
    return [one.id for one in propose((here or ward()).core.scene, item, today=TODAY)]


def test_what_needs_no_lid_and_no_fridge_takes_an_open_pocket_first() -> None:
    """A lid that a plain item takes is one that the next opioid lacks; the fridge is left to what is cold."""
    assert proposed(OTHER) == ["o2", "o3", "l2"]


def test_what_must_be_locked_or_cold_is_proposed_where_it_may_stand_and_nowhere_else() -> None:
    """The rules of a load are those of the proposal."""
    assert proposed(OPIOID) == ["l2"]
    assert proposed(STILL) == ["l2"]
    assert proposed(COLD) == ["f1", "f2"]


def test_a_look_alike_is_proposed_away_from_what_it_is_mistaken_for() -> None:
    """o2 touches its twin and is refused; l2 does too, between two lids, and is cautioned against: the last choice."""
    assert proposed(replace(ALIKE, look_alikes=(ITEMS[0].id,))) == ["o3", "l2"]


def test_the_second_pocket_of_a_critical_item_is_one_that_works_where_the_first_fails() -> None:
    """Two pockets behind one lock are one way (critical items live on different locks and lines)."""
    near = drawer("near", "locks:0", pocket("n1", "near", "plain"), pocket("n2", "near", None, units=0))
    far = drawer("far", "lids:4", pocket("x1", "far", None, units=0))
    setting = world(formulary={one.id: one for one in ITEMS}, layout=layout(near, far))
    critical = replace(ITEMS[0], is_critical=True)
    assert proposed(critical, Ward(setting)) == ["x1", "n2"]
    assert proposed(ITEMS[0], Ward(setting)) == ["n2", "x1"]


def test_a_pocket_that_cannot_be_opened_is_not_proposed() -> None:
    """A failed drawer is mended first."""
    here = ward()
    here.state.failures["locks"] = "silent"
    assert proposed(OTHER, here) == []


def test_a_load_that_names_no_pocket_takes_the_proposal_or_is_refused() -> None:
    """The technician names the item; where nothing fits is free the answer says so, and nothing opens."""
    policy = granting(load={Role.TECHNICIAN})

    def asked(*drawers: Drawer) -> Ward:
        here = Ward(world(formulary={one.id: one for one in ITEMS}, layout=layout(*drawers), policy=policy))
        here.signs_in("tom")
        return here

    fit, full = asked(OPEN, LIDS), asked(OPEN)
    assert fit.wants("load", None, 5, by="tom", item="opioid").refusal is None
    assert fit.access().pocket == "l2"
    refused = full.wants("load", None, 5, by="tom", item="opioid").refusal
    assert refused is not None
    assert refused.code == "place.nowhere"
