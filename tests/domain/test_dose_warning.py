"""Warnings: few, never decorative, each with the one act that it forces.

Alone knows: when a ward wants to be stopped, and when it does not. Must not know: how a warning is shown.
"""

from dataclasses import replace

import pytest

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.dose.allergy import matching
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.dose.warning import Act, Case, judge, warnings
from cabinet.domain.formulary import CountMode, Item, Population
from cabinet.domain.refusal import Refusal
from tests.domain.dose_bench import amount, case, had, item, patient

OXY = item("oxycodone", "5 mg", allergy_classes=("opioid",), is_high_alert=True)
VIAL = item("morphine", "4 mg", "1 mL", unit="vial", form="vial", is_high_alert=True)
VECURONIUM = item(
    "vecuronium", "10 mg", unit="vial", form="vial", is_paralytic=True, is_high_alert=True, therapeutic_class="neuromuscular blocker"
)  # fmt: skip


def codes(of: Case) -> list[str]:
    """What is warned of."""
    return [warning.code.removeprefix("warning.") for warning in warnings(of)]


def refused(of: Case, *acknowledged: str) -> str | None:
    """What still stops it."""
    refusal = judge(warnings(of), acknowledged, of)
    assert refusal is None or isinstance(refusal, Refusal)
    return refusal.code if refusal else None


def test_an_ordinary_dose_by_a_verified_order_warns_of_nothing() -> None:
    """A warning that is always there is read by nobody: not even an opioid's, where a pharmacist has looked at the order."""
    assert codes(case(OXY, "5 mg")) == []
    assert codes(case(VIAL, "4 mg")) == []
    assert codes(case(OXY, "5 mg", who=patient(allergies=("latex", "no known drug allergies")))) == []


def test_every_warning_has_its_words_and_a_level() -> None:
    """`adc explain` knows them all."""
    assert {f"warning.{name}" for name in WARNINGS} <= set(CATALOGUE)


def test_a_paralytic_stops_until_its_class_is_typed() -> None:
    """Section 7, Vanderbilt: red boxes were clicked away; a word that has to be typed was not asked for."""
    of = case(VECURONIUM, "10 mg")
    [warning] = warnings(of)
    assert warning.sentence == "PARALYSES BREATHING - is the patient ventilated?"
    assert (warning.act, warning.expects) == (Act.TYPE_CLASS, "paralytic")
    assert refused(of) == "warning.paralytic"
    assert refused(of, "warning.paralytic=yes") == "warning.paralytic"
    assert refused(of, "warning.paralytic=Paralytic") is None
    assert refused(of, "warning.paralytic=neuromuscular blocker") is None


def test_a_sealed_kit_with_a_paralytic_says_so_and_opens() -> None:
    """The RSI kit is the safe way to a paralytic; nobody types before an intubation."""
    kit = item("rsi", unit="kit", form="sealed kit", kit=((VECURONIUM.id, 2),), is_high_alert=True)
    [warning] = warnings(case(kit, None, units=1, others=(VECURONIUM,)))
    assert (warning.code, warning.act) == ("warning.paralytic", None)


@pytest.mark.parametrize(
    ("dose", "is_stopped"), [("12 mg", False), ("12.5 mg", True), ("40 mg", True), ("0.4 mg", False), ("0.39 mg", True)]
)
def test_the_tenfold_check(dose: str, is_stopped: bool) -> None:
    """More than three injectable packages, or less than a tenth of one, stops and asks for strength and dose."""
    assert ("tenfold" in codes(case(VIAL, dose))) is is_stopped


def test_the_tenfold_check_asks_for_strength_and_dose_and_knows_them_when_right() -> None:
    """A touch is not enough: who types 40 mg has read 40 mg."""
    of = case(VIAL, "40 mg")
    assert refused(of) == "warning.tenfold"
    assert refused(of, "warning.tenfold=4 mg/1 mL; 4 mg") == "warning.tenfold"
    assert refused(of, "warning.tenfold=40 mg; 40 mg") == "warning.tenfold"
    for typed in ("4 mg/1 mL; 40 mg", "4mg ; 40000 mcg", "4 mg; 10 vials"):
        assert refused(of, f"warning.tenfold={typed}") is None


