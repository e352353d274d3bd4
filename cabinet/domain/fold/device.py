"""What losses, health, faults and the bench mean for what is remembered of devices.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change, fault_key
from cabinet.domain.lock import wear
from cabinet.domain.lock.memory import Fault
from cabinet.domain.state import Commissioning, Maintenance, Selftest, State
from cabinet.domain.vocabulary import utc_text

DEGRADED = "device.degraded"


@change.register
def _failed(fact: facts.DeviceFailed, state: State, draft: Draft) -> None:
    state.failures[fact.device] = fact.code
    fault = Fault(fact.device, fact.code, fact.detail, utc_text(draft.at.utc), is_of_device=True)
    state.faults[fault_key(fact.code, fact.device)] = fault


@change.register
def _health(fact: facts.HealthChanged, state: State, draft: Draft) -> None:
    state.faults.pop(fault_key(DEGRADED, fact.part), None)
    if fact.after == "degraded":
        fault = Fault(fact.part, DEGRADED, fact.why, utc_text(draft.at.utc), is_of_device=True)
        state.faults[fault_key(DEGRADED, fact.part)] = fault
    if fact.after == "ok":
        state.health.pop(fact.part, None)
    else:
        state.health[fact.part] = fact.after


@change.register
def _recovered(fact: facts.DeviceRecovered, state: State, _draft: Draft) -> None:
    state.failures.pop(fact.device, None)
    for fault in state.faults_at(fact.device):
        if fault.is_of_device:
            del state.faults[fault_key(fault.code, fault.place)]


@change.register
def _raised(fact: facts.FaultRaised, state: State, draft: Draft) -> None:
    key = fault_key(fact.code, fact.place)
    fault = Fault(fact.place, fact.code, fact.detail, utc_text(draft.at.utc), draft.staff, fact.is_failing)
    known = state.faults.get(key)
    if known is not None:
        fault.raised_at, fault.staff, fault.tries = known.raised_at, known.staff or draft.staff, known.tries
    state.faults[key] = fault


@change.register
def _cleared(fact: facts.FaultCleared, state: State, _draft: Draft) -> None:
    state.faults.pop(fault_key(fact.code, fact.place), None)
    if fact.code == wear.WORN:
        state.wear.pop(fact.place, None)


@change.register
def _maintenance_begun(fact: facts.MaintenanceBegun, state: State, draft: Draft) -> None:
    since = utc_text(draft.at.utc) if state.maintenance is None else state.maintenance.since
    state.maintenance = Maintenance(draft.staff or "", fact.session, since, fact.until)


@change.register
def _maintenance_ended(_fact: facts.MaintenanceEnded, state: State, _draft: Draft) -> None:
    state.maintenance = None


@change.register
def _commissioned(fact: facts.CabinetCommissioned, state: State, draft: Draft) -> None:
    if fact.scope:  # a walk of one board says nothing of the wires of the others, which may have been changed as well
        return
    state.commissioning = Commissioning(utc_text(draft.at.utc), draft.staff or "", fact.wiring, fact.is_passed, list(fact.failed))


@change.register
def _selftested(fact: facts.SelftestDone, state: State, draft: Draft) -> None:
    state.selftest = Selftest(utc_text(draft.at.utc), fact.software, fact.is_passed, list(fact.findings))
