"""The warnings of a withdrawal: few, never decorative, each with the one act that it forces.

Alone knows: when each warning is due, what it says, and which act is good enough. Must not know: where its words are shown, or what is
opened after them. What a warning does (nothing, show, act) is the site's rule; in an emergency all of them are shown and none is asked.

An answer is `code=what was said`, such as `warning.too_soon=patient vomited the last one`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cabinet.domain.dose import allergy, history
from cabinet.domain.dose.amount import PIECE_STEPS, Dose
from cabinet.domain.dose.plan import Plan, is_infusion, kilograms, ordered_m, weight_text
from cabinet.domain.dose.portion import amount_of, holds, units_m
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.dose.schedule import Schedule, schedule_of
from cabinet.domain.dose.strength import population_of
from cabinet.domain.formulary import CountMode, Formulary, Item, Population
from cabinet.domain.orders import Order, Patient
from cabinet.domain.phrase import Phrase, in_a_row, message
from cabinet.domain.refusal import Refusal
from cabinet.domain.unit import portion
from cabinet.domain.vocabulary import Units
from cabinet.domain.withdrawal.memory import Withdrawal

SHORTEST_REASON = 3
PARALYTIC = "paralytic"
INJECTABLES = frozenset({"vial", "ampule", "syringe", "bag", "pen", "cartridge", "set"})


class Act(StrEnum):
    """What a person does to pass a warning."""

    TYPE_CLASS = "type_class"
    TYPE_STRENGTH = "type_strength"
    TYPE_STRENGTH_AND_DOSE = "type_strength_and_dose"
    GIVE_REASON = "give_reason"


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the ward's word; nothing here deals with Python's
    """One warning. `act` is None where it is only shown. `expects` is what the screen names to be typed, where it names anything."""

    code: str
    sentence: str
    act: Act | None
    expects: str = ""


@dataclass(frozen=True)
class Case:
    """One withdrawal as it is asked for, and what is known beside it. `at` is now as records write moments."""

    item: Item
    units: int
    patient: Patient
    order: Order | None
    plan: Plan | None
    withdrawals: Iterable[Withdrawal]
    formulary: Formulary
    rules: DosingRules
    at: str
    is_emergency: bool = False
    typed_g: int | None = None
    """The weight that was typed for this dose, in g."""

    @property
    def dose_m(self) -> int:
        """What is to be given, in thousandths of a unit: the plan's dose, else all that is taken."""
        return self.units * PIECE_STEPS if self.plan is None or self.plan.dose_m is None else self.plan.dose_m

    @cached_property
    def taken(self) -> list[Withdrawal]:
        """What the patient had, the newest first."""
        return history.had(self.withdrawals, self.patient, self.at)

    @property
    def is_covered(self) -> bool:
        """Whether an order that a pharmacist verified stands behind it."""
        return self.order is not None and self.order.is_verified


def warnings(case: Case) -> tuple[Warning, ...]:
    """What is due, gravest first. A strength that is typed for one warning is not asked for again by another."""
    due: list[Warning] = []
    for name in WARNINGS:
        level = case.rules.level(name)
        sentence = "" if level is Level.OFF else TELL[name](case)
        if not sentence or (name == "high_alert" and any(one.act in TYPED for one in due)):
            continue
        is_forcing = level is Level.ACT and not case.is_emergency and not (name == "paralytic" and case.item.kit)
        act = ACTS.get(name, Act.GIVE_REASON) if is_forcing else None
        due.append(Warning(f"warning.{name}", sentence, act, PARALYTIC if act is Act.TYPE_CLASS else ""))
    return tuple(due)


def judge(due: Sequence[Warning], acknowledged: Sequence[str], case: Case) -> Refusal | None:
    """The first warning whose act is still to be done, as a refusal that says so; None where the withdrawal may go on."""
    answers = dict(said.partition("=")[::2] for said in acknowledged)
    for warning in due:
        if warning.act is not None and not _is_met(warning, answers.get(warning.code, "").strip(), case):
            return Refusal(warning.code, "" if warning.act is Act.TYPE_CLASS else warning.sentence)  # whose words say it already
    return None


