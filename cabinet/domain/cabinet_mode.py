"""The machine of the whole cabinet: what mode it is in.

Alone knows: when a cabinet that is starting may be used. Must not know: what is refused in which mode (`judgement.py`), or who is
at its bench (`service.py`).

    starting --looked--> ready      (every door has been seen, or its board is known to be lost)
    ready --serviced--> maintenance --returned--> ready
"""

from transitions import EventData, Machine

from cabinet.domain.facts import ModeChanged
from cabinet.domain.turn import Turn

MODES = ["starting", "ready", "maintenance"]

ROWS: list[dict[str, object]] = [
    {"trigger": "looked", "source": "starting", "dest": "ready"},
    {"trigger": "looked", "source": ["ready", "maintenance"], "dest": None},
    {"trigger": "serviced", "source": "ready", "dest": "maintenance"},
    {"trigger": "returned", "source": "maintenance", "dest": "ready"},
]


def _record(event: EventData) -> None:
    transition, turn = event.transition, event.kwargs["turn"]
    if transition is not None and transition.dest is not None:
        turn.record(ModeChanged(transition.source, transition.dest, event.kwargs["why"]))


MACHINE = Machine(
    model=None, states=MODES, transitions=ROWS, initial="starting", auto_transitions=False, send_event=True,
    model_attribute="mode", after_state_change=_record,
)  # fmt: skip


def step(trigger: str, turn: Turn, why: str) -> None:
    """Let `trigger` happen to the cabinet that `turn` is about."""
    MACHINE.events[trigger].trigger(turn.state, turn=turn, why=why)
