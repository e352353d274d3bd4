"""Where things may stand, judged at a load and over a whole site (ISMP 2019, elements 4 and 5; ward.md, refusals at refill)."""

from dataclasses import replace

import pytest

from cabinet.domain.formulary import ControlClass, Item, Population
from cabinet.domain.layout import Drawer
from cabinet.domain.place import Caution, Level, PlacingRules
from cabinet.domain.placing import first_refusal, judge_load, judge_site, neighbours
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId, PocketId
from tests.domain.ward import POLICY, TODAY, Ward, drawer, item, layout, pocket, world

PLAIN, OTHER = item("plain"), item("other")
ALIKE = replace(item("alike"), look_alikes=(PLAIN.id,))
ALERT = replace(item("alert"), is_high_alert=True)
STILL = replace(item("still"), is_paralytic=True, is_high_alert=True)
OPIOID = item("opioid", ControlClass.C2)
COLD = replace(item("cold"), is_refrigerated=True)
ADULT = replace(item("heparin-adult"), generic="heparin", population=Population.ADULT)
CHILD = replace(item("heparin-child"), generic="heparin", population=Population.PAEDIATRIC)
ITEMS = (PLAIN, OTHER, ALIKE, ALERT, STILL, OPIOID, COLD, ADULT, CHILD)
LIDS = drawer(
    "lidded", "locks:1", pocket("l1", "lidded", "plain", lid="lids:0"), pocket("l2", "lidded", None, lid="lids:1", units=0)
)  # fmt: skip
OPEN = drawer("open", "locks:0", pocket("o1", "open", "plain"), pocket("o2", "open", None, units=0), pocket("o3", "open", None, units=0))
FRIDGE = replace(
    drawer("fridge", "locks:2", pocket("f1", "fridge", None, units=0), pocket("f2", "fridge", None, lid="lids:2", units=0)), is_fridge=True
)  # fmt: skip

STRICT = PlacingRules()


def ward(rules: PlacingRules = STRICT, *drawers: Drawer) -> Ward:
    """A cabinet of an open drawer, a lidded one and a fridge with one box."""
    setting = world(
        formulary={one.id: one for one in ITEMS}, layout=layout(*(drawers or (OPEN, LIDS, FRIDGE))), policy=replace(POLICY, placing=rules)
    )
    return Ward(setting)


def judged(place: str, what: Item, rules: PlacingRules = STRICT, **load: object) -> list[tuple[str, str]]:
    """What speaks against it: (refuse or warn, code)."""
    here = ward(rules)
    found = judge_load(here.core.scene, here.world.layout.pockets[PocketId(place)], what, today=TODAY, **load)  # type: ignore[arg-type]
    return [("refuse" if isinstance(one, Refusal) else "warn", one.code) for one in found]


@pytest.mark.parametrize(
    ("place", "what", "found"),
    [
        ("o3", PLAIN, []),
        ("o3", OPIOID, [("refuse", "place.controlled")]),
        ("l2", OPIOID, []),
        ("f1", OPIOID, [("refuse", "place.controlled")]),
        ("f2", OPIOID, []),
        ("o3", STILL, [("refuse", "place.paralytic")]),
        ("l2", STILL, []),
        ("o3", ALERT, [("refuse", "place.high_alert")]),
        ("l2", ALERT, []),
        ("o3", COLD, [("refuse", "place.cold")]),
        ("f1", COLD, []),
        ("o2", ALIKE, [("refuse", "place.look_alike")]),
        ("o3", ALIKE, []),
        ("l2", ALIKE, [("warn", "place.look_alike")]),
    ],
)
def test_what_may_stand_where(place: str, what: Item, found: list[tuple[str, str]]) -> None:
    """ISMP 4 and 5: lids for what is controlled, high-alert or paralysing, the cold in the fridge, look-alikes apart."""
    assert judged(place, what) == found


def test_two_items_or_strengths_never_share_a_pocket() -> None:
    """What is in it goes out first; an empty pocket of another item is free."""
    assert judged("o1", OTHER) == [("refuse", "place.occupied")]
    assert judged("o1", PLAIN) == []


def test_childrens_and_grown_ups_strengths_never_stand_side_by_side() -> None:
    """Whatever the policy lets look-alikes do, and whether or not there are lids."""
    beside = replace(LIDS, pockets=(pocket("l1", "lidded", ADULT.id, lid="lids:0"), LIDS.pockets[1]))
    here = ward(PlacingRules(look_alikes=Level.ALLOW), beside)
    found = judge_load(here.core.scene, here.world.layout.pockets[PocketId("l2")], CHILD, today=TODAY)
    refusal = first_refusal(found)
    assert refusal is not None
    assert refusal.code == "place.population"
    assert "l1" in refusal.sentence


def test_expired_is_refused_short_dated_and_too_many_are_only_cautioned_against() -> None:
    """A refusal at refill is a stock-out: what is sound goes in, and is said."""
    assert judged("o1", PLAIN, expiry="2026-03-01") == [("refuse", "place.expired")]
    assert judged("o1", PLAIN, expiry="2026-03-15") == [("warn", "place.short_dated")]
    assert judged("o1", PLAIN, expiry="2027-03-15") == []
    roomy = ward(PlacingRules(), replace(OPEN, pockets=(replace(OPEN.pockets[0], capacity=25),)))
    box = roomy.world.layout.pockets[PocketId("o1")]
    assert judge_load(roomy.core.scene, box, PLAIN, today=TODAY, units=5) == ()
    found = judge_load(roomy.core.scene, box, PLAIN, today=TODAY, units=6)
    assert found == (Caution("place.capacity", "25"),)
    assert first_refusal(found) is None
    assert found[0].sentence.endswith("(25)")


def test_a_hospital_chooses_how_strictly_its_open_pockets_are_judged() -> None:
    """But not for what stops the breathing."""
    lenient = PlacingRules(high_alert=Level.WARN, look_alikes=Level.ALLOW)
    assert judged("o3", ALERT, lenient) == [("warn", "place.high_alert")]
    assert judged("o2", ALIKE, lenient) == []
    assert judged("o3", STILL, lenient) == [("refuse", "place.paralytic")]


def test_pockets_touch_by_a_side_or_a_corner() -> None:
    """Three columns: the middle one of two rows touches all others."""
    six = replace(drawer("d", "locks:0", *(pocket(f"p{n}", "d", None, units=0) for n in range(6))), columns=3)
    assert [one.id for one in neighbours(six, six.pockets[1])] == ["p0", "p2", "p3", "p4", "p5"]
    assert [one.id for one in neighbours(six, six.pockets[0])] == ["p1", "p3", "p4"]
    row = replace(six, columns=0)
    assert [one.id for one in neighbours(row, row.pockets[0])] == ["p1"]


def test_a_whole_site_is_judged_by_the_same_rules() -> None:
    """`adc config check` tells it before anything is filled."""
    wrong = drawer("open", "locks:0", pocket("o1", "open", "plain"), pocket("o2", "open", "alike"), pocket("o3", "open", ItemId("still")))
    found = [(place, verdict.code) for place, verdict in judge_site(ward(PlacingRules(), wrong).world)]
    assert found == [("o1", "place.look_alike"), ("o2", "place.look_alike"), ("o3", "place.paralytic")]