def _is_met(warning: Warning, answer: str, case: Case) -> bool:
    if warning.act is Act.TYPE_CLASS:
        return _plain(answer) in {_plain(warning.expects), _plain(case.item.therapeutic_class)} - {""}
    if warning.act is Act.TYPE_STRENGTH:
        return _is_strength(answer, case.item)
    if warning.act is Act.TYPE_STRENGTH_AND_DOSE:
        strength, _, dose = answer.partition(";")
        said = units_m(case.item, dose)
        return _is_strength(strength, case.item) and said == case.dose_m
    return sum(letter.isalpha() for letter in answer) >= SHORTEST_REASON


def _plain(text: str) -> str:
    return "".join(text.split()).replace(",", "").casefold()


def _is_strength(text: str, item: Item) -> bool:
    """The strength as on the label, or what one unit holds: "0.4 mg/1 mL", "0.4 mg" and "400 mcg" are all right."""
    said = parse(text)
    is_held = isinstance(said, Dose) and not said.is_range and any(held.is_same(said.high) for held in holds(item))
    return is_held or (_plain(text) == _plain(item.strength) != "")


def _paralytic(case: Case) -> str:
    held = [case.formulary[content] for content, _ in case.item.kit if content in case.formulary]
    return Phrase("PARALYSES BREATHING - is the patient ventilated?") if any(one.is_paralytic for one in (case.item, *held)) else ""


def _tenfold(case: Case) -> str:
    """Of injectables. What is put back after a dose, runs in over time or is a kit has no dose that fills a package."""
    item, rules = case.item, case.rules
    is_measured = item.form.casefold().split(",")[0].split(" ")[0] in INJECTABLES and not item.kit and item.count_mode is CountMode.UNITS
    if not is_measured or is_infusion(item, case.order):
        return ""
    dose_m = max(case.dose_m, 0)
    amount, units = amount_of(item, dose_m), portion(dose_m, item.count_unit)
    if dose_m > rules.most_packages_m:
        return Phrase("{amount} is {units}. Is the dose ten times too large?", amount=amount, units=units)
    if dose_m < rules.least_package_m and not item.is_multi_dose:
        return Phrase("{amount} is {units}. Is the dose ten times too small?", amount=amount, units=units)
    return ""


def _weight(case: Case) -> str:
    """A weight that was typed for this dose, far from the one on record."""
    typed_g, recorded_g = case.typed_g, case.patient.weight_g
    if typed_g is None or not recorded_g or not case.rules.is_other_weight(typed_g, recorded_g):
        return ""
    recorded = weight_text(case.patient, None, case.at[:10])
    return Phrase("{weight} was typed; the record says {recorded}.", weight=kilograms(typed_g), recorded=recorded)


def _allergy(case: Case) -> str:
    found = allergy.matching(case.patient.allergies, case.item, case.formulary)
    return Phrase("{patient} is allergic to {substances}.", patient=case.patient.name, substances=in_a_row(found)) if found else ""


def _max_daily(case: Case) -> str:
    most = case.item.max_daily
    if most is None:
        return ""
    before = history.sum_of_day(case.taken, case.item, case.formulary, case.patient, case.at)
    total = before + history.in_measure(case.item, case.dose_m, most)
    if total <= most.value:
        return ""
    so_far, with_this = most.times(before, most.value), most.times(total, most.value)
    return Phrase(
        "{so_far} of {substance} in 24 hours so far; with this dose {with_this}. The most is {most}.",
        so_far=so_far, substance=case.item.substance, with_this=with_this, most=most,
    )  # fmt: skip


def _already_taken(case: Case) -> str:
    """A single dose that was taken, or the same order again at once; but the parts of one dose may be fetched one after the other."""
    order = case.order
    same = [] if order is None else [one for one in case.taken if one.order == order.id]
    if order is None or not same:
        return ""
    ago = history.minutes_between(same[0].at, case.at)
    said = schedule_of(order.schedule)
    near = same if said.is_once else [one for one in same if history.minutes_between(one.at, case.at) < _duplicate_min(case, said)]
    repeats = said.repeats if said.is_once else 0
    most_m = _most_m(case) * (1 + repeats)
    if not near or said.is_running or (most_m and sum(one.left_m for one in near) + case.units * PIECE_STEPS <= most_m):
        return ""
    when = Phrase("just now") if ago < 1 else Phrase("{span} ago", span=_span(ago))
    if said.is_once:
        return Phrase("This order was taken {when}, and is for a single dose.", when=when)
    return Phrase("This order was taken {when}.", when=when)


