"""The one way in which state changes: `apply` a fact. Life and replay both go through here, and replay triggers nothing.

Alone knows: what each type of fact means for what is remembered.
Must not know: why a fact was written, or what is to be done about it.
"""

from functools import singledispatch

from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft, Fact, Outcome
from cabinet.domain.lock import wear
from cabinet.domain.people import Session
from cabinet.domain.scale import fold as fold_scale
from cabinet.domain.state import (
    FINAL,
    Access,
    Batch,
    Commissioning,
    Discrepancy,
    DrawerState,
    Fault,
    Line,
    Maintenance,
    Scan,
    Selftest,
    State,
    Wear,
)
from cabinet.domain.surroundings import fold as fold_instrument
from cabinet.domain.vocabulary import utc_text

RECENT = 256
"""How many accesses are remembered after they are over (the journal has them all)."""

LEFT_OPEN = "drawer.left_open"
DEGRADED = "device.degraded"


def apply(state: State, seq: int, draft: Draft) -> None:
    """Let `state` know fact number `seq`."""
    state.seq = seq
    _change(draft.fact, state, draft)


@singledispatch
def _change(_fact: Fact, _state: State, _draft: Draft) -> None:
    """Most facts are evidence: they say what happened and change nothing that is remembered."""


@_change.register
def _started(fact: facts.CabinetStarted, state: State, _draft: Draft) -> None:
    state.boot = fact.boot
    state.mode = "starting"
    state.software, state.config = fact.software, fact.config
    state.sessions.clear()
    state.failures.clear()
    state.health.clear()
    state.faults = {key: fault for key, fault in state.faults.items() if not fault.is_of_device}
    state.maintenance = None
    fold_instrument.started(state)


@_change.register
def _mode(fact: facts.ModeChanged, state: State, _draft: Draft) -> None:
    state.mode = fact.target


@_change.register
def _assigned(fact: facts.PocketAssigned, state: State, draft: Draft) -> None:
    line = state.lines.get(fact.pocket)
    if line is None or line.item != fact.item:
        owes = [] if line is None else line.owes
        line = Line(fact.pocket, fact.item, fact.par, fact.min, fact.critical_low, fact.count_mode, owes=owes)
        state.lines[fact.pocket] = line
    line.par, line.min, line.critical_low, line.count_mode = fact.par, fact.min, fact.critical_low, fact.count_mode
    _touch(state, line, draft)


@_change.register
def _unassigned(fact: facts.PocketUnassigned, state: State, _draft: Draft) -> None:
    state.lines.pop(fact.pocket, None)


@_change.register
def _session_opened(fact: facts.SessionOpened, state: State, draft: Draft) -> None:
    assert draft.staff is not None
    state.sessions[fact.session] = Session(fact.session, draft.staff, list(fact.factors))


@_change.register
def _session_closed(fact: facts.SessionClosed, state: State, _draft: Draft) -> None:
    state.sessions.pop(fact.session, None)


@_change.register
def _requested(fact: facts.AccessRequested, state: State, draft: Draft) -> None:
    assert draft.access is not None
    assert draft.staff is not None
    state.accesses[draft.access] = Access(
        draft.access, fact.kind, fact.pocket, fact.item, fact.units, fact.authority, fact.session, draft.staff, fact.patient,
        utc_text(draft.at.utc), order=fact.order, reason=fact.reason, moved_from=fact.moved_from, instead_of=fact.instead_of,
    )  # fmt: skip
    _forget_old(state)


def _forget_old(state: State) -> None:
    surplus = len(state.accesses) - RECENT
    if surplus > 0:
        over = [access.id for access in state.accesses.values() if access.phase in FINAL][:surplus]
        for access_id in over:
            del state.accesses[access_id]


@_change.register
def _access_moved(fact: facts.AccessMoved, state: State, draft: Draft) -> None:
    access = _access(state, draft)
    access.phase = fact.target
    access.why = fact.why
    access.was_open = access.was_open or fact.target == "open"


@_change.register
def _access_moved_over(fact: facts.AccessMovedOver, state: State, draft: Draft) -> None:
    _access(state, draft).moved_to = fact.moved_to


@_change.register
def _intended(fact: facts.ReleaseIntended, state: State, draft: Draft) -> None:
    drawer = state.drawers.setdefault(fact.lock, DrawerState(fact.lock))
    drawer.intent = fact.intent
    drawer.access = draft.access
    drawer.staff = draft.staff
    drawer.is_on_trial = fact.is_trial
    drawer.moved_at = utc_text(draft.at.utc)
    wear.intended(state.wear.setdefault(fact.lock, Wear()), draft.at.utc)
    if draft.access is not None:
        _access(state, draft).pulses += 1


