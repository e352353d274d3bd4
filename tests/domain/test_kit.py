"""Kits are of two sorts: sealed trays (tag, contents, expiry of the earliest, a broken seal goes back) and order sets (one choice)."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.facts import DiscrepancyFound, KitBroken, KitContent, KitContentsCounted, KitRead, KitSealed
from cabinet.domain.formulary import ControlClass
from cabinet.domain.kit import tray
from cabinet.domain.kit.order_set import OrderSet, Part, expand, next_due
from cabinet.domain.layout import Opening
from cabinet.domain.people import Role
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, SessionId, Units
from cabinet.domain.world import World
from tests.domain.ward import ITEMS, Ward, drawer, granting, item, layout, pocket, replayed, world

KIT = replace(item("rsi_kit"), kit=((ItemId("paracetamol"), 2), (ItemId("ketamine"), 1)), control_class=ControlClass.NONE)
SHELF = replace(pocket("kits", "cupboard", "rsi_kit"), opening=Opening(Units(2), "L0", "2027-06-30", ("T1", "T2")))
SETTING = world(
    formulary={one.id: one for one in (*ITEMS, KIT)},
    layout=layout(
        drawer("cupboard", "locks:0", SHELF, pocket("p1", "cupboard", "paracetamol")),
        drawer("other", "locks:1", pocket("p2", "other", "cream")),
    ),
    policy=granting(items={Role.PHARMACIST}, unload={Role.TECHNICIAN}, refill={Role.TECHNICIAN}, count={Role.NURSE, Role.TECHNICIAN}),
)
LINES = (
    KitContent(ItemId("paracetamol"), Units(2), "A", "2028-01-31"),
    KitContent(ItemId("ketamine"), Units(1), "B", "2027-03-31"),
)


def at_shelf(kind: str = "withdraw", units: int = 1, *, by: str = "nina", access: str = "a", ward: Ward | None = None) -> Ward:
    """Somebody has just opened the cupboard."""
    ward = ward or Ward(SETTING)
    ward.signs_in(by)
    assert ward.wants(kind, "kits", units, by=by, access=access).refusal is None
    ward.opens("locks:0")
    return ward


def shows(ward: Ward, tag: str, *, is_intact: bool = True, by: str = "nina", access: str = "a") -> Refusal | None:
    """A tag is read."""
    return ward.happen(events.KitShown(ward.tick(), SessionId(by), AccessId(access), tag, is_intact)).refusal


def seals(ward: Ward, tag: str, lines: tuple[KitContent, ...] = LINES, *, by: str = "pia", of: str = "rsi_kit") -> Refusal | None:
    """A kit is filled and sealed in the pharmacy."""
    return ward.happen(events.KitSealEntered(ward.tick(), SessionId(by), tag, ItemId(of), lines)).refusal


def test_a_withdrawal_of_a_sealed_kit_asks_for_its_tag_and_the_kit_leaves_with_it() -> None:
    """The tag says which of the two it was, for a recall of what is inside."""
    ward = at_shelf()
    assert tray.is_due(ward.state, ward.access(), KIT)
    assert shows(ward, "T1") is None
    assert not tray.is_due(ward.state, ward.access(), KIT)
    assert ward.facts_of(KitRead) == [KitRead("T1", ItemId("rsi_kit"), "kits", True)]  # type: ignore[arg-type]
    ward.states(1)
    gone, left = (tray.trays(ward.core.scene)[tag] for tag in ("T1", "T2"))
    assert (gone.pocket, gone.where, left.pocket) == (None, "patient", "kits")
    assert replayed(SETTING, ward.drafts).state == ward.state


def test_a_kit_whose_access_was_cancelled_stays_where_it_was() -> None:
    """A tag that was read moves nothing; the units do."""
    ward = at_shelf()
    shows(ward, "T1")
    ward.cancels()
    ward.closes("locks:0")
    assert tray.trays(ward.core.scene)["T1"].pocket == "kits"
    at_shelf(access="b", ward=ward)
    assert shows(ward, "T1", access="b") is None


def test_a_broken_seal_serves_nobody_and_goes_back() -> None:
    """It is refused, kept, and listed to be taken back; the other kit of the pocket is taken instead."""
    ward = at_shelf()
    assert shows(ward, "T1", is_intact=False) == Refusal("kit.broken", "T1")
    assert ward.facts_of(KitBroken) == [KitBroken("T1", ItemId("rsi_kit"), "kits")]  # type: ignore[arg-type]
    assert [one.tag for one in tray.to_take_back(ward.core.scene, "2026-03-02")] == ["T1"]
    assert shows(ward, "T1") == Refusal("kit.broken", "T1")
    assert shows(ward, "T2") is None


def test_what_is_controlled_in_an_opened_kit_is_counted() -> None:
    """All of it and nothing else; what is missing is a discrepancy of the pocket it stood in, and names nobody."""
    ward = at_shelf()
    shows(ward, "T1", is_intact=False)
    found = tray.trays(ward.core.scene)["T1"]
    assert [one.item for one in tray.controlled(found, SETTING.formulary)] == ["ketamine"]
    assert tray.owes_count(found, SETTING.formulary)

    def counts(*lines: tuple[str, int], by: str = "nina", tag: str = "T1") -> Refusal | None:
        counted = tuple((ItemId(name), units) for name, units in lines)
        return ward.happen(events.KitContentsEntered(ward.tick(), SessionId(by), tag, counted)).refusal

    assert counts(("paracetamol", 2)) == Refusal("kit.contents", "ketamine")
    assert counts(("ketamine", 1), tag="T9") == Refusal("kit.tag_unknown", "T9")
    assert counts(("ketamine", 1), by="nobody") == Refusal("session.unknown")
    assert counts(("ketamine", 0)) is None
    assert ward.facts_of(KitContentsCounted) == [KitContentsCounted("T1", ItemId("ketamine"), Units(0), Units(1))]
    (missing,) = ward.facts_of(DiscrepancyFound)
    assert (missing.pocket, missing.item, missing.expected, missing.counted) == ("kits", "ketamine", 1, 0)  # type: ignore[attr-defined]
    assert counts(("ketamine", 0)) == Refusal("access.not_asked")
    ward.signs_in("pia")
    refused = counts(("ketamine", 0), by="pia")
    assert refused is not None
    assert refused.code == "policy.role"


def handed_out(setting: World = SETTING) -> Ward:
    """Nina took the kit T1 for her patient, and the cupboard is shut."""
    ward = at_shelf(ward=Ward(setting))
    shows(ward, "T1")
    ward.states(1)
    ward.closes("locks:0")
    return ward


def owed(ward: Ward) -> list[tuple[str, str, str]]:
    """What is owed, by whom and why."""
    return [(debt.kind, debt.staff, debt.why) for debt in ward.state.debts.values()]


def test_a_tray_that_is_out_with_something_controlled_in_it_is_owed_until_it_comes_back() -> None:
    """Else a vial of ketamine leaves the record with the tray it lay in."""
    setting = replace(SETTING, policy=granting(withdraw={Role.NURSE}, count={Role.NURSE}, **{"return": {Role.NURSE}}))
    ward = handed_out(setting)
    assert owed(ward) == [("kit", "nina", "tray T1 is out")]
    opened = ward.wants("return", None, 1, access="r", withdrawal=AccessId("a"), is_intact=False).refusal
    assert opened is not None
    assert opened.code == "kit.uncounted"
    assert ward.wants("return", None, 1, access="r", withdrawal=AccessId("a"), is_intact=True).refusal is None
    back = ward.state.trays["T1"]
    assert (owed(ward), back.where, back.out_in) == ([], "return_bin", None)
    assert replayed(setting, ward.drafts).state == ward.state


def test_or_until_what_was_in_it_is_accounted_for() -> None:
    """Given and left are what it held. What is missing is a discrepancy that names nobody."""

    def says(ward: Ward, left: int, given: int) -> Refusal | None:
        counted, used = ((ItemId("ketamine"), left),), ((ItemId("ketamine"), given),)
        return ward.happen(events.KitContentsEntered(ward.tick(), SessionId("nina"), "T1", counted, used)).refusal

    ward = handed_out()
    assert says(ward, 0, 1) is None
    assert (owed(ward), ward.facts_of(DiscrepancyFound)) == ([], [])
    ward = handed_out()
    assert says(ward, 0, 0) is None
    (missing,) = ward.facts_of(DiscrepancyFound)
    assert (missing.item, missing.expected, missing.counted) == ("ketamine", 1, 0)  # type: ignore[attr-defined]
    assert owed(ward) == []
    assert replayed(SETTING, ward.drafts).state == ward.state


def test_a_tray_whose_tag_nobody_read_is_owed_all_the_same_and_one_that_was_not_taken_is_not() -> None:
    """Whoever is in a hurry reads no tag, and owes it afterwards."""
    ward = at_shelf()
    ward.states(1)
    assert owed(ward) == [("kit", "nina", "a tray is out whose tag was not read")]
    ward = at_shelf()
    shows(ward, "T1")
    ward.states(0)
    assert owed(ward) == []


def test_a_tray_with_nothing_controlled_in_it_owes_nothing() -> None:
    """Paracetamol in a box is nobody's matter."""
    plain = replace(KIT, kit=((ItemId("paracetamol"), 2),))
    ward = handed_out(replace(SETTING, formulary={**SETTING.formulary, plain.id: plain}))
    assert owed(ward) == []


