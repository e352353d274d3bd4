"""From an order to what is taken out: counted units, what is left over of them, and what has to be asked first.

Alone knows: how a dose becomes units, and what of them is owed as waste. Must not know: what is in stock, or what is warned of.

Every order ends in a plan, a question or both; whatever its words are, nothing here raises, and nothing is guessed.
"""

from dataclasses import dataclass, replace
from datetime import date

from cabinet.domain.dose.amount import PIECE_STEPS, Amount, Dose, Measure, Unreadable, units_text
from cabinet.domain.dose.portion import units_m
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.schedule import schedule_of
from cabinet.domain.formulary import CountMode, Item
from cabinet.domain.orders import Order, Patient
from cabinet.domain.phrase import Phrase, counted
from cabinet.domain.unit import portion
from cabinet.domain.vocabulary import Units
from cabinet.domain.withdrawal.rule import CustodyRules

LARGEST_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to say before (or, where the plan has units, beside) a withdrawal. `choices` are answers to touch."""

    code: str
    sentence: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`units` to take (None: not known before the questions are answered), `left_m` thousandths of a unit over of them after the dose.

    `left_m` is 0 of an infusion: what is left of its bag is known when it ends. `dose` is the one amount to be given, `dose_m` the same
    in thousandths of a unit; `weight` says what weight it was worked out with.
    """

    units: Units | None
    left_m: int
    questions: tuple[Question, ...] = ()
    dose: Amount | None = None
    dose_m: int | None = None
    weight: str = ""


def plan(item: Item, order: Order, patient: Patient, *, chosen: str = "", weight_g: int | None = None, today: str = "") -> Plan:
    """What to take for one dose of `order`.

    `chosen` answers a question about the dose (one amount in words) or about the weight ("61.4 kg"), so does `weight_g`; `today` is
    YYYY-MM-DD.
    """
    if item.id != order.item:
        order = replace(order, units=Units(0))  # what an order says in units is said of its own item alone
    if not item.kit and (item.count_mode is CountMode.BULK or item.is_multi_dose):
        return _container(item, order, chosen)
    if weight_g is None and (typed_g := weight_of(chosen)) is not None:
        chosen, weight_g = "", typed_g
    ordered, weighed = parse(order.dose), weight_g or patient.weight_g
    said = parse(chosen) if chosen else ordered
    if isinstance(ordered, Dose) and ordered.is_per_kg and not ordered.per and not weighed and (not chosen or is_bare(said)):
        return Plan(None, 0, (_weight(ordered, patient, chosen),))  # a bare number may be kilograms, pounds or units
    if isinstance(said, Unreadable):
        return _unread(item, order, said)
    if said.per == "day" and not order.units:
        return Plan(None, 0, (Question("dose.per_day", Phrase("The order says {dose}. How much of it do you give now?", dose=said)),))
    if said.per:
        return _rate(item, order, said)
    note = weight_text(patient, weight_g, today) if said.is_per_kg else ""
    low, high = (end.times(weighed or 0, 1000) if said.is_per_kg else end for end in (said.low, said.high))
    if said.is_range:
        return Plan(None, 0, (_which(said, (low, high), order, item),), weight=note)
    return _counted(item, order, high, note, is_chosen=bool(chosen))


