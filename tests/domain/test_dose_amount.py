"""Amounts are whole numbers, read as written or not at all, and written so that nobody reads them ten times too large.

Alone knows: what people write. Must not know: which patient it is for.
"""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from cabinet.domain.dose.amount import STEPS, Amount, Dose, Unreadable, measure, step, units_text
from cabinet.domain.dose.portion import amount_of, units_m
from cabinet.domain.dose.reading import parse
from cabinet.domain.formulary import CountMode
from tests.domain.dose_bench import amount, item


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2.5 mg", "2.5 mg"),
        ("650MG", "650 mg"),
        ("500 mcg", "500 mcg"),
        ("500 \u00b5g", "500 mcg"),
        ("10 mL", "10 mL"),
        ("5000 units", "5,000 units"),
        ("5,000 UNIT", "5,000 units"),
        ("10 IU", "10 units"),
        ("1 unit", "1 unit"),
        ("5 million units", "5 million units"),
        ("2,5 mg", "2.5 mg"),
        ("0,125 mg", "0.125 mg"),
        (".5 mg", "0.5 mg"),
        ("5.0 mg", "5 mg"),
        ("half tab", "0.5 tablet"),
        ("1/2 tab", "0.5 tablet"),
        ("½ tab", "0.5 tablet"),
        ("1 HALF TAB", "1 half tablet"),
        ("two puffs", "2 puffs"),
        ("20 mEq", "20 mEq"),
        ("0.5-1 tab", "0.5 to 1 tablet"),
        ("1-2", "1 to 2"),
        ("1 to 2 tabs", "1 to 2 tablets"),
        ("2.5 mg - 5 mg", "2.5 to 5 mg"),
        ("500 mcg-1 mg", "500 mcg to 1 mg"),
        ("0-10 UNIT", "0 to 10 units"),
        ("0.1 mg/kg", "0.1 mg/kg"),
        ("5 mcg/kg/min", "5 mcg/kg/min"),
        ("125 mL/hr", "125 mL/h"),
        ("3 patches", "3 patches"),
    ],
)
def test_what_people_write_is_read_and_written_as_ismp_asks(text: str, said: str) -> None:
    """4A.7: a zero before the point, none after it, 'units' in full, commas in thousands: .5 and 5.0 have killed."""
    assert str(parse(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "thin layer", "MD to order daily dose", "3 in", "mg", "-5 mg", "5 mg-325 mg", "800-160 mg", "5/325 mg", "10 mL (20 mg)",
        "10 mg/5 mL", "1.234,5 mg", "1.5.2 mg", "5 mg 5 mg", "1e3 mg", "1/0 tab", "2-1 tab", "1 tab-2 mg", "0.0000001 mg", "x" * 500,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_to_be_so_and_never_guessed(text: str) -> None:
    """A combination's two strengths are no range, a ratio is no dose, and nothing is worth a guess."""
    said = parse(text)
    assert isinstance(said, Unreadable)
    assert said.why


@given(st.text(max_size=100))
def test_no_words_raise(text: str) -> None:
    """Orders come from systems that nobody here wrote."""
    assert isinstance(parse(text), Dose | Unreadable)


@given(st.integers(1, 10**15), st.sampled_from([*STEPS, "tablet", "puff"]))
def test_what_is_written_is_read_as_the_same(value: int, unit: str) -> None:
    """No amount changes by being shown and typed again."""
    shown = Amount(value, measure(unit), unit)
    if value * 10**6 % step(unit):
        reject()  # finer than anybody writes
    said = parse(str(shown))
    assert isinstance(said, Dose)
    assert said.high.is_same(shown)


def test_a_half_is_half_of_what_a_unit_holds_in_every_measure() -> None:
    """A vial of 4 mg in 2 mL: 2 mg, 1 mL and half a vial are the same; so are 2,000 mcg."""
    vial = item("morphine", "4 mg", "2 mL", unit="vial", form="vial")
    assert {units_m(vial, said) for said in ("2 mg", "1 mL", "0.5 vial", "half vial", "2000 mcg")} == {500}
    assert str(amount_of(vial, 500)) == "2 mg"
    assert units_text(500, "vial") == "0.5 vial"


def test_a_number_without_a_unit_is_nothing_unless_units_were_asked_for() -> None:
    """A "5" for a tablet of 5 mg may be one tablet or five."""
    tablet = item("oxycodone", "5 mg")
    assert isinstance(units_m(tablet, "5"), Unreadable)
    assert units_m(tablet, "0.5", of_units=True) == 500


def test_what_one_unit_holds_must_be_known_to_turn_milligrams_into_units() -> None:
    """A tablet of two substances has no milligrams of its own; it is counted in tablets."""
    norco = item("hydrocodone-acetaminophen")
    assert isinstance(units_m(norco, "5 mg"), Unreadable)
    assert units_m(norco, "1 tab") == 1000
    assert isinstance(units_m(norco, "1-2 tabs"), Unreadable)


def test_liquids_are_counted_in_millilitres_and_given_by_strength() -> None:
    """10 mg of a solution with 2 mg in each mL are 5 mL."""
    syrup = item("morphine", "2 mg", unit="mL", form="oral solution", count_mode=CountMode.VOLUME)
    assert (units_m(syrup, "10 mg"), units_m(syrup, "5 mL")) == (5000, 5000)


def test_half_tablets_that_the_pharmacy_packs_are_units_of_their_own() -> None:
    """The same words mean one unit of the packed halves and half a unit of the whole tablets."""
    assert units_m(item("warfarin", "5 mg"), "1 half tab") == 500
    assert units_m(item("warfarin", "2.5 mg", unit="half tablet"), "1 half tab") == 1000


def test_three_doses_of_a_third_are_rounded_and_nothing_vanishes() -> None:
    """A dose that is no whole number of thousandths is the nearest one, and never none."""
    assert units_m(item("apap", "325 mg"), "500 mg") == 1538
    assert units_m(item("insulin", "10000 units", unit="vial"), "1 unit") == 1


def test_the_same_amount_in_other_words_is_the_same() -> None:
    """400 mcg and 0.4 mg; but a tablet is no puff."""
    assert amount("400 mcg").is_same(amount("0.4 mg"))
    assert not amount("1 tablet").is_same(amount("1 puff"))
