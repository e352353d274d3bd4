"""A scanned package at an open pocket: it fills in lot and expiry, or is refused with a reason; it never moves a unit."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.core import Step
from cabinet.domain.facts import PackageScanned, ScanRefused, UnitsMoved
from cabinet.domain.package import check as package
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Scan
from cabinet.domain.vocabulary import AccessId, ItemId, ScannedCode, SessionId
from tests.domain.ward import ITEMS, Ward, opened, replayed, world

CODED = {"paracetamol": "0406-9001-01", "cream": "00591-0369-01"}
SETTING = world(formulary={item.id: replace(item, ndc=CODED.get(item.id, item.ndc)) for item in ITEMS})


def box(ndc: str = "0406900101", *, expiry: str | None = "2027-06-30") -> ScannedCode:
    """A package as its code says."""
    return ScannedCode("GS1 DataMatrix", "]d2...", "00304069001015", ndc, "AB12C", expiry, "SN1")


def refilling() -> Ward:
    """A technician has just opened a pocket to refill it."""
    return opened("refill", "p1", 5, by="tom", setting=SETTING)


def shows(ward: Ward, read: ScannedCode | Refusal, *, by: str = "tom", access: str = "a") -> Step:
    """A package is held to a scanner."""
    return ward.happen(events.PackageShown(ward.tick(), SessionId(by), AccessId(access), read))


def test_the_right_package_fills_lot_and_expiry() -> None:
    """What is printed is taken as printed; nothing is moved by it."""
    ward = refilling()
    assert shows(ward, box()).refusal is None
    assert ward.access().scan == Scan("AB12C", "2027-06-30")
    assert ward.facts_of(PackageScanned) == [
        PackageScanned("p1", "paracetamol", "GS1 DataMatrix", "00304069001015", "AB12C", "2027-06-30", "SN1")  # type: ignore[arg-type]
    ]
    assert not [fact for fact in ward.facts_of(UnitsMoved) if fact.target == "pocket" and fact.lot == "AB12C"]  # type: ignore[attr-defined]
    assert replayed(SETTING, ward.drafts).state == ward.state


def test_a_padded_code_of_the_formulary_is_the_same_item() -> None:
    """Payers write eleven digits where the package has ten."""
    ward = opened("refill", "p3", 5, by="tom", setting=SETTING)
    assert shows(ward, box("0591036901")).refusal is None


def test_another_item_is_refused_by_both_names() -> None:
    """A look at the package must show the difference; and the near miss is kept."""
    ward = refilling()
    refusal = shows(ward, box("0591036901")).refusal
    assert refusal is not None
    assert refusal.code == "scan.other_item"
    assert refusal.detail == "this is cream 5 mg tab, the pocket holds paracetamol 5 mg tab"
    assert ward.facts_of(ScanRefused) == [ScanRefused("p1", "paracetamol", "scan.other_item", "cream")]  # type: ignore[arg-type]
    assert ward.access().scan == Scan(code="scan.other_item", found="cream")
    shows(ward, box())
    assert ward.access().scan == Scan("AB12C", "2027-06-30")


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (box(expiry="2026-03-01"), "scan.expired"),
        (Refusal("scan.no_prefix"), "scan.no_prefix"),
        (Refusal("scan.unreadable"), "scan.unreadable"),
        (Refusal("scan.doubtful"), "scan.doubtful"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_kept(read: ScannedCode | Refusal, code: str) -> None:
    """Nothing is filled in by it."""
    ward = refilling()
    refusal = shows(ward, read).refusal
    assert refusal is not None
    assert refusal.code == code
    assert ward.access().scan == Scan(code=code)


def test_what_expires_today_is_not_yet_expired() -> None:
    """An expiry is the last day of use."""
    assert shows(refilling(), box(expiry="2026-03-02")).refusal is None


def test_only_an_access_that_is_told_a_lot_takes_a_scan() -> None:
    """And only from the person whose access it is."""
    ward = opened("count", "p1", 0, by="tom", setting=SETTING)
    assert shows(ward, box()).refusal == Refusal("access.not_asked")
    ward = refilling()
    ward.signs_in("pia")
    assert shows(ward, box(), by="pia").refusal == Refusal("access.not_yours")
    assert shows(ward, box(), access="b").refusal == Refusal("access.unknown")


def test_a_scan_from_nowhere_is_for_the_one_open_refill() -> None:
    """A scanner on its own line does not know whose hand it is in."""
    ward = refilling()
    assert package.waiting(ward.state, ward.world) == ("tom", "a")
    ward.counts(20, by="tom")
    ward.states(5, by="tom")
    assert package.waiting(ward.state, ward.world) is None
    counting = opened("count", "p1", 0, by="tom")
    assert package.waiting(counting.state, counting.world) is None


def test_where_each_refill_is_scanned_nothing_else_is_put_in() -> None:
    """ISMP 2019, 6; nothing at all is still an answer, and a kit has its tag."""
    rules = replace(SETTING.policy.placing, is_scan_needed=True)
    ward = opened("refill", "p1", 5, by="tom", setting=replace(SETTING, policy=replace(SETTING.policy, placing=rules)))
    ward.counts(20, by="tom")
    refused = ward.states(5, by="tom", lot="L", expiry="2027-06-30").refusal
    assert refused is not None
    assert refused.code == "scan.needed"
    shows(ward, box())
    assert ward.states(5, by="tom", lot="L", expiry="2027-06-30").refusal is None


def test_a_scan_from_nowhere_is_for_a_removal_where_one_is_asked_for() -> None:
    """Asked for, it is meant; otherwise a package that happens to pass the scanner is nobody's."""
    custody = replace(SETTING.policy.custody, scan_items=frozenset({ItemId("paracetamol")}))
    asked = opened("withdraw", "p1", 1, setting=replace(SETTING, policy=replace(SETTING.policy, custody=custody)))
    assert package.waiting(asked.state, asked.world) == ("nina", "a")
    refused = asked.states(1).refusal
    assert refused is not None
    assert refused.code == "scan.needed_to_remove"
    assert asked.happen(events.ScanMissing(asked.tick(), SessionId("nina"), AccessId("a"))).refusal is None
    assert asked.states(1).refusal is None
    assert replayed(asked.world, asked.drafts).state == asked.state
    unasked = opened("withdraw", "p1", 1, setting=SETTING)
    assert package.waiting(unasked.state, unasked.world) is None
    assert shows(unasked, box(), by="nina").refusal is None, "who scans it all the same hears whether it is the right one"


