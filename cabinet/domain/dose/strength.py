"""Which strengths are offered to one patient, and in which order: least waste first, and nobody is kept from another choice.

Alone knows: that strengths for children and for adults are never listed together, and how plans compare.
Must not know: what is in stock (`items` are the ones that may be offered).
"""

from collections.abc import Iterable

from cabinet.domain.dose.amount import Dose, Measure
from cabinet.domain.dose.plan import Plan, plan
from cabinet.domain.dose.portion import amount_of, units_m
from cabinet.domain.dose.reading import parse
from cabinet.domain.dose.rules import DosingRules
from cabinet.domain.formulary import CountMode, Formulary, Item, Population
from cabinet.domain.orders import Order, Patient


def population_of(patient: Patient, rules: DosingRules, today: str) -> Population:
    """Whether the patient counts as a child or an adult at `today` (YYYY-MM-DD); any, where the date of birth is not known."""
    try:
        years, rest = int(today[:4]) - int(patient.born[:4]), today[5:10] < patient.born[5:10]
    except ValueError:
        return Population.ANY
    return Population.PAEDIATRIC if years - rest < rules.paediatric_under_years else Population.ADULT


def suited(items: Iterable[Item], patient: Patient, rules: DosingRules, today: str) -> list[Item]:
    """The items without those that are meant for other patients; of unknown age: without the children's, where both are there."""
    listed, whom = list(items), population_of(patient, rules, today)
    if whom is Population.ANY:
        marks = {item.population for item in listed}
        whom = Population.ADULT if {Population.ADULT, Population.PAEDIATRIC} <= marks else Population.ANY
    return [item for item in listed if whom is Population.ANY or item.population in {Population.ANY, whom}]


def is_strength_of(item: Item, ordered: Item) -> bool:
    """Whether an item may serve an order of another: the same name and form in another strength (U-500 insulin is another name)."""
    return item.generic == ordered.generic and item.form == ordered.form and not item.kit


def serves(item: Item, order: Order, formulary: Formulary) -> bool:
    """Whether an item is what an order names, or another strength of it in which the same dose can be given.

    Two tablets, or 5 mL, are another dose of another strength; what runs in, is put back or is not counted is taken as it is ordered.
    """
    ordered, said = formulary.get(order.item), parse(order.dose)
    if item.id == order.item or ordered is None:
        return item.id == order.item
    if not isinstance(said, Dose) or said.per or said.high.measure in {Measure.PIECES, Measure.VOLUME}:
        return False
    is_taken_whole = item.is_multi_dose or item.count_mode in {CountMode.BULK, CountMode.CONTAINERS}
    return is_strength_of(item, ordered) and not is_taken_whole and isinstance(units_m(item, said.high), int)


def propose(
    items: Iterable[Item], order: Order, patient: Patient, rules: DosingRules, today: str, *, chosen: str = ""
) -> list[tuple[Item, Plan]]:  # fmt: skip
    """The strengths of one substance that can serve an order, each with its plan, the one to propose first.

    That is: no question open, least of the substance wasted, fewest units, and the one that the order names.
    """
    found = [(item, plan(item, order, patient, chosen=chosen, today=today)) for item in suited(items, patient, rules, today)]

    def rank(pair: tuple[Item, Plan]) -> tuple[bool, int, int, bool]:
        item, made = pair
        return bool(made.questions) or made.units is None, amount_of(item, made.left_m).value, made.units or 0, item.id != order.item

    return sorted(found, key=rank)
