"""A scanned package at an open pocket: it fills in lot and expiry, or is refused with a reason; it never moves a unit."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.core import Step
from cabinet.domain.facts import PackageScanned, ScanRefused, UnitsMoved
from cabinet.domain.package import check as package
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Scan
from cabinet.domain.vocabulary import AccessId, ScannedCode, SessionId
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
        (box("9999999999"), "scan.unknown"),
        (ScannedCode("HIBC", "]C0+", product="A123X"), "scan.unknown"),
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
    assert package.waiting(ward.state) == ("tom", "a")
    ward.counts(20, by="tom")
    ward.states(5, by="tom")
    assert package.waiting(ward.state) is None
    assert package.waiting(opened("count", "p1", 0, by="tom").state) is None