CONFIRMS = replace(SETTING, policy=replace(SETTING.policy, custody=replace(SETTING.policy.custody, scan_confirms=True)))


def test_where_policy_lets_it_a_scan_says_that_what_was_asked_for_was_taken() -> None:
    """One act instead of another, and not one more; a scan from nowhere is meant for it, too."""
    ward = opened("withdraw", "p1", 2, setting=CONFIRMS)
    assert package.waiting(ward.state, ward.world) == ("nina", "a")
    assert shows(ward, box(), by="nina").refusal is None
    assert (ward.access().confirmed, ward.line("p1").units) == (2, 18)
    assert replayed(CONFIRMS, ward.drafts).state == ward.state


def test_a_scan_before_the_count_says_nothing_of_how_many() -> None:
    """What is counted blind is counted first."""
    coded = {one.id: replace(one, ndc="0591-0369-01") if one.id == "oxycodone" else one for one in SETTING.formulary.values()}
    ward = opened("withdraw", "oxy", 2, setting=replace(CONFIRMS, formulary=coded))
    assert shows(ward, box("0591036901"), by="nina").refusal is None
    assert (ward.access().confirmed, ward.asks()[0]) == (None, "count_before")


def test_who_goes_on_after_another_item_was_scanned_leaves_a_look_at_it() -> None:
    """A word stands against a scan; nobody is kept from a medicine, and somebody looks."""
    ward = opened("withdraw", "p1", 1, setting=CONFIRMS)
    refusal = shows(ward, box("0591036901"), by="nina").refusal
    assert refusal is not None
    assert ward.states(1).refusal is None
    assert [(debt.kind, debt.why) for debt in ward.state.debts.values()] == [("scan", "what was scanned last was another item")]
