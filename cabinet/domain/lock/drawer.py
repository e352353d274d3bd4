"""The machine of one physical drawer or lid: latched, being released, open, failed, or out of sight.

Alone knows: what each edge of a latch means in each state (the table below is the whole of it), and that a release ends in
exactly one outcome, decided by looking.
Must not know: who opens it or why (`access.py`).

    unknown --closed--> latched --release--> releasing --opened--> open --closed--> latched
       |                   |                    |--not_opened--> latched (another pulse is another intent)
       |--opened--> open   |--opened--> open: nobody released it, so it was forced (or opened by key); so it is from failed
                           |--gave_up--> failed --recovered--> latched; so it is from open, where it will not close
                                         failed --try--> releasing --opened--> open --closed--> latched: it works again
    latched, releasing (outcome unknown), open --blind--> unknown; a failed drawer stays failed, in sight or not

A drawer stays condemned until its fault is cleared: opened by key, lost from sight or tried in vain, it is failed again once it is shut.
"""

from transitions import EventData, Machine

from cabinet.domain.commands import ReleaseLock, StartTimer, StopTimer
from cabinet.domain.facts import DrawerMoved, Outcome, ReleaseIntended, ReleaseSettled
from cabinet.domain.layout import Lock
from cabinet.domain.lock.memory import DrawerState
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import IntentId

STATES = ["unknown", "latched", "releasing", "open", "failed"]


def _model(event: EventData) -> DrawerState:
    assert isinstance(event.model, DrawerState)
    return event.model


def _intend(event: EventData) -> None:
    """The intent is drafted, hence durable, before the pulse is ordered."""
    turn, drawer, access, lock = event.kwargs["turn"], _model(event), event.kwargs["access"], event.kwargs["lock"]
    intent = event.kwargs["intent"]
    hold_ms, look_s = event.kwargs["hold_ms"], event.kwargs["look_s"]
    is_trial = drawer.state == "failed"
    turn.record(ReleaseIntended(intent, drawer.lock, hold_ms, is_trial), access=access, staff=event.kwargs["staff"])
    turn.order(ReleaseLock(intent, lock.coil, lock.closed, hold_ms), StartTimer(f"look:{intent}", look_s))


def _settle(event: EventData, outcome: Outcome) -> None:
    turn, drawer = event.kwargs["turn"], _model(event)
    assert drawer.intent is not None
    intent = IntentId(drawer.intent)
    access = turn.state.accesses.get(drawer.access or "")
    is_given = event.kwargs["is_given"]
    turn.record(ReleaseSettled(intent, drawer.lock, outcome, event.kwargs["why"], is_given), access=access, staff=drawer.staff)
    turn.order(StopTimer(f"look:{intent}"))


def _settle_opened(event: EventData) -> None:
    _settle(event, Outcome.OPENED)


def _settle_not_opened(event: EventData) -> None:
    _settle(event, Outcome.NOT_OPENED)


def _settle_unknown(event: EventData) -> None:
    _settle(event, Outcome.UNKNOWN)


def _is_condemned(event: EventData) -> bool:
    turn: Turn = event.kwargs["turn"]
    return turn.state.is_condemned(_model(event).lock)


def _stays_condemned(event: EventData) -> bool:
    """Closing after a trial that opened is what brings a drawer back."""
    return _is_condemned(event) and not _model(event).is_on_trial


def _record(event: EventData) -> None:
    """Every change of state is a fact."""
    transition, turn, drawer = event.transition, event.kwargs["turn"], _model(event)
    if transition is None or transition.dest is None:
        return
    access = turn.state.accesses.get(drawer.access or "")
    turn.record(DrawerMoved(drawer.lock, transition.source, transition.dest, event.kwargs["why"]), access=access)