@pytest.mark.parametrize(
    ("thing", "dose"),
    [
        (item("apap", "325 mg"), "3250 mg"),
        (item("insulin", "1000 units", unit="vial", form="vial", count_mode=CountMode.CONTAINERS, is_multi_dose=True), "6 units"),
        (item("dopamine", "400 mg", unit="bag", form="bag"), "5 mg"),
    ],
)
def test_the_tenfold_check_is_for_injectables_that_a_dose_fills(thing: Item, dose: str) -> None:
    """Six units of an insulin vial are always less than a tenth: asked each time, it would stop nobody."""
    assert "tenfold" not in codes(case(thing, dose))


@pytest.mark.parametrize(
    ("allergy", "matches"),
    [("opioids", True), ("Oxycodone", True), ("OPIOID", True), ("penicillin", False), ("codeine", False), ("", False), ("sulfa", False)],
)
def test_an_allergy_warns_by_class_and_by_name(allergy: str, matches: bool) -> None:
    """4A.7: and of nothing else."""
    of = case(OXY, "5 mg", who=patient(allergies=(allergy,)))
    assert (codes(of) == ["allergy"]) is matches
    if matches:
        assert refused(of, "warning.allergy=no") == "warning.allergy"
        assert refused(of, "warning.allergy=Dr Shah: itching only") is None


def test_an_allergy_is_found_in_what_a_kit_holds() -> None:
    """Who opens the kit gives what is in it."""
    kit = item("rsi", unit="kit", form="sealed kit", kit=((OXY.id, 1),))
    assert matching(("opioid",), kit, {OXY.id: OXY}) == ["opioid"]


APAP = item("apap", "325 mg", max_daily=amount("4 g"), min_interval_min=240)


def test_the_most_of_a_day_counts_every_strength_and_the_last_24_hours() -> None:
    """Eleven tablets of 325 mg are 3.575 g; two more are too many, yesterday's are over, and what was brought back was not given."""
    liquid = item("apap liquid", "160 mg", unit="cup", form="liquid", ingredient="apap")
    before = tuple(had("apap", f"2026-03-02T0{hour}:00:00.000000Z", units=units, by_order=None) for hour, units in ((1, 4), (4, 4), (7, 3)))
    assert codes(case(APAP, "650 mg", schedule="", before=before)) == ["max_daily"]
    assert codes(case(APAP, "650 mg", schedule="", before=before[1:])) == []
    old = had("apap", "2026-03-01T11:59:00.000000Z", units=4, by_order=None)
    assert codes(case(APAP, "650 mg", schedule="", before=(old, *before[1:]))) == []
    returned = replace(before[0], returned=2)
    assert codes(case(APAP, "650 mg", schedule="", before=(returned, *before[1:]))) == []
    cup = had("apap liquid", "2026-03-02T05:00:00.000000Z", units=2, by_order=None)
    assert codes(case(APAP, "1300 mg", schedule="", before=(cup, *before[1:]), others=(liquid,))) == []
    assert codes(case(APAP, "1625 mg", schedule="", before=(cup, *before[1:]), others=(liquid,))) == ["max_daily"]


def test_a_dose_is_too_soon_before_its_interval_and_a_little_early_is_not() -> None:
    """4A.7, last withdrawal: every 4 hours, taken 10:00, now noon; half an hour early is a nurse who plans."""
    of = case(OXY, "5 mg", before=(had("oxycodone", "2026-03-02T10:00:00.000000Z"),))
    [warning] = warnings(of)
    assert (warning.code, warning.sentence) == ("warning.too_soon", "Last taken 2 h ago; 4 h between doses.")
    assert refused(of) == "warning.too_soon"
    assert refused(of, "warning.too_soon=vomited the last one") is None
    assert codes(case(OXY, "5 mg", before=(had("oxycodone", "2026-03-02T08:30:00.000000Z"),))) == []
    wasted = had("oxycodone", "2026-03-02T10:00:00.000000Z", wasted_m=1000)
    assert codes(case(OXY, "5 mg", before=(wasted,))) == []


def test_without_an_order_the_items_own_interval_counts() -> None:
    """Another strength of the same substance is the same medicine."""
    before = (had("apap", "2026-03-02T10:00:00.000000Z", by_order=None),)
    assert codes(case(APAP, None, units=2, before=before)) == ["too_soon"]
    liquid = item("apap liquid", "160 mg", unit="cup", form="liquid", ingredient="apap", min_interval_min=240)
    assert codes(case(liquid, None, units=1, before=before, others=(APAP,))) == ["too_soon"]
    assert codes(case(OXY, "5 mg", before=before, others=(APAP,))) == []