@_change.register
def _release_settled(fact: facts.ReleaseSettled, state: State, draft: Draft) -> None:
    drawer = state.drawers[fact.lock]
    drawer.intent = None
    drawer.is_on_trial = drawer.is_on_trial and fact.outcome is Outcome.OPENED
    wear.settled(state.wear.setdefault(fact.lock, Wear()), fact.outcome, draft.at.utc)
    access = state.accesses.get(draft.access or "")
    if access is not None:
        access.misses = access.misses + 1 if fact.outcome is Outcome.NOT_OPENED else 0


@_change.register
def _drawer_moved(fact: facts.DrawerMoved, state: State, draft: Draft) -> None:
    drawer = state.drawers.setdefault(fact.lock, DrawerState(fact.lock))
    drawer.state = fact.target
    if fact.target == "open":
        drawer.moved_at = utc_text(draft.at.utc)
    state.faults.pop(_fault_key(LEFT_OPEN, fact.lock), None)
    if fact.target in {"latched", "unknown", "failed"} and drawer.intent is None:
        drawer.access = drawer.staff = None
        drawer.is_on_trial = False


@_change.register
def _counted(fact: facts.PocketCounted, state: State, draft: Draft) -> None:
    access = _access(state, draft)
    access.attempts = fact.attempt
    if not fact.is_final:
        return
    access.counted = fact.counted
    line = state.lines[fact.pocket]
    line.last_counted_at = utc_text(draft.at.utc)
    line.last_counted_seq = state.seq
    line.basis = fact.basis
    line.owes.clear()
    _touch(state, line, draft)


@_change.register
def _quantity(fact: facts.QuantityConfirmed, state: State, draft: Draft) -> None:
    access = _access(state, draft)
    access.confirmed, access.lot = fact.units, fact.lot or ""


@_change.register
def _scanned(fact: facts.PackageScanned, state: State, draft: Draft) -> None:
    _access(state, draft).scan = Scan(fact.lot, fact.expiry)


@_change.register
def _scan_refused(fact: facts.ScanRefused, state: State, draft: Draft) -> None:
    _access(state, draft).scan = Scan(code=fact.code, found=fact.found)


@_change.register
def _cancel_asked(_fact: facts.CancelAsked, state: State, draft: Draft) -> None:
    _access(state, draft).wants_cancel = True


@_change.register
def _moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    line = state.lines[fact.pocket]
    if fact.target is Account.POCKET:
        _put(line, fact.units, fact.lot, fact.expiry)
    if fact.source is Account.POCKET:
        _take(line, fact.units, from_latest=fact.target is Account.VARIANCE)
    _touch(state, line, draft)


def _put(line: Line, units: int, lot: str | None, expiry: str | None) -> None:
    for batch in line.batches:
        if (batch.lot, batch.expiry) == (lot, expiry):
            batch.units += units
            return
    line.batches.append(Batch(units, lot, expiry))
    line.batches.sort(key=lambda batch: batch.expiry or "9999")


def _take(line: Line, units: int, *, from_latest: bool) -> None:
    """First expired, first out: which lot a hand really took is not known, so the earliest is taken to have gone.

    What is missing at a count goes from the latest lot instead: the expiry that is left must err on the safe side.
    """
    assert units <= line.units, f"{line.pocket} holds {line.units}, {units} were taken"
    for batch in reversed(line.batches) if from_latest else line.batches:
        taken = min(units, batch.units)
        batch.units -= taken
        units -= taken
    line.batches = [batch for batch in line.batches if batch.units]


@_change.register
def _found(fact: facts.DiscrepancyFound, state: State, draft: Draft) -> None:
    state.discrepancies[fact.discrepancy] = Discrepancy(
        fact.discrepancy, fact.pocket, fact.item, fact.expected, fact.counted, fact.basis, fact.since_seq, state.seq,
        utc_text(draft.at.utc), draft.access,
    )  # fmt: skip
    if draft.access is not None and draft.access in state.accesses:
        state.accesses[draft.access].is_disputed = True


@_change.register
def _resolved(fact: facts.DiscrepancyResolved, state: State, _draft: Draft) -> None:
    state.discrepancies[fact.discrepancy].is_open = False


@_change.register
def _owed(fact: facts.CountOwed, state: State, _draft: Draft) -> None:
    line = state.lines[fact.pocket]
    if fact.why not in line.owes:
        line.owes.append(fact.why)


