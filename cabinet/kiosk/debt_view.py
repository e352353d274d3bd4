"""What is still to be done, as people see it: "my shift" and "end of shift".

Alone knows: whose debts are shown to whom, in which words, and how old they are. Must not know: HTTP, HTML, clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.debt.memory import Debt
from cabinet.domain.debt.owing import stated_m
from cabinet.domain.dose.portion import amount_of
from cabinet.domain.dose.strength import serves
from cabinet.domain.formulary import Item
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase, message
from cabinet.domain.state import Access, Line
from cabinet.domain.unit import portion
from cabinet.domain.vocabulary import Instant, ItemId, parse_utc
from cabinet.kiosk.reason import reason

SENTENCES = {
    "waste": message("{amount} to be wasted with a witness"),
    "witness": message("a second person's signature for a {why}: {amount}"),
    "reason": message("the reason: {why}"),
    "order": message("the order: {why}"),
    "review": message("a look at a withdrawal: {why}"),
    "scan": message("a look at a package: {why}"),
    "confirm": message("your word: {why}"),
    "kit": message("a sealed kit to bring back, or to account for: {why}"),
    "infusion": message("the end of the infusion: {why}"),
    "bag": message("a patient's own medicine: {why}"),
    "count": message("a count: {why}"),
}


@dataclass(frozen=True)
class Possible:
    """An order that the withdrawal may have followed."""

    id: str
    words: str


@dataclass(frozen=True)
class DebtView:
    """Something still to be done. `owner` is empty where it is anybody's (a pocket's count)."""

    id: str
    kind: str
    sentence: str
    item: str
    pocket: str
    patient: str
    owner: str
    owner_name: str
    at: str
    minutes: int
    is_mine: bool
    access: str = ""
    of_name: str = ""
    """Whose act it came of, where another person owes it now."""
    can_act: bool = False
    """Whether this person can do something about it now: an order that nobody has written yet is waited for."""


def debt_views(core: Core, viewer: Staff, now: Instant) -> list[DebtView]:
    """The oldest first: one's own, and everybody's for those who may close them; then the pockets that owe a count."""
    sees_all = core.world.policy.allows(viewer.role, "close_debt")
    mine = [debt for debt in core.state.debts.values() if debt.staff == viewer.id or sees_all]
    owed = [debt_view(core, viewer, debt, now) for debt in sorted(mine, key=lambda debt: debt.at)]
    return owed + [_count(core, line, now) for line in core.state.lines.values() if line.owes]


def debts_of(core: Core, access: Access, now: Instant) -> tuple[DebtView, ...]:
    """What is owed of one access by the person whose it was."""
    person = core.scene.staff(access.staff)
    mine = [debt for debt in core.state.debts.values() if debt.access == access.id and debt.staff == access.staff]
    return () if person is None else tuple(debt_view(core, person, debt, now) for debt in mine)


def _count(core: Core, line: Line, now: Instant) -> DebtView:
    """A pocket owes it, and nobody in particular."""
    item, at = core.world.formulary.get(ItemId(line.item)), line.owed_at or line.changed_at
    return DebtView(
        f"count-{line.pocket}", "count", _sentence(core, "count", "", line.owes[0]), line.item if item is None else item.title, line.pocket,
        "", "", "", at, _minutes(at, now), is_mine=False,
    )  # fmt: skip


def debt_view(core: Core, viewer: Staff, debt: Debt, now: Instant) -> DebtView:
    """One debt as this person sees it."""
    item = core.world.formulary.get(ItemId(debt.item))
    much = "" if item is None else _much(core, debt, item)
    patient = core.scene.patient(debt.patient) if debt.patient else None
    owner = core.scene.staff(debt.staff)
    return DebtView(
        debt.id, debt.kind, _sentence(core, debt.kind, much, debt.why), debt.item if item is None else item.title, debt.pocket or "",
        "" if patient is None else patient.name, debt.staff, debt.staff if owner is None else owner.name, debt.at,
        _minutes(debt.at, now), debt.staff == viewer.id, debt.access, _of(core, debt), _can_act(core, debt),
    )  # fmt: skip


def _units_m(core: Core, debt: Debt) -> int:
    """How much a signature is for: what was stated last, as long as the access is remembered."""
    access = core.state.accesses.get(debt.access)
    return debt.units_m if access is None else stated_m(access)


def _minutes(since: str, now: Instant) -> int:
    return int((now.utc - parse_utc(since)).total_seconds()) // 60 if since else 0


def _much(core: Core, debt: Debt, item: Item) -> str:
    """`2.5 mg` where it is known what one unit holds, else `0.5 tablet`; a signature is for what was counted: `2 syringes`."""
    if debt.kind == "witness":
        return portion(_units_m(core, debt), item.count_unit)
    return str(amount_of(item, debt.units_m))


def _of(core: Core, debt: Debt) -> str:
    person = core.scene.staff(debt.of)
    return "" if debt.of in {"", debt.staff} else debt.of if person is None else person.name


def handed_over(core: Core, staff: Staff, now: Instant) -> tuple[DebtView, ...]:
    """What came of this person's acts, and a colleague took over and has not done yet."""
    found = [debt for debt in core.state.debts.values() if debt.of == staff.id != debt.staff]
    return tuple(debt_view(core, staff, debt, now) for debt in sorted(found, key=lambda debt: debt.at))


def _sentence(core: Core, kind: str, much: str, why: str) -> Phrase:
    told = {"amount": much, "why": reason(core.world.layout, why)}
    return Phrase(SENTENCES[kind], **told)


LOOKS = frozenset({"review", "scan"})
"""What is looked at by somebody else than whose act it was, who closes it then."""


def _can_act(core: Core, debt: Debt) -> bool:
    """Whether its own page offers whoever owes it something to do."""
    if debt.kind in LOOKS:
        return False
    if debt.kind in {"waste", "infusion"}:
        return debt.access in core.state.withdrawals
    return debt.kind != "order" or debt.patient is None or any(possible_orders(core, debt))


def possible_orders(core: Core, debt: Debt) -> Iterator[Possible]:
    """The verified orders of the item: of its patient, or of anybody where nobody was named."""
    item = core.world.formulary.get(ItemId(debt.item))
    for patient in core.scene.patients():
        if item is not None and debt.patient in {None, patient.id}:
            for order in patient.orders:
                if order.is_verified and serves(item, order, core.world.formulary):
                    dose = f"{order.dose} {order.route} {order.schedule}"
                    words = Phrase("{patient}, bed {bed}: {dose}", patient=patient.name, bed=patient.bed, dose=dose)
                    yield Possible(order.id, words)