def test_the_same_order_at_once_is_asked_about_as_taken_already() -> None:
    """Two nurses, one patient: the second hears of the first."""
    of = case(OXY, "5 mg", before=(had("oxycodone", "2026-03-02T11:50:00.000000Z"),))
    [warning] = warnings(of)
    assert (warning.code, warning.sentence) == ("warning.already_taken", "This order was taken 10 min ago.")


def test_the_second_tablet_of_a_dose_may_be_fetched_after_the_first() -> None:
    """Of "1-2 tablets" one, and ten minutes later the other; a third one is too many."""
    first = had("oxycodone", "2026-03-02T11:50:00.000000Z")
    assert codes(case(OXY, "1-2 tablets", chosen="1 tablet", before=(first,))) == []
    assert codes(case(OXY, "1-2 tablets", chosen="1 tablet", before=(first, replace(first, access="w2")))) == ["already_taken"]


def test_a_single_dose_is_taken_once_and_one_that_may_repeat_twice() -> None:
    """Said "once", yesterday; "once, may repeat once"."""
    before = had("oxycodone", "2026-03-01T12:00:00.000000Z")
    assert codes(case(OXY, "5 mg", schedule="once", before=(before,))) == ["already_taken"]
    assert codes(case(OXY, "5 mg", schedule="ONCE MR1", before=(before,))) == []
    assert codes(case(OXY, "5 mg", schedule="ONCE MR1", before=(before, replace(before, access="w2")))) == ["already_taken"]


def test_more_than_the_order_is_asked_about() -> None:
    """4A.8: a prompt when the quantity is larger than the order's; less is an ordinary outcome."""
    assert codes(case(OXY, "10 mg", units=3)) == ["more_than_order"]
    assert codes(case(OXY, "10 mg", units=1)) == []
    assert codes(case(OXY, "as directed", units=3)) == []


@pytest.mark.parametrize(("born", "population", "is_asked"), [
    ("2020-01-01", Population.ADULT, True), ("1960-01-01", Population.PAEDIATRIC, True), ("1960-01-01", Population.ADULT, False),
    ("2020-01-01", Population.ANY, False), ("", Population.PAEDIATRIC, False),
])  # fmt: skip
def test_a_strength_for_other_patients_is_asked_about(born: str, population: Population, is_asked: bool) -> None:
    """It is not on the list of this patient; who types its name is asked."""
    of = case(item("heparin", "10 units", unit="vial", form="vial", population=population), "10 units", who=patient(born=born))
    assert (codes(of) == ["population"]) is is_asked


def test_a_high_alert_item_without_a_verified_order_asks_for_its_strength() -> None:
    """On override nobody else has looked at it: the strength on the label is typed, once."""
    of = case(VIAL, None, units=1)
    assert codes(of) == ["high_alert"]
    assert refused(of, "warning.high_alert=10 mg") == "warning.high_alert"
    assert refused(of, "warning.high_alert=4 mg/1 mL") is None
    assert codes(case(VIAL, "4 mg", is_verified=False)) == ["high_alert"]
    assert codes(case(VIAL, None, units=4)) == ["tenfold"]


def test_an_emergency_shows_and_asks_nothing() -> None:
    """Nobody is kept from a medicine."""
    of = case(VECURONIUM, "100 mg", who=patient(allergies=("vecuronium",)), is_emergency=True)
    assert codes(of) == ["paralytic", "tenfold", "allergy"]
    assert refused(of) is None


def test_a_site_chooses_what_each_warning_does() -> None:
    """Off, show or act: data of the care area."""
    shown = DosingRules(warnings={"allergy": Level.SHOW, "too_soon": Level.OFF})
    of = case(
        OXY, "5 mg", who=patient(allergies=("opioid",)), before=(had("oxycodone", "2026-03-02T10:00:00.000000Z"),), rules=shown
    )  # fmt: skip
    assert codes(of) == ["allergy"]
    assert refused(of) is None


def test_the_gravest_warning_is_put_first_and_one_answer_meets_one_warning() -> None:
    """Each asks for its own act; nothing is waved through in a heap."""
    of = case(VECURONIUM, "100 mg", who=patient(allergies=("vecuronium",)))
    assert refused(of, "warning.allergy=Dr Shah knows") == "warning.paralytic"
    assert refused(of, "warning.paralytic=paralytic", "warning.allergy=Dr Shah knows") == "warning.tenfold"
    assert refused(of, "warning.paralytic=paralytic", "warning.tenfold=10 mg; 100 mg", "warning.allergy=Dr Shah knows") is None
