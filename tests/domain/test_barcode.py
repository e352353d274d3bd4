"""What a scan says of a package, and what is not believed: own examples, the official vectors of GS1 and the known ones of HIBC."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.package.barcode import GS, day_of, read
from cabinet.domain.package.hibc import check_character
from cabinet.domain.package.ndc import digits_in_gtin, ten_digits
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ScannedCode

VECTORS = Path(__file__).parents[2].parent / "shared/data/gs1"
YEAR = 2026
GOOD = f"]d201003059103690191727063010AB12C{GS}21SN0001"


def vectors(name: str, *kinds: str) -> list[dict[str, Any]]:
    """The vectors of some kinds; none where the files are not at hand."""
    path = VECTORS / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [row for row in map(json.loads, lines) if row.get("kind") in kinds]


def code(text: str) -> str:
    """The refusal of a scan, or nothing."""
    found = read(text, YEAR)
    return found.code if isinstance(found, Refusal) else ""


def test_a_drug_package_says_product_lot_expiry_and_serial() -> None:
    """The measured example of a US prescription drug."""
    assert read(GOOD, YEAR) == ScannedCode(
        "GS1 DataMatrix", GOOD, "00305910369019", "0591036901", "AB12C", "2027-06-30", "SN0001"
    )  # fmt: skip


@pytest.mark.parametrize("prefix", ["]d2", "]C1", "]e0", "]Q3"])
def test_every_gs1_carrier_says_the_same(prefix: str) -> None:
    """What counts is the message, not the picture."""
    found = read(prefix + GOOD[3:], YEAR)
    assert isinstance(found, ScannedCode)
    assert (found.lot, found.expiry) == ("AB12C", "2027-06-30")


def test_a_code_without_its_prefix_is_refused() -> None:
    """Fourteen digits may be anything; the prefix alone says what they are."""
    assert code(GOOD[3:]) == code("00305910369019") == code("") == code("]") == "scan.no_prefix"


def test_a_lot_that_swallowed_its_serial_is_doubted() -> None:
    """A keyboard wedge drops the separator: the lot would be AB12C21SN0001, for ever."""
    assert code(GOOD.replace(GS, "")) == "scan.doubtful"


@pytest.mark.parametrize(
    "body",
    [
        "010030591036901910LOT7" + "17270630",
        "010030591036901921SERIAL" + "17270630" + "10AB",
        "0100305910369019172706301012345678901234567" + "21SERIAL",
    ],
)
def test_other_fields_that_ran_together_are_doubted(body: str) -> None:
    """A date in a lot, a lot in a serial, and a lot longer than a lot can be."""
    assert code("]d2" + body) == "scan.doubtful"


def test_a_lot_with_a_telling_number_is_believed_where_separators_arrive() -> None:
    """A scanner that sends one separator sends them all; and a serial that stands elsewhere was not swallowed."""
    for body in (f"0100305910369019172706302112345{GS}10B2107", f"01003059103690191727063010B2107{GS}2112345"):
        found = read("]d2" + body, YEAR)
        assert isinstance(found, ScannedCode)
        assert found.lot == "B2107"


def test_day_nought_is_the_last_of_the_month() -> None:
    """GS1 General Specifications, 3.4.2."""
    assert day_of("270600", YEAR) == "2027-06-30"
    assert day_of("280200", YEAR) == "2028-02-29"
    assert day_of("270230", YEAR) is day_of("271301", YEAR) is day_of("2706", YEAR) is None


def test_a_century_is_the_nearest_one() -> None:
    """A code has two digits of its year (GS1 General Specifications, 7.12)."""
    assert [day_of(short + "0101", YEAR) for short in ("76", "77", "26", "00")] == ["2076-01-01", "1977-01-01", "2026-01-01", "2000-01-01"]
    assert day_of("010101", 2060) == "2101-01-01"


@pytest.mark.parametrize(
    "text",
    [
        "]d20100305910369018", "]d2", "]d1x", "]d20100305910369019172702301", "]E0123", "]E0030591036901", f"]d2{'x' * 600}",
        "]C1\x00\x01", "]d2é",
    ],
)  # fmt: skip
def test_what_is_no_code_of_a_medicine_is_unreadable(text: str) -> None:
    """A wrong check digit, nothing, no such day, too short, too long, no text."""
    assert code(text) == "scan.unreadable"


@given(st.text(max_size=80), st.sampled_from(["", "]d2", "]C1", "]e0", "]E0", "]C0+", "]d1+"]))
def test_nothing_that_a_scanner_sends_is_a_crash(text: str, prefix: str) -> None:
    """Every text is a code or a refusal from the catalogue."""
    found = read(prefix + text, YEAR)
    assert isinstance(found, ScannedCode) or found.sentence


@pytest.mark.parametrize(
    ("ndc", "digits"),
    [
        ("0591-0369-01", {"0591036901"}),
        ("59762-037-01", {"5976203701"}),
        ("50090-1234-0", {"5009012340"}),
        ("59762-0037-01", {"5976203701", "5976200371"}),
        ("00591-0369-01", {"0591036901", "0059136901", "0059103691"}),
        ("000591-0369-01", {"0591036901", "0059136901", "0059103691"}),
    ],
)
def test_an_ndc_is_matched_by_digits_in_every_layout(ndc: str, digits: set[str]) -> None:
    """The dashes cannot be derived from a bar code, and payers pad: the formulary may write any of them."""
    assert ten_digits(ndc) == digits


def test_ndc_stands_in_a_us_gtin_alone() -> None:
    """Any other GTIN's digits are no drug code."""
    assert digits_in_gtin("00305910369019") == digits_in_gtin("50305910369014") == "0591036901"
    assert digits_in_gtin("05901234123457") is digits_in_gtin("0305910369019") is None


