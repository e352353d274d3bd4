"""What a person leaves undone and nobody is kept waiting for: when it is owed, and when it is settled by what they do.

Alone knows: which unfinished matter is whose. Must not know: who may close one with a reason (`settling.py`), or how a page lists them.
"""

from cabinet.domain.debt.memory import Debt
from cabinet.domain.facts import CountOwed, DebtOwed, DebtSettled
from cabinet.domain.kinds import row_of, subject_of
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, PatientId, PocketId
from cabinet.domain.withdrawal.memory import WHOLE_M, Withdrawal

NO_ORDER = "withdrawn before a pharmacist saw an order"
NO_PATIENT = "given out for a patient whom nobody named"
INFUSION = "infusion"
"""The kind of what is owed while a controlled infusion runs: that somebody says it ended, and what was left."""
NOT_READ = "removed without a scan, no code could be read"
CONFIRM = "confirm"
"""The kind of what whoever is named in a late entry owes: their word that it was they who took it."""
DENIED = "who is named in the late entry says that they did not take it"
CORRECTED = "another number was said"
EMERGENCY = "given out in an emergency"
OPENED_AT_BENCH = "opened for service"
"""Why a pocket owes a count after a technician's pulse. Until it is counted, what its scale says accuses nobody."""


def owe_count(turn: Turn, pocket: str, why: str, access: Access | None = None) -> None:
    """Let a pocket owe a count, whoever opens it next. Nobody counts a bulk pocket or one without an item, so these owe none."""
    line = turn.state.lines.get(pocket)
    if line is not None and line.count_mode != "bulk":
        turn.record(CountOwed(PocketId(pocket), why), access=access)


def owe(turn: Turn, access: Access, kind: str, why: str, units_m: int = 0) -> None:
    """Let the person of an access owe something."""
    debt = DebtId(f"{kind}-{access.id}"[:64])
    if debt in turn.state.debts:
        return
    turn.record(
        DebtOwed(
            debt, kind, AccessId(access.id), PocketId(access.pocket) if access.pocket else None, ItemId(access.item),
            None if access.patient is None else PatientId(access.patient), units_m, why,
        ),
        access=access,
    )  # fmt: skip


def is_stated(access: Access) -> bool:
    """Whether the number that an access is about was said: what was taken or put, or of what moves nothing the count."""
    return access.confirmed is not None or (not row_of(access).confirms_quantity and access.counted is not None)


def stated_units(access: Access) -> int:
    """How many units an access is about: by its person's last word, and before there is one as it was asked for."""
    said = access.confirmed if row_of(access).confirms_quantity else access.counted
    return access.units if said is None else said


def stated_m(access: Access) -> int:
    """The same in thousandths, with the part of a further one."""
    return stated_units(access) * WHOLE_M + access.part_m


def owe_signature(turn: Turn, access: Access) -> None:
    """Let the person of an access owe the signature of a second one, for so much."""
    owe(turn, access, "witness", subject_of(access), stated_m(access))


def owe_left(turn: Turn, access: Access, why: str, units_m: int) -> None:
    """Let the person of an access owe the waste of what it leaves over: by their last word on how many they took."""
    known = turn.state.debts.get(f"waste-{access.id}"[:64])
    if known is not None and known.units_m != units_m:
        turn.record(DebtSettled(DebtId(known.id), "done", CORRECTED), access=access)
    if units_m:
        owe(turn, access, "waste", why, units_m)


def owe_skipped(turn: Turn, access: Access) -> None:
    """What an emergency did not stop for: why, and on whose order. Nothing where nothing was taken."""
    if access.confirmed == 0:
        return
    owe(turn, access, "order", NO_ORDER if access.patient is not None else NO_PATIENT)
    owe(turn, access, "reason", EMERGENCY)


def owe_of(turn: Turn, known: Withdrawal, person: str, why: str, units_m: int) -> None:
    """Let a person owe the waste of what is left of a withdrawal."""
    debt = DebtId(f"waste-{known.access}"[:64])
    if debt not in turn.state.debts:
        patient = None if known.patient is None else PatientId(known.patient)
        owed = DebtOwed(debt, "waste", AccessId(known.access), PocketId(known.pocket), ItemId(known.item), patient, units_m, why)
        turn.record(owed, about=known.access, staff=person)


def owe_word(turn: Turn, access: Access, person: str, why: str) -> None:
    """Let another person than whose access it is owe their word on it."""
    owed = DebtOwed(
        DebtId(f"{CONFIRM}-{access.id}"[:64]), CONFIRM, AccessId(access.id), PocketId(access.pocket), ItemId(access.item),
        None if access.patient is None else PatientId(access.patient), access.units * WHOLE_M, why,
    )  # fmt: skip
    turn.record(owed, about=access.id, staff=person)


def owe_denied(turn: Turn, debt: Debt) -> None:
    """Let whoever entered it owe a look at it."""
    pocket, patient = None if debt.pocket is None else PocketId(debt.pocket), None if debt.patient is None else PatientId(debt.patient)
    owed = DebtOwed(DebtId(f"denied-{debt.access}"[:64]), "review", AccessId(debt.access), pocket, ItemId(debt.item), patient, 0, DENIED)
    turn.record(owed, about=debt.access, staff=debt.of)


def settle_infusion(turn: Turn, access: str, staff: str | None) -> None:
    """A bag ended, or nothing is left of what was withdrawn."""
    debt = turn.state.debts.get(f"{INFUSION}-{access}"[:64])
    if debt is not None:
        turn.record(DebtSettled(DebtId(debt.id), "done"), about=access, staff=staff)


def settle_waste(turn: Turn, access: Access) -> None:
    """A waste or a return settles what was owed of its withdrawal, once that much is accounted for."""
    known = turn.state.withdrawals.get(access.withdrawal or "")
    if known is not None and known.left_m <= 0:
        settle_infusion(turn, known.access, access.staff)
    debt = turn.state.debts.get(f"waste-{access.withdrawal}"[:64])
    if known is None or debt is None:
        return
    if known.wasted_m >= debt.units_m or known.left_m <= 0:
        turn.record(DebtSettled(DebtId(debt.id), "done", access.reason), access=access)