def test_a_kit_expires_with_the_first_thing_in_it() -> None:
    """Its units alone would not tell."""
    ward = Ward(SETTING)
    ward.signs_in("pia")
    assert seals(ward, "N1") is None
    assert ward.facts_of(KitSealed) == [KitSealed("N1", ItemId("rsi_kit"), list(LINES))]
    assert ward.state.trays["N1"].expiry == "2027-03-31"
    old = (LINES[0], replace(LINES[1], expiry="2026-02-28"))
    assert seals(ward, "N2", old) is None
    at_shelf("refill", ward=ward, by="tom")
    assert shows(ward, "N2", by="tom") == Refusal("kit.expired", "2026-02-28")


def test_a_sealed_kit_comes_in_by_its_tag() -> None:
    """And stands in the pocket that it was put into."""
    ward = Ward(SETTING)
    ward.signs_in("pia")
    seals(ward, "N1")
    at_shelf("refill", ward=ward, by="tom")
    assert shows(ward, "N1", by="tom") is None
    ward.counts(2, by="tom")
    ward.states(1, by="tom")
    assert tray.trays(ward.core.scene)["N1"].pocket == "kits"
    assert replayed(SETTING, ward.drafts).state == ward.state


@pytest.mark.parametrize(("tag", "code"), [("T9", "kit.tag_unknown"), ("", "kit.no_tag"), ("N1", "kit.elsewhere")])
def test_a_tag_that_is_not_this_pockets_is_refused(tag: str, code: str) -> None:
    """Nothing is recorded as taken that was not there."""
    ward = Ward(SETTING)
    ward.signs_in("pia")
    seals(ward, "N1")
    at_shelf(ward=ward)
    refusal = shows(ward, tag)
    assert refusal is not None
    assert refusal.code == code
    assert ward.facts_of(KitRead) == []