def _counted(item: Item, order: Order, dose: Amount, note: str, *, is_chosen: bool) -> Plan:
    """One amount as whole units and what is left over."""
    dose_m = units_m(item, dose, of_units=is_chosen)
    if isinstance(dose_m, Unreadable):
        return _unread(item, order, dose_m, dose)
    units = -(-dose_m // PIECE_STEPS)
    if not 0 < units <= LARGEST_UNITS:
        return _unread(item, order, Unreadable(str(dose), Phrase("that is no number of units")), dose)
    if item.count_mode is CountMode.CONTAINERS:
        return Plan(Units(units), 0, (), dose, dose_m, note)
    left_m = 0 if is_infusion(item, order) else units * PIECE_STEPS - dose_m
    if order.units not in {0, units} and not is_chosen:
        return Plan(None, 0, (_differ(item, order, dose, units),), dose, dose_m, note)
    questions = (_whole(item, dose_m),) if left_m and not is_divisible(item) else ()
    return Plan(Units(units), left_m, questions, dose, dose_m, note)


def _container(item: Item, order: Order, chosen: str) -> Plan:
    """What gives many doses is taken one at a time, whatever the dose: it is put back (multiple dose), or not counted (bulk)."""
    said = parse(chosen or order.dose)
    if isinstance(said, Unreadable) or said.is_range or said.is_per_kg or said.per:
        return Plan(Units(1), 0)
    dose_m = units_m(item, said.high, of_units=bool(chosen))
    if isinstance(dose_m, Unreadable):
        return Plan(Units(1), 0, (), said.high)
    return Plan(Units(max(1, min(-(-dose_m // PIECE_STEPS), LARGEST_UNITS))), 0, (), said.high, dose_m)


def _rate(item: Item, order: Order, said: Dose) -> Plan:
    """So much an hour: nothing is left over before the bag ends, and how many vials it takes is no sum that a cabinet can do."""
    if order.units > 0 or is_bag(item):
        return Plan(Units(max(1, order.units)), 0)
    asked = Phrase("The order says {dose}, as it runs. How many of {item} do you need?", dose=said, item=item.title)
    return Plan(None, 0, (Question("dose.units", asked),))


def _unread(item: Item, order: Order, why: Unreadable, dose: Amount | None = None) -> Plan:
    """The words are no dose of this item: whoever keeps the order may have said how many units; else the person is asked."""
    if order.units > 0 or item.count_mode is CountMode.CONTAINERS:
        return Plan(Units(max(1, order.units)), 0, (), dose)
    asked = Phrase('The order says "{dose}": {why}. How much do you give?', dose=order.dose, why=why.why)
    return Plan(None, 0, (Question("dose.unreadable", asked),), dose)


def _which(said: Dose, ends: tuple[Amount, Amount], order: Order, item: Item) -> Question:
    """A range: the person at the bedside decides. The ends are offered, and anything between them may be typed."""
    offered = tuple(str(amount) for amount in ends if amount.value)
    asked = Phrase("The order of {item} says {dose}. Which dose do you give?", item=item.name, dose=said)
    if order.indication:
        asked = Phrase(
            "The order of {item} says {dose} for {indication}. Which dose do you give?",
            item=item.name, dose=said, indication=order.indication,
        )  # fmt: skip
    return Question("dose.which", asked, offered)


def _weight(said: Dose, patient: Patient, typed: str) -> Question:
    if typed:
        asked = Phrase("{number} of what? Type the weight of {patient} with kg.", number=typed, patient=patient.name)
        return Question("dose.weight", asked)
    asked = Phrase("{dose} needs a weight, and none is known. What does {patient} weigh, in kg?", dose=said, patient=patient.name)
    return Question("dose.weight", asked)


def is_bare(said: Dose | Unreadable) -> bool:
    """Whether a number was said, and of nothing."""
    return isinstance(said, Dose) and not said.high.unit


def _differ(item: Item, order: Order, dose: Amount, units: int) -> Question:
    """The order says how many units, and that is not what its dose takes."""
    takes, says = units_text(units * PIECE_STEPS, item.count_unit), units_text(order.units * PIECE_STEPS, item.count_unit)
    asked = Phrase(
        "{dose} of {item} takes {takes}; the order says {says}. Which do you take?", dose=dose, item=item.title,
        takes=portion(units * PIECE_STEPS, item.count_unit), says=portion(order.units * PIECE_STEPS, item.count_unit),
    )  # fmt: skip
    return Question("dose.differs", asked, (takes, says))


def _whole(item: Item, dose_m: int) -> Question:
    taken = portion(dose_m, item.count_unit)
    asked = Phrase(
        "The dose is {dose}, and {item} is not to be divided. Ask the pharmacy, or type another dose.", dose=taken, item=item.title
    )
    return Question("dose.whole", asked)


def is_divisible(item: Item) -> bool:
    """Whether a part of one unit can be given: not of capsules, patches, suppositories, kits or what releases its dose slowly or late."""
    form = item.form.casefold()
    if any(word in form for word in ("extended", "delayed", "sustained", "release")):
        return False
    return not item.kit and item.count_unit not in {"capsule", "patch", "suppository", "lozenge", "kit", "device"}


def is_bag(item: Item) -> bool:
    """Whether one unit is a bag that runs in."""
    return item.count_unit in {"bag", "cassette"}


def is_infusion(item: Item, order: Order | None) -> bool:
    """Whether what is removed runs in over time: what is left of it is known when the bag ends, and owed then."""
    if order is None:
        return is_bag(item)
    said = parse(order.dose)
    return is_bag(item) or schedule_of(order.schedule).is_running or (isinstance(said, Dose) and bool(said.per))


def owed_waste_m(
    item: Item, order: Order | None, units_taken: int, rules: CustodyRules, dose: Amount | None = None, patient: Patient | None = None
) -> int:  # fmt: skip
    """Thousandths of a unit that must be wasted with a witness after `units_taken` were taken and one dose of them given.

    0 where neither class nor list says so (half a metoprolol owes nothing), for what is put back or not counted, while an infusion runs
    (`is_infusion`: what is left is known when the bag ends), and where no dose is known. `dose` is what was chosen or is really given;
    without it the order's own. Nobody gives more than the order says by typing another dose, nor by typing another weight than the
    `patient` has on record: what is over is left over.
    """
    return 0 if item.is_multi_dose else left_over_m(item, order, units_taken * PIECE_STEPS, rules, dose, patient)


def left_over_m(
    item: Item, order: Order | None, removed_m: int, rules: CustodyRules, dose: Amount | None = None, patient: Patient | None = None
) -> int:  # fmt: skip
    """The same of what was removed in thousandths of a unit, be it drawn out of a container that was put back."""
    if not owes_waste(item, rules) or item.count_mode is CountMode.BULK or item.kit or is_infusion(item, order):
        return 0
    given = None if dose is None else units_m(item, dose)
    known = [given] if isinstance(given, int) else []
    if order is not None and (most_m := ordered_m(item, order, patient)) is not None:
        known.append(most_m)
    return max(0, removed_m - min(known)) if known else 0


def ordered_m(item: Item, order: Order, patient: Patient | None = None) -> int | None:
    """The most that an order gives at once, in thousandths of a unit: the upper end of a range, or as many units as somebody said.

    None where that is not known: a dose for each kg of nobody, words that cannot be read.
    """
    said = parse(order.dose)
    stated_m = order.units * PIECE_STEPS if order.item == item.id else 0
    if isinstance(said, Unreadable) or said.per:
        return stated_m or None
    weight_g = 0 if patient is None else patient.weight_g or 0
    if said.is_per_kg and not weight_g:
        return None
    dose_m = units_m(item, said.high.times(weight_g, 1000) if said.is_per_kg else said.high)
    if not isinstance(dose_m, int):
        return stated_m or None
    return stated_m if stated_m > -(-dose_m // PIECE_STEPS) * PIECE_STEPS else dose_m


def owes_waste(item: Item, rules: CustodyRules) -> bool:
    """Whether a part of this item that is left over is wasted with a witness at all."""
    return item.control_class in rules.waste_classes or item.id in rules.waste_items


def weight_of(text: str) -> int | None:
    """The weight in g, where the words say kilograms: nobody is given a medicine by the kilogram."""
    said = parse(text)
    return said.high.value // 10**9 if isinstance(said, Dose) and said.high.unit == "kg" and not said.is_range else None


def weight_text(patient: Patient, weight_g: int | None, today: str) -> str:
    """The weight with its age and source, as it stands beside every dose that was worked out with it."""
    kg = kilograms(weight_g or patient.weight_g or 0)
    if weight_g:
        return Phrase("{weight}, typed now", weight=kg)
    source = patient.weight_source or Phrase("source not known")
    return Phrase("{weight}, {when}, {source}", weight=kg, when=_when(patient.weight_at, today), source=source)


def kilograms(weight_g: int) -> Amount:
    """A weight in words."""
    return Amount(weight_g * 10**9, Measure.MASS, "kg")


def _when(weighed_at: str | None, today: str) -> str:
    try:
        days = (date.fromisoformat(today) - date.fromisoformat((weighed_at or "")[:10])).days
    except ValueError:
        return Phrase("weighed on {day}", day=weighed_at) if weighed_at else Phrase("nobody wrote down when")
    if days <= 0:
        return Phrase("weighed today")
    return counted(days, "weighed yesterday", "weighed {n} days ago")
