"""What pulses and moves mean for what is remembered of drawers and lids.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft, Outcome
from cabinet.domain.fold.change import LEFT_OPEN, access_of, change, fault_key
from cabinet.domain.lock import wear
from cabinet.domain.lock.memory import DrawerState, Fault, Wear
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _intended(fact: facts.ReleaseIntended, state: State, draft: Draft) -> None:
    drawer = state.drawers.setdefault(fact.lock, DrawerState(fact.lock))
    drawer.intent = fact.intent
    drawer.access = draft.access
    drawer.staff = draft.staff
    drawer.is_on_trial = fact.is_trial
    drawer.moved_at = utc_text(draft.at.utc)
    wear.intended(state.wear.setdefault(fact.lock, Wear()), draft.at.utc)
    if draft.access is not None:
        access_of(state, draft).pulses += 1


@change.register
def _release_settled(fact: facts.ReleaseSettled, state: State, draft: Draft) -> None:
    drawer = state.drawers[fact.lock]
    drawer.intent = None
    drawer.is_on_trial = drawer.is_on_trial and fact.outcome is Outcome.OPENED
    if fact.is_given:
        wear.settled(state.wear.setdefault(fact.lock, Wear()), fact.outcome, draft.at.utc)
    access = state.accesses.get(draft.access or "")
    if access is not None:
        access.misses = access.misses + 1 if fact.outcome is Outcome.NOT_OPENED else 0


@change.register
def _drawer_moved(fact: facts.DrawerMoved, state: State, draft: Draft) -> None:
    drawer = state.drawers.setdefault(fact.lock, DrawerState(fact.lock))
    drawer.state = fact.target
    if fact.target == "open":
        drawer.moved_at = utc_text(draft.at.utc)
    state.faults.pop(fault_key(LEFT_OPEN, fact.lock), None)
    if fact.target in {"latched", "unknown", "failed"} and drawer.intent is None:
        drawer.access = drawer.staff = None
        drawer.is_on_trial = False


@change.register
def _left_open(fact: facts.DrawerLeftOpen, state: State, draft: Draft) -> None:
    fault = Fault(fact.lock, LEFT_OPEN, f"open for {fact.after_s} s", utc_text(draft.at.utc))
    state.faults[fault_key(LEFT_OPEN, fact.lock)] = fault


@change.register
def _not_recovered(fact: facts.RecoveryFailed, state: State, _draft: Draft) -> None:
    for fault in state.faults_at(fact.lock):
        fault.tries += fault.is_failing