_change.register(facts.PocketWeighed)(fold_scale.weighed)
_change.register(facts.TemperatureLogged)(fold_instrument.logged)
_change.register(facts.FridgeMoved)(fold_instrument.moved)
_change.register(facts.ExcursionBegan)(fold_instrument.began)
_change.register(facts.ExcursionEnded)(fold_instrument.ended)
_change.register(facts.ExcursionDecided)(fold_instrument.decided)
_change.register(facts.PowerMoved)(fold_instrument.powered)
_change.register(facts.MassTaught)(fold_scale.taught)
_change.register(facts.SampleDoubted)(fold_scale.sampled)
_change.register(facts.ScaleChecked)(fold_scale.checked)


@_change.register
def _sensed(_fact: facts.BinSensed, state: State, draft: Draft) -> None:
    _access(state, draft).seen_after = True


@_change.register
def _failed(fact: facts.DeviceFailed, state: State, draft: Draft) -> None:
    state.failures[fact.device] = fact.code
    fault = Fault(fact.device, fact.code, fact.detail, utc_text(draft.at.utc), is_of_device=True)
    state.faults[_fault_key(fact.code, fact.device)] = fault


@_change.register
def _health(fact: facts.HealthChanged, state: State, draft: Draft) -> None:
    state.faults.pop(_fault_key(DEGRADED, fact.part), None)
    if fact.after == "degraded":
        fault = Fault(fact.part, DEGRADED, fact.why, utc_text(draft.at.utc), is_of_device=True)
        state.faults[_fault_key(DEGRADED, fact.part)] = fault
    if fact.after == "ok":
        state.health.pop(fact.part, None)
    else:
        state.health[fact.part] = fact.after


@_change.register
def _recovered(fact: facts.DeviceRecovered, state: State, _draft: Draft) -> None:
    state.failures.pop(fact.device, None)
    for fault in state.faults_at(fact.device):
        if fault.is_of_device:
            del state.faults[_fault_key(fault.code, fault.place)]


@_change.register
def _raised(fact: facts.FaultRaised, state: State, draft: Draft) -> None:
    key = _fault_key(fact.code, fact.place)
    fault = Fault(fact.place, fact.code, fact.detail, utc_text(draft.at.utc), draft.staff, fact.is_failing)
    known = state.faults.get(key)
    if known is not None:
        fault.raised_at, fault.staff, fault.tries = known.raised_at, known.staff or draft.staff, known.tries
    state.faults[key] = fault


@_change.register
def _cleared(fact: facts.FaultCleared, state: State, _draft: Draft) -> None:
    state.faults.pop(_fault_key(fact.code, fact.place), None)
    if fact.code == wear.WORN:
        state.wear.pop(fact.place, None)


@_change.register
def _not_recovered(fact: facts.RecoveryFailed, state: State, _draft: Draft) -> None:
    for fault in state.faults_at(fact.lock):
        fault.tries += fault.is_failing


@_change.register
def _left_open(fact: facts.DrawerLeftOpen, state: State, draft: Draft) -> None:
    fault = Fault(fact.lock, LEFT_OPEN, f"open for {fact.after_s} s", utc_text(draft.at.utc))
    state.faults[_fault_key(LEFT_OPEN, fact.lock)] = fault


def _fault_key(code: str, place: str) -> str:
    return f"{code}@{place}"


@_change.register
def _maintenance_begun(fact: facts.MaintenanceBegun, state: State, draft: Draft) -> None:
    since = utc_text(draft.at.utc) if state.maintenance is None else state.maintenance.since
    state.maintenance = Maintenance(draft.staff or "", fact.session, since, fact.until)


@_change.register
def _maintenance_ended(_fact: facts.MaintenanceEnded, state: State, _draft: Draft) -> None:
    state.maintenance = None


@_change.register
def _commissioned(fact: facts.CabinetCommissioned, state: State, draft: Draft) -> None:
    if fact.scope:  # a walk of one board says nothing of the wires of the others, which may have been changed as well
        return
    state.commissioning = Commissioning(utc_text(draft.at.utc), draft.staff or "", fact.wiring, fact.is_passed, list(fact.failed))


@_change.register
def _selftested(fact: facts.SelftestDone, state: State, draft: Draft) -> None:
    state.selftest = Selftest(utc_text(draft.at.utc), fact.software, fact.is_passed, list(fact.findings))


def _access(state: State, draft: Draft) -> Access:
    assert draft.access is not None
    return state.accesses[draft.access]


def _touch(state: State, line: Line, draft: Draft) -> None:
    line.changed_seq = state.seq
    line.changed_at = utc_text(draft.at.utc)