# --- the official verdicts

NOT_OURS = {
    "]Q1": "a QR code that is not GS1's, or a web address: no medicine is labelled so",
    "]d1": "a Data Matrix that is not GS1's holds an HIBC or nothing of ours",
    "]J0": "a DotCode that is not GS1's",
}
"""The engine reads these as plain data; here they are no code of a medicine."""

LATER_RULES = {
    "991234": "begins without FNC1; in a scan the prefix says that it has one",
    "^7007211225211": "AI 7007 (harvest dates) is read as one date, and what is left as a field; no medicine carries it",
    "^70072112252112": "the same",
    "^800302112345678901ABC": "AI 8003 (returnable assets) has to begin with 0; no medicine carries it",
}
"""What biip lets pass and the engine does not, one by one."""


@pytest.mark.parametrize("row", vectors("gs1_syntax_engine_vectors.jsonl", "processScanData"), ids=lambda row: row["id"])
def test_scans_are_judged_as_the_gs1_engine_judges_them(row: dict[str, Any]) -> None:
    """Official verdicts on whole scans."""
    is_taken = isinstance(read(row["input"], YEAR), ScannedCode)
    assert is_taken == (row["ok"] and row["input"][:3] not in NOT_OURS)


@pytest.mark.parametrize("row", vectors("gs1_syntax_engine_vectors.jsonl", "processAIdata"), ids=lambda row: row["id"])
def test_messages_are_judged_as_the_gs1_engine_judges_them(row: dict[str, Any]) -> None:
    """Official verdicts on messages, where FNC1 is written as ^."""
    is_taken = isinstance(read("]d2" + row["input"].removeprefix("^").replace("^", GS), YEAR), ScannedCode)
    assert is_taken == (row["ok"] or row["input"] in LATER_RULES)


@pytest.mark.parametrize("row", vectors("hibc_vectors.jsonl", "parse"), ids=lambda row: row["id"])
def test_hibc_examples_are_read(row: dict[str, Any]) -> None:
    """Two differences: codes glued together are no scan, and a month without a day ends on its last."""
    text = row["input"] if row["input"].startswith("]") else "]C0" + row["input"]
    found, wanted = read(text, YEAR), row["expect"]
    if row["input"].count("+") - row["input"].count("$$+") > 1:
        assert found == Refusal("scan.unreadable")
        return
    assert isinstance(found, ScannedCode)
    expiry = "2025-01-31" if wanted.get("exp_fmt") == "MMyy" else (wanted.get("exp") or "")[:10] or None
    assert (found.product, found.lot, found.expiry, found.serial) == (
        wanted["lic"] + wanted["pcn"], wanted.get("lot"), expiry, wanted.get("serial")
    )  # fmt: skip


def test_hibc_has_a_check_character() -> None:
    """Modulo 43, the example of ANSI/HIBC 2.6; and a wrong one is no code."""
    assert check_character("+/EO523201") == "3"
    assert check_character("+é") is None
    assert code("]C0+A123BJC5D6E71X") == "scan.unreadable"


@pytest.mark.parametrize(
    ("secondary", "expected"),
    [
        ("$$0631LOT", ("LOT", "2031-06-30", None)),
        ("$$2063031LOT", ("LOT", "2031-06-30", None)),
        ("$$3310630LOT", ("LOT", "2031-06-30", None)),
        ("$$431063012LOT", ("LOT", "2031-06-30", None)),
        ("$$531181LOT", ("LOT", "2031-06-30", None)),
        ("$$63118112LOT", ("LOT", "2031-06-30", None)),
        ("$$7LOT", ("LOT", None, None)),
        ("$$+7SER", (None, None, "SER")),
        ("$LOT", ("LOT", None, None)),
        ("$+SER", (None, None, "SER")),
        ("14D20310630", (None, "2031-06-30", None)),
        ("Q12", (None, None, None)),
    ],
)
def test_hibc_dates_come_in_seven_forms(secondary: str, expected: tuple[str | None, ...]) -> None:
    """MMYY, MMDDYY, YYMMDD, with an hour, YYJJJ, with an hour, and none."""
    body = f"+A123BJC5D6E71/{secondary}"
    found = read(f"]C0{body}{check_character(body)}", YEAR)
    assert isinstance(found, ScannedCode)
    assert (found.lot, found.expiry, found.serial) == expected


@pytest.mark.parametrize("secondary", ["$$1331LOT", "$$3311330LOT", "$$531000LOT", "14D20311330", "X", "Q", ""])
def test_hibc_that_says_no_date_is_unreadable(secondary: str) -> None:
    """A thirteenth month is a misread, never a lot."""
    body = f"+A123BJC5D6E71/{secondary}"
    assert code(f"]C0{body}{check_character(body)}") == "scan.unreadable"


def test_a_secondary_code_alone_names_no_product() -> None:
    """Two symbols on one package: this one ends in the link character of the other."""
    body = "+$$3310630LOTG"
    found = read(f"]C0{body}{check_character(body)}", YEAR)
    assert isinstance(found, ScannedCode)
    assert (found.product, found.lot, found.expiry) == (None, "LOT", "2031-06-30")
