"""From an order's words to units, what is left over, and what has to be asked: never a guess, never an exception.

Alone knows: what a ward takes for a dose. Must not know: warnings (`test_dose_warning.py`).
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.authority import judge_order
from cabinet.domain.dose.plan import is_infusion, owed_waste_m, plan
from cabinet.domain.dose.rules import DosingRules
from cabinet.domain.dose.schedule import schedule_of
from cabinet.domain.dose.strength import is_strength_of, propose, suited
from cabinet.domain.dose.warning import warnings
from cabinet.domain.formulary import ControlClass, CountMode, Item, Population
from cabinet.domain.orders import Phase
from cabinet.domain.vocabulary import ItemId, PatientId
from cabinet.domain.withdrawal.rule import CustodyRules
from tests.domain.dose_bench import NOON, TODAY, amount, case, had, item, order, patient, planned

OXY = item("oxycodone", "5 mg", control_class=ControlClass.C2)
VIAL = item("fentanyl", "100 mcg", "2 mL", unit="vial", form="vial", control_class=ControlClass.C2)
METOPROLOL = item("metoprolol", "25 mg")
RULES = CustodyRules()


@pytest.mark.parametrize(
    ("thing", "dose", "units", "left_m"),
    [
        (OXY, "5 mg", 1, 0),
        (OXY, "10 mg", 2, 0),
        (OXY, "2.5 mg", 1, 500),
        (OXY, "1.5 tab", 2, 500),
        (VIAL, "50 mcg", 1, 500),
        (VIAL, "0.5 mL", 1, 750),
        (item("apap", "325 mg"), "500 mg", 2, 462),
    ],
)
def test_a_dose_is_whole_units_and_what_is_left_over_of_them(thing: Item, dose: str, units: int, left_m: int) -> None:
    """2.3: the cabinet converts dose to units and shows waste if any; 11 % of real doses are fractions."""
    made = planned(thing, dose)
    assert (made.units, made.left_m, made.questions) == (units, left_m, ())


def test_a_range_asks_which_and_takes_the_answer() -> None:
    """7 % of real doses say "1-2"; the person at the bedside decides, anywhere within it."""
    asked = planned(OXY, "1-2 tablets")
    assert asked.units is None
    [question] = asked.questions
    assert (question.code, question.choices) == ("dose.which", ("1 tablet", "2 tablets"))
    assert planned(OXY, "1-2 tablets", chosen="2 tablets").units == 2
    half = planned(OXY, "1-2 tablets", chosen="1.5")
    assert (half.units, half.left_m) == (2, 500)


def test_a_dose_by_weight_without_a_weight_asks_for_it() -> None:
    """Nobody guesses a weight; what is typed is used, and said to be typed."""
    asked = planned(VIAL, "1 mcg/kg")
    assert [question.code for question in asked.questions] == ["dose.weight"]
    heparin = item("enoxaparin", "40 mg", unit="syringe", form="syringe")
    known = planned(heparin, "1 mg/kg", weight_g=61_400)
    bare = planned(heparin, "1 mg/kg", chosen="61.4").questions[0]
    assert (bare.code, bare.sentence.startswith("61.4 of what?")) == ("dose.weight", True)
    assert planned(heparin, "0.5-1 mg/kg", weight_g=60_000).questions[0].choices == ("30 mg", "60 mg")
    typed = planned(heparin, "1 mg/kg", chosen="61.4 kg")
    assert (typed.units, typed.left_m, typed.weight) == (2, 465, "61.4 kg, typed now")
    assert (str(known.dose), known.units, known.left_m) == ("61.4 mg", 2, 465)


@pytest.mark.parametrize(
    ("at", "source", "said"),
    [
        ("2026-02-28", "bed scale", "61.4 kg, weighed 2 days ago, bed scale"),
        ("2026-03-02T08:00:00.000000Z", "stated", "61.4 kg, weighed today, stated"),
        (None, "", "61.4 kg, nobody wrote down when, source not known"),
        ("last week", "", "61.4 kg, weighed on last week, source not known"),
    ],
)
def test_a_weight_carries_its_age_and_source(at: str | None, source: str, said: str) -> None:
    """A weight from the last stay has killed children: it is never shown bare."""
    who = replace(patient(weight_g=61_400), weight_source=source, weight_at=at)
    assert plan(VIAL, order("1 mcg/kg", "fentanyl"), who, today=TODAY).weight == said


def test_words_that_are_no_dose_are_asked_about_or_taken_as_the_orders_units() -> None:
    """Honest: "cannot be read", and the person says how much. Where the order says units as well, those are taken."""
    [question] = planned(OXY, "as directed").questions
    assert (question.code, "as directed" in question.sentence) == ("dose.unreadable", True)
    assert planned(OXY, "as directed", chosen="2 tablets").units == 2
    assert planned(OXY, "as directed", units=1).units == 1
    assert planned(OXY, "5").questions[0].code == "dose.unreadable"


def test_an_order_that_contradicts_itself_is_asked_about() -> None:
    """10 mg of 5 mg tablets are two; an order that says one is wrong in one of the two, and nobody guesses which."""
    asked = planned(OXY, "10 mg", units=1)
    assert (asked.units, asked.questions[0].code, asked.questions[0].choices) == (None, "dose.differs", ("2 tablets", "1 tablet"))
    assert planned(OXY, "10 mg", units=1, chosen="2 tablets").units == 2


def test_a_dose_of_a_whole_day_is_no_dose_to_take() -> None:
    """3 g a day may be one dose or six."""
    assert planned(item("apap", "500 mg"), "3 g/day").questions[0].code == "dose.per_day"


@pytest.mark.parametrize(
    ("form", "unit"), [("tablet, extended release", "tablet"), ("capsule", "capsule"), ("tablet, delayed release", "tablet")]
)
def test_what_releases_slowly_is_not_divided(form: str, unit: str) -> None:
    """Half an extended-release tablet is a whole dose at once."""
    made = planned(item("metoprolol", "50 mg", form=form, unit=unit), "25 mg")
    assert [question.code for question in made.questions] == ["dose.whole"]


def test_containers_are_taken_whole_whatever_the_dose() -> None:
    """A tube for a thin layer, an inhaler for two puffs, an insulin vial for six units: one, and nothing left over."""
    tube = item("hydrocortisone", unit="tube", form="cream", count_mode=CountMode.CONTAINERS)
    inhaler = item("albuterol", "200 puffs", unit="inhaler", form="inhaler", count_mode=CountMode.CONTAINERS)
    insulin = item("insulin", "1000 units", unit="vial", form="vial", count_mode=CountMode.CONTAINERS, is_multi_dose=True)
    for thing, dose in ((tube, "thin layer"), (inhaler, "2 puffs"), (insulin, "6 units"), (insulin, "0-10 units")):
        made = planned(thing, dose)
        assert (made.units, made.left_m, made.questions) == (1, 0, ()), dose


def test_an_infusion_takes_a_bag_and_no_cabinet_works_out_a_rate() -> None:
    """How many vials run at 5 mcg/kg/min is not for a cabinet to say."""
    bag = item("dopamine", "400 mg", "250 mL", unit="bag", form="bag")
    assert planned(bag, "5 mcg/kg/min").units == 1
    assert planned(VIAL, "25 mcg/h").questions[0].code == "dose.units"
    running = planned(VIAL, "250 mcg", schedule="INFUSION")
    assert (running.units, running.left_m) == (3, 0)


def test_half_a_metoprolol_owes_nothing_and_half_an_oxycodone_does() -> None:
    """A part unit owes a witnessed waste only for controlled or policy-listed items."""
    assert owed_waste_m(METOPROLOL, order("12.5 mg", "metoprolol"), 1, RULES) == 0
    assert owed_waste_m(OXY, order("2.5 mg"), 1, RULES) == 500
    listed = CustodyRules(waste_items=frozenset({ItemId("metoprolol")}))
    assert owed_waste_m(METOPROLOL, order("12.5 mg", "metoprolol"), 1, listed) == 500


def test_what_is_owed_follows_what_was_taken_and_given() -> None:
    """Two vials for half of one owe one and a half; of a range at least what is beyond its upper end, until the dose is chosen."""
    assert owed_waste_m(VIAL, order("50 mcg", "fentanyl"), 2, RULES) == 1500
    assert owed_waste_m(VIAL, order("25-50 mcg", "fentanyl"), 1, RULES) == 500
    assert owed_waste_m(VIAL, order("25-50 mcg", "fentanyl"), 1, RULES, amount("25 mcg")) == 750
    assert owed_waste_m(VIAL, None, 1, RULES, amount("25 mcg")) == 750
    assert owed_waste_m(VIAL, None, 1, RULES) == 0


def test_an_infusion_owes_its_waste_when_the_bag_ends() -> None:
    """What is left in a bag is not known while it runs."""
    running = order("25 mcg/h", "fentanyl")
    assert owed_waste_m(VIAL, running, 1, RULES) == 0
    assert is_infusion(VIAL, running)
    assert not is_infusion(VIAL, order("25 mcg", "fentanyl"))


def test_of_several_strengths_the_one_that_wastes_least_comes_first() -> None:
    """The nurse may choose otherwise: every strength stays on the list, with its own plan."""
    two, four, ten = (item(f"m{mg}", f"{mg} mg", unit="syringe", form="syringe", ingredient="morphine") for mg in (2, 4, 10))
    offered = propose((ten, four, two), order("4 mg", "m10"), patient(), DosingRules(), TODAY)
    assert [(thing.id, made.units, made.left_m) for thing, made in offered] == [("m4", 1, 0), ("m2", 2, 0), ("m10", 1, 600)]


def test_another_strength_is_the_same_name_in_the_same_form() -> None:
    """U-500 insulin and a slow tablet are no strengths of the plain ones: they are other medicines under other names."""
    plain, strong, slow = item("oxycodone", "5 mg"), item("oxycodone", "10 mg"), item("oxycodone", "10 mg", form="tablet, extended release")
    assert is_strength_of(strong, plain)
    assert not is_strength_of(slow, plain)
    assert not is_strength_of(item("oxycodone extended release", "10 mg", ingredient="oxycodone"), plain)


@pytest.mark.parametrize(("born", "listed"), [("2020-01-01", ["child", "all"]), ("1960-01-01", ["grown", "all"]), ("", ["grown", "all"])])
def test_strengths_for_children_and_adults_are_never_listed_together(born: str, listed: list[str]) -> None:
    """Heparin for children and for adults looked alike in Indiana in 2006."""
    things = [item("child", population=Population.PAEDIATRIC), item("grown", population=Population.ADULT), item("all")]
    assert [thing.id for thing in suited(things, patient(born=born), DosingRules(), TODAY)] == listed


@pytest.mark.parametrize(
    ("words", "interval_min", "is_prn", "is_once", "is_running"),
    [
        ("every 4 hours as needed for pain", 240, True, False, False),
        ("Q4H:PRN", 240, True, False, False),
        ("Q 12H", 720, False, False, False),
        ("Q15MIN:PRN", 15, True, False, False),
        ("twice a day", 720, False, False, False),
        ("BID", 720, False, False, False),
        ("TID W/MEALS", 480, False, False, False),
        ("at bedtime as needed", 1440, True, False, False),
        ("once a day", 1440, False, False, False),
        ("EVERY OTHER DAY", 2880, False, False, False),
        ("once before procedure", None, False, True, False),
        ("ONCE MR1", None, False, True, False),
        ("TITRATE TO RASS", None, False, False, True),
        ("HD PROTOCOL", None, False, False, False),
        ("", None, False, False, False),
    ],
)
def test_a_schedule_says_how_often_or_that_it_does_not(
    words: str, interval_min: int | None, is_prn: bool, is_once: bool, is_running: bool
) -> None:  # fmt: skip
    """What is not known warns of nothing."""
    said = schedule_of(words)
    assert (said.interval_min, said.is_prn, said.is_once, said.is_running) == (interval_min, is_prn, is_once, is_running)


@pytest.mark.parametrize(
    ("more", "phase", "code"),
    [
        ({}, Phase.ACTIVE, None),
        ({"is_verified": False, "waiting_since": "2026-03-02T02:10:00.000000Z"}, Phase.WAITING, "order.unverified"),
        ({"stops": "2026-03-02T11:59:59.000000Z"}, Phase.STOPPED, "order.stopped"),
        ({"starts": "2026-03-02T13:00:00.000000Z"}, Phase.AHEAD, None),
        ({"status": "held"}, Phase.HELD, "order.held"),
        ({"starts": "2026-03-03T00:00:00.000000Z", "stops": "2026-03-01T00:00:00.000000Z"}, Phase.UNCLEAR, None),
    ],
)
def test_an_order_is_refused_only_where_somebody_ended_or_never_verified_it(more: dict[str, Any], phase: Phase, code: str | None) -> None:
    """Some records stop before they start: that is the record's mistake, and nobody is kept from a medicine by it."""
    said = order("5 mg", **more)
    assert said.phase(NOON) is phase
    refusal = judge_order(patient(said).orders[0], PatientId("pat"), ItemId("oxycodone"), NOON)
    assert (refusal.code if refusal else None) == code


@given(
    st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}([.,][0-9])?(-[0-9]{1,3})? ?(mg|mcg|tab|mL|unit|mg/kg|mL/h|)", fullmatch=True),
    st.text(max_size=20) | st.sampled_from(["Q4H:PRN", "once", "BID", "INFUSION", "ONCE MR1"]),
    st.sampled_from([OXY, VIAL, METOPROLOL, item("plain")]),
    st.integers(0, 5),
    st.none() | st.integers(500, 300_000),
)
def test_no_order_raises_or_ends_in_nothing(dose: str, schedule: str, thing: Item, units: int, weight_g: int | None) -> None:
    """Whatever its words: units and a part that is less than one of them, or a question; and warnings that can be said."""
    made = planned(thing, dose, units=units, schedule=schedule, weight_g=weight_g)
    assert made.questions or made.units
    assert 0 <= made.left_m < 1000
    said = case(thing, dose, schedule=schedule, who=patient(weight_g=weight_g), before=(had(thing.id, "2026-03-02T11:00:00.000000Z"),))
    assert all(warning.sentence for warning in warnings(said))
    assert owed_waste_m(thing, said.order, said.units, RULES) >= 0