def _most_m(case: Case) -> int:
    """The largest dose of the order in whole units, in thousandths; 0: not known."""
    said = None if case.order is None else parse(case.order.dose)
    whole = units_m(case.item, said.high) if isinstance(said, Dose) and not said.is_per_kg else None
    planned = case.plan.units if case.plan is not None and case.plan.units is not None else 0
    return -(-whole // PIECE_STEPS) * PIECE_STEPS if isinstance(whole, int) else planned * PIECE_STEPS


def _duplicate_min(case: Case, said: Schedule) -> int:
    """Shorter where doses follow each other fast: every 15 minutes as needed."""
    interval = (case.order.interval_min if case.order else 0) or said.interval_min or 0
    return min(case.rules.duplicate_min, interval // 2) if interval else case.rules.duplicate_min


def _too_soon(case: Case) -> str:
    """By the order's own interval since it was last taken; by the item's since any strength of it was."""
    order, taken = case.order, case.taken
    pairs: list[tuple[list[Withdrawal], int]] = [(history.of_substance(taken, case.item, case.formulary), case.item.min_interval_min)]
    if order is not None:
        said = schedule_of(order.schedule)
        if said.is_running or said.is_once:
            return ""
        pairs.append(([one for one in taken if one.order == order.id], order.interval_min or said.interval_min or 0))
    for known, interval in pairs:
        if known and interval:
            ago = history.minutes_between(known[0].at, case.at)
            early = min(case.rules.early_min, interval // 4)
            if _duplicate_of(case, known) <= ago < interval - early:
                return Phrase("Last taken {span} ago; {interval} between doses.", span=_span(ago), interval=_span(interval))
    return ""


def _duplicate_of(case: Case, known: list[Withdrawal]) -> int:
    """Within this many minutes a withdrawal on the same order is a part of the same dose, or was warned of as taken already."""
    order = case.order
    return _duplicate_min(case, schedule_of(order.schedule)) if order is not None and known[0].order == order.id else 0


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part)


def _more_than_order(case: Case) -> str:
    planned = None if case.plan is None else case.plan.units
    most_m = None if case.order is None else ordered_m(case.item, case.order, case.patient)
    if planned is not None and most_m is not None:  # a dose that was typed does not make the order a larger one
        planned = Units(min(planned, -(-most_m // PIECE_STEPS)))
    if case.order is None or planned is None or case.units <= planned or case.item.count_mode is CountMode.BULK:
        return ""
    asked, meant = (portion(count * PIECE_STEPS, case.item.count_unit) for count in (case.units, planned))
    return Phrase("{asked} asked for; the order takes {meant}.", asked=asked, meant=meant)


def _population(case: Case) -> str:
    whom = population_of(case.patient, case.rules, case.at[:10])
    if Population.ANY in {whom, case.item.population} or whom is case.item.population:
        return ""
    return Phrase(FOR[case.item.population], item=case.item.title, patient=case.patient.name, day=case.patient.born)


FOR = {
    Population.ADULT: message("{item} is adult; {patient} was born {day}."),
    Population.PAEDIATRIC: message("{item} is paediatric; {patient} was born {day}."),
}
"""Of a strength that is meant for others."""


def _high_alert(case: Case) -> str:
    """Where a verified order stands behind it, the order is the check; asked at each dose, the question would be read by nobody."""
    item = case.item
    if not item.is_high_alert or item.kit or case.is_covered or item.is_paralytic:
        return ""
    return Phrase("{item} is a high-alert medicine, and no verified order stands behind it.", item=item.title)


TELL: dict[str, Callable[[Case], str]] = {
    "paralytic": _paralytic,
    "tenfold": _tenfold,
    "weight": _weight,
    "allergy": _allergy,
    "max_daily": _max_daily,
    "already_taken": _already_taken,
    "too_soon": _too_soon,
    "more_than_order": _more_than_order,
    "population": _population,
    "high_alert": _high_alert,
}
"""What each warning says of a case; "" where it is not due."""

ACTS = {"paralytic": Act.TYPE_CLASS, "tenfold": Act.TYPE_STRENGTH_AND_DOSE, "high_alert": Act.TYPE_STRENGTH}
"""The acts that are more than a reason."""

TYPED = {Act.TYPE_STRENGTH, Act.TYPE_STRENGTH_AND_DOSE}
