"""The machine of the whole cabinet: what mode it is in.

Alone knows: which mode follows from what stands, and that of several the strictest shows: a lock-down before critical override before
downtime. Must not know: whom a mode serves (`mode/serving.py`), when one begins (`mode/contact.py`, `mode/declaring.py`), or who is at the
cabinet's bench (`service.py`).

    starting --looked--> locked_down | critical_override | downtime | ready     (whatever still stands; every door has been seen)
    ready --lost--> downtime --heard--> ready
    ready, downtime --overridden--> critical_override --relieved--> downtime | ready
    ready, downtime, critical_override --locked--> locked_down --unlocked--> whatever else stands
    ready, downtime --serviced--> maintenance --returned--> whatever stands
    ready, downtime --trained--> training --dismissed--> whatever stands
"""

from transitions import EventData, Machine

from cabinet.domain.facts import ModeChanged
from cabinet.domain.state import State
from cabinet.domain.turn import Turn

MODES = ["starting", "ready", "downtime", "critical_override", "maintenance", "training", "locked_down"]


def _stands(event: EventData, mode: str) -> bool:
    assert isinstance(event.model, State)
    return mode in event.model.modes.declared


def _is_locked(event: EventData) -> bool:
    return _stands(event, "locked_down")


def _is_critical(event: EventData) -> bool:
    return _stands(event, "critical_override")


def _is_down(event: EventData) -> bool:
    assert isinstance(event.model, State)
    return bool(event.model.modes.down_since)


def _to_what_stands(trigger: str, source: str) -> list[dict[str, object]]:
    return [
        {"trigger": trigger, "source": source, "dest": "locked_down", "conditions": _is_locked},
        {"trigger": trigger, "source": source, "dest": "critical_override", "conditions": _is_critical},
        {"trigger": trigger, "source": source, "dest": "downtime", "conditions": _is_down},
        {"trigger": trigger, "source": source, "dest": "ready"},
    ]


def _but(*modes: str) -> list[str]:
    return [mode for mode in MODES if mode not in modes]


ROWS: list[dict[str, object]] = [
    *_to_what_stands("looked", "starting"),
    {"trigger": "looked", "source": _but("starting"), "dest": None},
    {"trigger": "lost", "source": "ready", "dest": "downtime"},
    {"trigger": "lost", "source": _but("ready"), "dest": None},
    {"trigger": "heard", "source": "downtime", "dest": "ready"},
    {"trigger": "heard", "source": _but("downtime"), "dest": None},
    {"trigger": "overridden", "source": ["ready", "downtime"], "dest": "critical_override"},
    {"trigger": "overridden", "source": _but("ready", "downtime"), "dest": None},
    {"trigger": "relieved", "source": "critical_override", "dest": "downtime", "conditions": _is_down},
    {"trigger": "relieved", "source": "critical_override", "dest": "ready"},
    {"trigger": "relieved", "source": _but("critical_override"), "dest": None},
    {"trigger": "locked", "source": ["ready", "downtime", "critical_override"], "dest": "locked_down"},
    {"trigger": "locked", "source": ["starting", "maintenance", "training", "locked_down"], "dest": None},
    *_to_what_stands("unlocked", "locked_down")[1:],
    {"trigger": "unlocked", "source": _but("locked_down"), "dest": None},
    {"trigger": "serviced", "source": ["ready", "downtime"], "dest": "maintenance"},
    *_to_what_stands("returned", "maintenance"),
    {"trigger": "trained", "source": ["ready", "downtime"], "dest": "training"},
    *_to_what_stands("dismissed", "training"),
]
"""trigger, source, destination (None: noted, and the mode stays)."""


def _record(event: EventData) -> None:
    transition, turn = event.transition, event.kwargs["turn"]
    if transition is not None and transition.dest is not None:
        turn.record(ModeChanged(transition.source, transition.dest, event.kwargs["why"]), staff=event.kwargs["staff"])


MACHINE = Machine(
    model=None, states=MODES, transitions=ROWS, initial="starting", auto_transitions=False, send_event=True,
    model_attribute="mode", after_state_change=_record,
)  # fmt: skip


def step(trigger: str, turn: Turn, why: str, staff: str | None = None) -> None:
    """Let `trigger` happen to the cabinet that `turn` is about, by `staff` where a person did it."""
    MACHINE.events[trigger].trigger(turn.state, turn=turn, why=why, staff=staff)
