"""What somebody took out and has not accounted for yet, and the two forms that account for it: return and waste.

Alone knows: which withdrawals are listed, what is proposed, and which places are offered. Must not know: HTTP, HTML, clocks; what may
come back (`cabinet.domain.withdrawal.returning`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cabinet.domain.case.reconciling import joins_case
from cabinet.domain.core import Core
from cabinet.domain.dose.amount import Amount
from cabinet.domain.dose.portion import amount_of, holds
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import TO_POCKET
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.unit import portion
from cabinet.domain.vocabulary import ItemId
from cabinet.domain.withdrawal.fold import BIN
from cabinet.domain.withdrawal.memory import WHOLE_M, Withdrawal
from cabinet.kiosk.stock_view import place_name
from cabinet.kiosk.unit_view import content


@dataclass(frozen=True)
class TakenView:
    """One withdrawal, and what is left of it in words; `whole` are the units that may still come back unbroken."""

    access: str
    item: Item
    by: str
    at: str
    pocket: str
    taken: str
    left: str
    whole: int
    owed: str
    purpose: str
    may_return: bool
    may_waste: bool
    is_in_case: bool
    """Whether it is accounted for in a case that is not over."""


@dataclass(frozen=True)
class ReturnScreen:
    """The form of a return. `places` are codes with words, the first one proposed; `room_minutes` is asked of fridge items alone."""

    taken: TakenView
    patient: str
    places: tuple[tuple[str, str], ...]
    is_cold: bool
    room_minutes: int
    is_controlled: bool


@dataclass(frozen=True)
class WasteScreen:
    """The form of a waste. `amount` and `unit` are proposed: what is owed, or what is left; `units` may be touched instead."""

    taken: TakenView
    patient: str
    amount: str
    unit: str
    units: tuple[str, ...]
    reasons: tuple[str, ...]


def taken_for(core: Core, patient: str, staff: Staff) -> tuple[TakenView, ...]:
    """What was taken out for a patient, the newest first."""
    who = core.state.reference.who
    return _views(core, (one for one in core.state.withdrawals.values() if one.patient and who(one.patient) == who(patient)), staff)


def taken_by(core: Core, staff: Staff, since: str) -> tuple[TakenView, ...]:
    """What this person took out since a moment, the newest first."""
    return _views(core, (one for one in core.state.withdrawals.values() if one.staff == staff.id and one.at >= since), staff)


def _views(core: Core, found: Iterable[Withdrawal], staff: Staff) -> tuple[TakenView, ...]:
    return tuple(taken_view(core, one, staff) for one in sorted(found, key=lambda one: one.seq, reverse=True))


def taken_view(core: Core, one: Withdrawal, staff: Staff) -> TakenView:
    """One withdrawal."""
    item, person = core.world.formulary[ItemId(one.item)], core.scene.staff(one.staff)
    debt, allows = core.state.debts.get(f"waste-{one.access}"[:64]), core.world.policy.allows
    left_m = max(0, one.left_m)
    return TakenView(
        one.access, item, one.staff if person is None else person.name, one.at, one.pocket, portion(one.removed_m, item.count_unit),
        portion(left_m, item.count_unit) if left_m else "", left_m // WHOLE_M, "" if debt is None else content(debt.units_m, item),
        one.purpose or "", left_m >= WHOLE_M and allows(staff.role, "return"), left_m > 0 and allows(staff.role, "waste"),
        joins_case(core.scene, one),
    )  # fmt: skip


def return_screen(core: Core, one: Withdrawal, staff: Staff) -> ReturnScreen:
    """The bin first; a named place before it where a cold item may be warm for a stated while; the pocket only where policy lets it."""
    view, rules = taken_view(core, one, staff), core.world.policy.custody
    named = tuple((place, place_name(place)) for place in rules.return_places)
    bin_ = ((BIN, place_name(BIN)),)
    may_go_back = view.item.control_class in rules.pocket_return_classes
    pocket = ((TO_POCKET, Phrase("Back to its pocket {pocket}", pocket=one.pocket)),) if may_go_back else ()
    places = (*named, *bin_, *pocket) if view.item.is_refrigerated and view.item.room_minutes else (*bin_, *named, *pocket)
    return ReturnScreen(view, _patient(core, one), places, view.item.is_refrigerated, view.item.room_minutes, view.item.is_controlled)


def waste_screen(core: Core, one: Withdrawal, staff: Staff) -> WasteScreen:
    """What is owed is proposed, else what is left."""
    view, debt = taken_view(core, one, staff), core.state.debts.get(f"waste-{one.access}"[:64])
    proposed = amount_of(view.item, max(0, one.left_m) if debt is None else debt.units_m)
    return WasteScreen(view, _patient(core, one), *typed(view.item, proposed), core.world.policy.custody.waste_reasons)


def typed(item: Item, proposed: Amount) -> tuple[str, str, tuple[str, ...]]:
    """An amount as a form proposes it: the number, its unit, and the units that may be touched, each as it is written beside a 1."""
    number, _, unit = str(proposed).partition(" ")
    units = units_of(item)
    return number, unit if unit in units else proposed.unit if proposed.unit in units else units[-1], units


def units_of(item: Item) -> tuple[str, ...]:
    """The units in which amounts of it are said."""
    return tuple(dict.fromkeys((*(held.unit for held in holds(item)), item.count_unit)))


def _patient(core: Core, one: Withdrawal) -> str:
    patient = core.scene.patient(one.patient) if one.patient else None
    return "" if patient is None else patient.name
