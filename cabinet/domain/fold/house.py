"""What starts, modes and assignments of pockets mean for what is remembered.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change, touch
from cabinet.domain.state import Line, State
from cabinet.domain.surroundings import fold as fold_instrument
from cabinet.domain.vocabulary import utc_text


@change.register
def _begun(fact: facts.JournalBegun, state: State, _draft: Draft) -> None:
    """A journal that goes on from a copy: what was done between the copy and now is known to nobody, and numbers begin anew."""
    if fact.after_epoch is None:
        return
    state.is_put_back = True
    state.intervals.clear()
    state.ended.clear()
    for line in state.lines.values():
        line.last_counted_seq = line.changed_seq = 0
    for found in state.discrepancies.values():
        found.seq = found.since_seq = 0


@change.register
def _started(fact: facts.CabinetStarted, state: State, _draft: Draft) -> None:
    state.boot = fact.boot
    state.is_put_back = False
    state.mode = "starting"
    state.software, state.config = fact.software, fact.config
    state.sessions.clear()
    state.failures.clear()
    state.health.clear()
    state.faults = {key: fault for key, fault in state.faults.items() if not fault.is_of_device}
    state.maintenance = None
    state.modes.declared.pop("training", None)
    fold_instrument.started(state)


@change.register
def _mode(fact: facts.ModeChanged, state: State, _draft: Draft) -> None:
    state.mode = fact.target


@change.register
def _assigned(fact: facts.PocketAssigned, state: State, draft: Draft) -> None:
    if draft.access is not None:
        state.assigned[fact.pocket] = fact.item
    line = state.lines.get(fact.pocket)
    if line is None or line.item != fact.item:
        owes, owed_at = ([], "") if line is None else (line.owes, line.owed_at)
        since = utc_text(draft.at.utc)[:10]
        line = Line(
            fact.pocket, fact.item, fact.par, fact.min, fact.critical_low, fact.count_mode, owes=owes, owed_at=owed_at, since=since
        )  # fmt: skip
        state.lines[fact.pocket] = line
    line.par, line.min, line.critical_low, line.count_mode = fact.par, fact.min, fact.critical_low, fact.count_mode
    touch(state, line, draft)


@change.register
def _unassigned(fact: facts.PocketUnassigned, state: State, draft: Draft) -> None:
    if draft.access is not None:
        state.assigned[fact.pocket] = None
    state.lines.pop(fact.pocket, None)
    state.refill_asks.pop(fact.pocket, None)