ROWS: list[dict[str, object]] = [
    {"trigger": "release", "source": "latched", "dest": "releasing", "before": _intend},
    {"trigger": "try", "source": "failed", "dest": "releasing", "before": _intend},
    {"trigger": "opened", "source": "releasing", "dest": "open", "before": _settle_opened},
    {"trigger": "opened", "source": ["latched", "failed", "unknown"], "dest": "open"},
    {"trigger": "opened", "source": "open", "dest": None},
    {"trigger": "closed", "source": ["open", "unknown"], "dest": "failed", "conditions": _stays_condemned},
    {"trigger": "closed", "source": ["open", "unknown"], "dest": "latched"},
    {"trigger": "closed", "source": ["latched", "releasing", "failed"], "dest": None},
    {"trigger": "not_opened", "source": "releasing", "dest": "failed", "conditions": _is_condemned, "before": _settle_not_opened},
    {"trigger": "not_opened", "source": "releasing", "dest": "latched", "before": _settle_not_opened},
    {"trigger": "not_opened", "source": ["latched", "open", "failed", "unknown"], "dest": None},
    {"trigger": "gave_up", "source": ["latched", "open"], "dest": "failed"},
    {"trigger": "recovered", "source": "failed", "dest": "latched"},
    {"trigger": "recovered", "source": ["unknown", "latched", "releasing", "open"], "dest": None},
    {"trigger": "blind", "source": "releasing", "dest": "unknown", "before": _settle_unknown},
    {"trigger": "blind", "source": ["latched", "open"], "dest": "unknown"},
    {"trigger": "blind", "source": ["unknown", "failed"], "dest": None},
]
"""trigger, source, destination (None: seen, and nothing changes)."""

MACHINE = Machine(
    model=None, states=STATES, transitions=ROWS, initial="unknown", auto_transitions=False, send_event=True,
    model_attribute="state", after_state_change=_record,
)  # fmt: skip


def step(drawer: DrawerState, trigger: str, turn: Turn, why: str, *, is_given: bool = True) -> bool:
    """Let the world's event `trigger` happen to a drawer; tells whether its state changed. `is_given`: a pulse may have been given."""
    before = drawer.state
    MACHINE.events[trigger].trigger(drawer, turn=turn, why=why, is_given=is_given)
    return drawer.state != before


def release(drawer: DrawerState, lock: Lock, access: Access, turn: Turn, *, hold_ms: int, look_s: float) -> None:
    """Draft the intent and order the pulse. The drawer must be latched (a `transitions.MachineError` otherwise is a bug)."""
    intent = IntentId(f"{access.id}-{access.pulses + 1}")
    _pulse(drawer, lock, turn, intent, access=access, staff=access.staff, hold_ms=hold_ms, look_s=look_s)


def serve(drawer: DrawerState, lock: Lock, staff: str, turn: Turn, *, hold_ms: int, look_s: float) -> None:
    """The same at the bench, without an access: the intent is named after the fact that it is."""
    intent = IntentId(f"service-{turn.at.utc:%Y%m%d%H%M%S}-{turn.state.seq + 1}")
    _pulse(drawer, lock, turn, intent, access=None, staff=staff, hold_ms=hold_ms, look_s=look_s)


def attempt(drawer: DrawerState, lock: Lock, staff: str, turn: Turn, *, hold_ms: int, look_s: float) -> None:
    """Pulse a failed drawer once, to see whether it works again. It must be failed, and seen shut."""
    intent = IntentId(f"trial-{turn.at.utc:%Y%m%d%H%M%S}-{turn.state.seq + 1}")
    _pulse(drawer, lock, turn, intent, trigger="try", access=None, staff=staff, hold_ms=hold_ms, look_s=look_s)


def _pulse(drawer: DrawerState, lock: Lock, turn: Turn, intent: IntentId, *, trigger: str = "release", **details: object) -> None:
    MACHINE.events[trigger].trigger(drawer, turn=turn, why="tried" if trigger == "try" else "released", lock=lock, intent=intent, **details)