def test_only_whose_access_it_is_reads_a_tag_and_only_a_kits() -> None:
    """As with every other word."""
    ward = at_shelf()
    ward.signs_in("noor")
    assert shows(ward, "T1", by="noor") == Refusal("access.not_yours")
    assert shows(ward, "T1", by="nobody") == Refusal("session.unknown")
    assert shows(ward, "T1", access="z") == Refusal("access.unknown")
    plain = Ward(SETTING)
    plain.signs_in("nina")
    plain.wants("withdraw", "p1", 1)
    plain.opens("locks:0")
    assert shows(plain, "T1") == Refusal("access.not_asked")


def test_a_tag_of_another_kit_is_refused() -> None:
    """Two kits look alike from outside."""
    other = replace(item("code_kit"), kit=((ItemId("cream"), 1),))
    setting = replace(SETTING, formulary={**SETTING.formulary, other.id: other})
    ward = Ward(setting)
    ward.signs_in("pia")
    assert seals(ward, "C1", (KitContent(ItemId("cream"), Units(1), None, "2028-01-31"),), of="code_kit") is None
    at_shelf(ward=ward)
    assert shows(ward, "C1") == Refusal("kit.other_item", "C1")


def test_a_kit_is_sealed_whole_under_a_tag_of_its_own_by_a_pharmacist() -> None:
    """What the formulary says is in it, is in it; with every expiry."""
    ward = Ward(SETTING)
    ward.signs_in("pia")
    ward.signs_in("tom")
    assert seals(ward, "N1", LINES[:1]) == Refusal("kit.contents", "rsi_kit")
    assert seals(ward, "N1", (LINES[0], replace(LINES[1], expiry=None))) == Refusal("kit.contents", "rsi_kit")
    assert seals(ward, "T1") == Refusal("kit.tag_taken", "T1")
    assert seals(ward, "") == Refusal("kit.no_tag", "")
    assert seals(ward, "N1", of="paracetamol") == Refusal("item.unknown", "paracetamol")
    assert seals(ward, "N1", by="nobody") == Refusal("session.unknown")
    refused = seals(ward, "N1", by="tom")
    assert refused is not None
    assert refused.code == "policy.role"


# --- order sets

SET = OrderSet("code", "Code blue", ((ItemId("paracetamol"), Units(1)), (ItemId("cream"), Units(2)), (ItemId("insulin"), Units(1))))


def test_an_order_set_is_one_choice_and_several_withdrawals_one_after_another() -> None:
    """Each is an access of its own, judged like every other; what is not here is said."""
    ward = Ward(SETTING)
    ward.signs_in("nina")

    def found() -> tuple[Part, ...]:
        here = {ItemId(line.item) for line in ward.state.lines.values()}
        return expand(SET, "c", SETTING.formulary, here.__contains__, ward.state.accesses)

    def parts() -> list[str]:
        return [part.stands for part in found()]

    def due() -> AccessId | None:
        part = next_due(found())
        return None if part is None else part.access

    assert (parts(), due()) == (["due", "due", "absent"], "c-0")
    ward.wants("withdraw", item="paracetamol", units=1, access="c-0")
    assert (parts(), due()) == (["under way", "due", "absent"], None)
    ward.opens("locks:0")
    ward.states(1, access="c-0")
    ward.closes("locks:0")
    assert (parts(), due()) == (["done", "due", "absent"], "c-1")
    ward.wants("withdraw", item="cream", units=2, access="c-1")
    ward.opens("locks:1")
    ward.cancels(access="c-1")
    ward.closes("locks:1")
    assert (parts(), due()) == (["done", "left", "absent"], None)
