"""Refusals at refill must not cause stock-outs: an unknown code parks its line, a pharmacist links it, and the line resumes."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.core import Step
from cabinet.domain.facts import CodeDismissed, CodeLinked, CodeParked, LineNotFilled, ScanRefused, UnitsMoved
from cabinet.domain.package.code import keys_of, keys_of_scan
from cabinet.domain.people import Role
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Scan
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, ScannedCode, SessionId
from tests.domain.ward import ITEMS, Ward, granting, opened, replayed, shut, world

CODED = {"paracetamol": ("0406-9001-01", ("+A123BJC5D1", "12345678901231")), "cream": ("00591-0369-01", ())}
SETTING = world(
    formulary={item.id: replace(item, ndc=CODED[item.id][0], codes=CODED[item.id][1]) if item.id in CODED else item for item in ITEMS},
    policy=granting(items={Role.PHARMACIST}),
)
NEW_BOX = ScannedCode("GS1 DataMatrix", "]d2...", gtin="04012345678901", lot="L1", expiry="2027-06-30")
KEY = "gtin:04012345678901"


def refilling(ward: Ward | None = None, access: str = "a") -> Ward:
    """A technician has just opened the paracetamol to refill it."""
    if ward is None:
        return opened("refill", "p1", 5, by="tom", setting=SETTING)
    assert ward.wants("refill", "p1", 5, by="tom", access=access).refusal is None
    ward.opens("locks:0")
    return ward


def shows(ward: Ward, read: ScannedCode | Refusal, access: str = "a") -> Step:
    """A package is held to a scanner."""
    return ward.happen(events.PackageShown(ward.tick(), SessionId("tom"), AccessId(access), read))


def parks(ward: Ward, *, by: str = "tom", access: str = "a") -> Step:
    """One touch."""
    return ward.happen(events.CodeParkAsked(ward.tick(), SessionId(by), AccessId(access)))


def links(ward: Ward, code: str, item: str, *, by: str = "pia") -> Step:
    """Somebody says which item bears a code."""
    return ward.happen(events.CodeLinkAsked(ward.tick(), SessionId(by), code, ItemId(item)))


def parked() -> Ward:
    """A line whose code nobody knew waits; the technician closed the pocket as it was."""
    ward = refilling()
    shows(ward, NEW_BOX)
    assert parks(ward).refusal is None
    ward.counts(20, by="tom")
    shut(ward, "p1")
    assert ward.access().phase == "cancelled"
    return ward


def test_an_unknown_code_is_refused_and_kept_as_what_it_is() -> None:
    """So that it can be parked by one touch; nothing is filled in by it."""
    ward = refilling()
    assert shows(ward, NEW_BOX).refusal == Refusal("scan.unknown", "04012345678901")
    assert ward.facts_of(ScanRefused) == [ScanRefused(PocketId("p1"), ItemId("paracetamol"), "scan.unknown", None, KEY)]
    assert ward.access().scan == Scan(code="scan.unknown", key=KEY)


def test_one_touch_parks_the_line_and_nothing_is_put_in() -> None:
    """The technician goes on with the next pocket; this one keeps what it held."""
    ward = parked()
    assert ward.facts_of(CodeParked) == [CodeParked(KEY, PocketId("p1"), ItemId("paracetamol"))]
    assert ward.line("p1").units == 20
    assert ward.state.parked[KEY].is_waiting
    assert replayed(SETTING, ward.drafts).state == ward.state


def test_the_line_resumes_once_a_pharmacist_has_linked_the_code() -> None:
    """From then on scanning it works, for everybody, and after a restart."""
    ward = parked()
    ward.signs_in("pia")
    assert links(ward, KEY, "paracetamol").refusal is None
    assert ward.facts_of(CodeLinked) == [CodeLinked(KEY, ItemId("paracetamol"))]
    assert ward.state.parked[KEY].linked == "paracetamol"
    ward.restart()
    ward.signs_in("tom")
    refilling(ward, "b")
    assert shows(ward, NEW_BOX, "b").refusal is None
    assert ward.access("b").scan == Scan("L1", "2027-06-30")


def test_linking_is_a_pharmacists_act() -> None:
    """Whoever carries the bag does not also say what is in it."""
    ward = parked()
    assert links(ward, KEY, "paracetamol", by="tom").refusal is not None
    assert links(ward, KEY, "paracetamol", by="nobody").refusal == Refusal("session.unknown")
    assert ward.facts_of(CodeLinked) == []


def test_a_code_is_never_taken_from_the_item_that_bears_it() -> None:
    """Two items with one code would let one be put in for the other."""
    ward = parked()
    ward.signs_in("pia")
    assert links(ward, "0591-0369-01", "paracetamol").refusal == Refusal("code.linked", "cream")
    assert links(ward, "no code", "paracetamol").refusal == Refusal("code.form", "no code")
    assert links(ward, KEY, "moon dust").refusal == Refusal("item.unknown", "moon dust")
    links(ward, KEY, "cream")
    assert links(ward, KEY, "paracetamol").refusal == Refusal("code.linked", "cream")


def test_a_pharmacist_may_say_that_it_is_not_to_be_put_in() -> None:
    """The technician reads why beside the line."""
    ward = parked()
    ward.signs_in("pia")
    dismissed = events.CodeDismissAsked(ward.tick(), SessionId("pia"), KEY, "sample, not for sale")
    assert ward.happen(dismissed).refusal is None
    assert ward.facts_of(CodeDismissed) == [CodeDismissed(KEY, "sample, not for sale")]
    assert ward.state.parked[KEY].why_not == "sample, not for sale"
    assert ward.happen(dismissed).refusal == Refusal("code.unknown", KEY)


def test_only_an_unknown_code_is_parked_and_only_by_whose_access_it_is() -> None:
    """A known wrong item is refused: it goes back, and no pharmacist is asked."""
    ward = refilling()
    assert parks(ward).refusal == Refusal("code.unparked")
    shows(ward, ScannedCode("EAN-13", "]E0", ndc="0591036901"))
    assert parks(ward).refusal == Refusal("code.unparked")
    ward.signs_in("nina")
    assert parks(ward, by="nina").refusal == Refusal("access.not_yours")
    assert parks(ward, access="z").refusal == Refusal("access.unknown")
    assert parks(ward, by="nobody").refusal == Refusal("session.unknown")


@pytest.mark.parametrize(
    "read",
    [
        ScannedCode("HIBC", "]C0+", product="A123BJC5D"),
        ScannedCode("ITF-14", "]I1", gtin="12345678901231"),
        ScannedCode("GS1 DataMatrix", "]d2", ndc="0406900101"),
    ],
)
def test_a_package_is_known_by_any_code_that_its_item_lists(read: ScannedCode) -> None:
    """HIBC products have no NDC, and one item has packages of several makers."""
    assert shows(refilling(), read).refusal is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0406-9001-01", "ndc:0406900101"),
        ("00406900101", "ndc:0406900101"),
        ("00304069001015", "gtin:00304069001015"),
        ("00304069001015", "ndc:0406900101"),
        ("4012345678901", "gtin:04012345678901"),
        ("+A123BJC5D1", "hibc:A123BJC5D"),
        ("a123bjc5d1", "hibc:A123BJC5D"),
        (KEY, KEY),
    ],
)
def test_one_code_has_one_key_however_it_is_written(written: str, key: str) -> None:
    """Dashes, padding, plus sign or none."""
    assert key in keys_of(written)


def test_a_scan_without_a_product_has_no_key() -> None:
    """A lot alone says nothing of what it is."""
    assert keys_of_scan(ScannedCode("GS1-128", "]C1", lot="L1")) == frozenset()


@pytest.mark.parametrize("reason", ["not_in_bag", "jammed", "full", "short"])
def test_could_not_fill_has_reasons_and_is_forgotten_once_it_was_filled(reason: str) -> None:
    """The need stays; why it stays is told."""
    ward = Ward(SETTING)
    ward.signs_in("tom")
    said = events.NotFilledSaid(ward.tick(), SessionId("tom"), PocketId("p1"), reason, "two boxes short")
    assert ward.happen(said).refusal is None
    assert ward.facts_of(LineNotFilled) == [LineNotFilled(PocketId("p1"), ItemId("paracetamol"), reason, "two boxes short")]
    assert ward.state.unfilled["p1"].reason == reason
    assert replayed(SETTING, ward.drafts).state == ward.state
    refilling(ward)
    ward.counts(20, by="tom")
    ward.states(5, by="tom")
    assert ward.facts_of(UnitsMoved)[-1].units == 5  # type: ignore[attr-defined]
    assert ward.state.unfilled == {}


def test_a_reason_is_one_of_four_and_said_by_who_fills() -> None:
    """A free text alone could not be counted."""
    ward = Ward(SETTING)
    ward.signs_in("tom")
    ward.signs_in("nina")

    def says(by: str, pocket: str, reason: str) -> Refusal | None:
        return ward.happen(events.NotFilledSaid(ward.tick(), SessionId(by), PocketId(pocket), reason)).refusal

    assert says("tom", "p1", "tired") == Refusal("refill.reason", "tired")
    assert says("tom", "p4", "full") == Refusal("pocket.unassigned", "p4")
    assert says("nobody", "p1", "full") == Refusal("session.unknown")
    refused = says("nina", "p1", "full")
    assert refused is not None
    assert refused.code == "policy.role"


def test_a_pharmacist_links_at_the_pharmacy_and_the_line_resumes() -> None:
    """Nobody has to walk to the cabinet: the word comes down, the parked code is known, and the next scan is taken."""
    ward = parked()
    said = events.DocumentReceived(ward.tick(), "codes", 1, None, "0" * 64, (events.SentCode(KEY, ItemId("paracetamol")),), ())
    assert ward.happen(said).refusal is None
    assert (ward.state.parked[KEY].linked, ward.state.parked[KEY].is_waiting) == ("paracetamol", False)
    refilling(ward, "b")
    assert shows(ward, NEW_BOX, "b").refusal is None


def test_a_pharmacist_says_no_at_the_pharmacy() -> None:
    """The bag goes back; the technician reads why."""
    ward = parked()
    said = events.DocumentReceived(ward.tick(), "codes", 1, None, "0" * 64, (events.SentCode(KEY, None, "extended release"),), ())
    ward.happen(said)
    assert (ward.state.parked[KEY].is_waiting, ward.state.parked[KEY].why_not) == (False, "extended release")
