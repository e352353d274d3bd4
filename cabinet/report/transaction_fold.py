"""Facts -> transactions: everything that was said, seen and decided in one access, gathered under its key.

Alone knows: which fact fills which field. Must not know: which transactions a report wants, or how they are printed.

A scale is read once everything is at rest, after the access is over; so a transaction is given on when it has been over for AFTERTHOUGHT
facts, or at the end of the journal. No more than those are held.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from cabinet.domain import facts
from cabinet.domain.debt.owing import CONFIRM
from cabinet.domain.facts import Account, Entry, Moment
from cabinet.domain.kinds import KINDS, row_of
from cabinet.domain.state import FINAL
from cabinet.report.strength import amount
from cabinet.report.telling import Telling, moment_of
from cabinet.report.transaction import Transaction

AFTERTHOUGHT = 500
"""Facts after its end in which an access may still be told of."""

UNCONFIRMED = "(not confirmed)"
"""Stands behind who took it, as long as only somebody else says so."""

OFFLINE = frozenset({"downtime", "critical_override"})
"""The modes in which the cabinet works without the pharmacy's word."""


class Transactions:
    """Hears facts that a telling knows already, and gives on each access once nothing more is to be said of it."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._under_way: dict[str, Transaction] = {}
        self._over: OrderedDict[str, tuple[Transaction, int]] = OrderedDict()
        self._kept: dict[str, Transaction] = {}
        """Those that wait for the word of who is named in them, or for the name of a patient, however long."""
        self._heard = 0

    def hear(self, entry: Entry) -> Iterator[Transaction]:
        """Take one fact in; the transactions that are complete now."""
        self._heard += 1
        if entry.access is not None:
            self._note(entry, str(entry.access))
        while self._over and next(iter(self._over.values()))[1] + AFTERTHOUGHT < self._heard:
            access, (done, _) = self._over.popitem(last=False)
            if done.taken_by.endswith(UNCONFIRMED) or _is_nobodys(done):
                self._kept[access] = done
            else:
                yield done

    def rest(self) -> Iterator[Transaction]:
        """What is left at the end of the journal, those that are still under way last."""
        yield from self._kept.values()
        yield from (done for done, _ in self._over.values())
        yield from self._under_way.values()

    def _note(self, entry: Entry, access: str) -> None:
        if isinstance(entry.fact, facts.AccessRequested):
            self._under_way[access] = _begun(self._telling, entry, entry.fact)
            return
        found = self._under_way.get(access) or self._over.get(access, (None, 0))[0] or self._kept.get(access)
        if found is None:
            return
        found.last_seq, found.hash = entry.seq, entry.hash
        if entry.witness is not None:
            found.witness, found.witness_name = entry.witness, self._telling.name(entry.witness)
        filler = FILLERS.get(type(entry.fact))
        if filler is not None:
            filler(self._telling, found, entry, entry.fact)
        if isinstance(entry.fact, facts.AccessMoved) and entry.fact.target in FINAL and access in self._under_way:
            self._over[access] = self._under_way.pop(access), self._heard


def _begun(telling: Telling, entry: Entry, fact: facts.AccessRequested) -> Transaction:
    state, item = telling.state, telling.item(fact.item)
    line, session = state.lines.get(fact.pocket or ""), state.sessions.get(fact.session)
    person = str(entry.staff or "")
    done = Transaction(
        access=str(entry.access), cabinet=telling.world.layout.cabinet, asked_at=entry.at, kind=fact.kind, pocket=fact.pocket or "",
        item=fact.item, authority=fact.authority, person=person, person_name=telling.name(person), role=telling.role(person),
        units_asked=fact.units, software=state.software, config=state.config, mode=state.mode, power=state.power.state,
        epoch=entry.epoch, first_seq=entry.seq, prev_hash=entry.prev_hash, last_seq=entry.seq, hash=entry.hash,
    )  # fmt: skip
    done.factors = [] if session is None else list(session.factors)
    done.is_override, done.is_offline = fact.authority in {"override", "emergency"}, bool(state.modes.down_since) or state.mode in OFFLINE
    done.reason, done.order = fact.reason or "", fact.order or ""
    done.patient, done.patient_name = fact.patient or "", telling.patient_name(fact.patient)
    done.drawer, done.schedule, done.item_name = telling.drawer_name(fact.pocket), telling.schedule(fact.item), telling.title(fact.item)
    done.instead_of, done.moved_from = fact.instead_of or "", fact.moved_from or ""
    done.purpose, done.withdrawal, done.place = fact.purpose or "", fact.withdrawal or "", fact.place or ""
    done.bag, done.delivery, done.checked_by = fact.bag, fact.delivery or "", fact.checked_by or ""
    done.sheet, done.said, done.witness_rule = fact.sheet or "", fact.said or "", fact.witness_rule or ""
    done.warnings = list(fact.acknowledged)
    if item is not None:
        done.strength, done.form, done.ndc, done.unit = item.strength, item.form, item.ndc, item.count_unit
    if line is not None:
        done.count_mode, done.beginning, done.ending = line.count_mode, line.units, line.units
        done.lots_present = [f"{batch.units} of {batch.lot or 'no known lot'}" for batch in line.batches]
    return done


def _moved(telling: Telling, done: Transaction, entry: Entry, fact: facts.AccessMoved) -> None:
    done.outcome, done.why = fact.target, fact.why
    if fact.target == "open" and done.opened_at is None:
        done.opened_at = entry.at
    if fact.source in {"open", "released"} and fact.target in {"closed", *FINAL} and done.opened_at is not None:
        done.closed_at = entry.at
        done.open_s = round((entry.at - done.opened_at).total_seconds())
    if fact.target in FINAL:
        done.ended_at = entry.at
        line = telling.state.lines.get(done.pocket)
        done.ending = done.ending if line is None else line.units


def _counted(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.PocketCounted) -> None:
    done.counts.append(fact.counted)
    if fact.is_final:
        done.expected, done.entered, done.difference = fact.expected, fact.counted, fact.counted - fact.expected


def _quantity(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.QuantityConfirmed) -> None:
    done.units_entered, done.lot, done.expiry = fact.units, fact.lot or done.lot, fact.expiry or done.expiry


def _units(telling: Telling, done: Transaction, _entry: Entry, fact: facts.UnitsMoved) -> None:
    line, item = telling.state.lines.get(done.pocket), telling.item(fact.item)
    done.ending = done.ending if line is None else line.units
    if Account.VARIANCE in {fact.source, fact.target}:
        return
    done.units_moved, done.part_m = done.units_moved + fact.units, done.part_m + fact.part_m
    done.source, done.target = fact.source, fact.target
    done.amount = "" if item is None else amount(item, done.units_moved * 1000 + done.part_m)


def _weighed(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.PocketWeighed) -> None:
    if fact.moment is Moment.BEFORE:
        done.mass_before_mg = fact.mass_mg
        return
    done.mass_after_mg, done.sensed_units = fact.mass_mg, fact.units
    done.sensed = f"{fact.verdict} {fact.why}".strip()
    base = done.beginning if done.entered is None else done.entered
    if fact.units is not None and base is not None and done.kind in KINDS:
        done.sensed_count = base - fact.units if row_of(done).takes else base + fact.units


def _sensed(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.BinSensed) -> None:
    done.bin_sensor = "empty" if fact.is_empty else "not empty"


def _scanned(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.PackageScanned) -> None:
    done.scan_gtin, done.scan_lot = fact.gtin or "", fact.lot or ""
    done.scan_expiry, done.scan_serial = fact.expiry or "", fact.serial or ""


def _scan_refused(telling: Telling, done: Transaction, _entry: Entry, fact: facts.ScanRefused) -> None:
    done.scans_refused.append(fact.code if fact.found is None else f"{fact.code}: {telling.title(fact.found)}")


def _found(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.DiscrepancyFound) -> None:
    done.discrepancies.append(fact.discrepancy)


def _signed(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.WitnessSigned) -> None:
    done.witness_factors = list(fact.factors)
    done.witnessed.append(" ".join(part for part in (fact.act, fact.said, fact.reason) if part))


def _late(telling: Telling, done: Transaction, entry: Entry, fact: facts.LateEntered) -> None:
    done.is_late_entry, done.true_time = True, moment_of(fact.true_at)
    done.taken_by = f"{telling.name(fact.taken_by)} {UNCONFIRMED}" if fact.taken_by not in {None, entry.staff} else ""


def _confirmed(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.DebtSettled) -> None:
    """Whoever is named in a late entry gave their word, or somebody closed it without."""
    if fact.debt.startswith(f"{CONFIRM}-") and fact.how != "closed":
        done.taken_by = done.taken_by.replace(UNCONFIRMED, f"({fact.how})")


def _released(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.ReleaseSettled) -> None:
    done.locks.append(f"{fact.lock} {fact.outcome}")


def _is_nobodys(done: Transaction) -> bool:
    """Whether it was given to a patient whom nobody has named yet."""
    return done.kind == "emergency" and not done.patient and bool(done.units_moved)


def _named(telling: Telling, done: Transaction, _entry: Entry, fact: facts.PatientNamed) -> None:
    done.patient, done.patient_name = fact.patient, telling.patient_name(fact.patient)


def _moved_over(_telling: Telling, done: Transaction, _entry: Entry, fact: facts.AccessMovedOver) -> None:
    done.moved_to = fact.moved_to


Filler = Callable[[Telling, Transaction, Entry, Any], None]

FILLERS: dict[type[facts.Fact], Filler] = {
    facts.AccessMoved: _moved,
    facts.PocketCounted: _counted,
    facts.QuantityConfirmed: _quantity,
    facts.UnitsMoved: _units,
    facts.PocketWeighed: _weighed,
    facts.BinSensed: _sensed,
    facts.PackageScanned: _scanned,
    facts.ScanRefused: _scan_refused,
    facts.DiscrepancyFound: _found,
    facts.ReleaseSettled: _released,
    facts.WitnessSigned: _signed,
    facts.LateEntered: _late,
    facts.DebtSettled: _confirmed,
    facts.AccessMovedOver: _moved_over,
    facts.PatientNamed: _named,
}
"""What each fact adds. Every other fact of an access adds its number and its witness alone."""
