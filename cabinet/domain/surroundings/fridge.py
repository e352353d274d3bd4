"""The machine of one fridge: whether what it holds is known to be kept cold.

Alone knows: that a probe which is not trusted leaves the fridge out of sight and never in range, and that an excursion ends only when the
temperature is seen to be back.
Must not know: which readings are trusted, or what too warm is (`climate.py`).

    unknown --good--> in_range --bad--> out --good--> in_range
       |--bad--> out                     '--overdue--> excursion --good--> in_range (the excursion is over)
    in_range, out, excursion --blind--> unknown; what was an excursion then is one still, until the temperature is seen to be back
"""

from transitions import EventData, Machine

from cabinet.domain.facts import ExcursionBegan, ExcursionEnded, FridgeMoved
from cabinet.domain.surroundings.memory import FridgeState, minutes_since
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import DrawerId

STATES = ["unknown", "in_range", "out", "excursion"]


def _model(event: EventData) -> FridgeState:
    assert isinstance(event.model, FridgeState)
    return event.model


def _lasts(event: EventData) -> bool:
    return _model(event).lasting is not None


def _begin(event: EventData) -> None:
    fridge, turn = _model(event), event.kwargs["turn"]
    since = fridge.out_since
    turn.record(ExcursionBegan(DrawerId(fridge.drawer), since, minutes_since(turn.at, since), fridge.lowest_mc, fridge.highest_mc))


def _end(event: EventData) -> None:
    fridge, turn = _model(event), event.kwargs["turn"]
    lasting = fridge.lasting
    if lasting is not None:
        minutes = minutes_since(turn.at, lasting.since)
        turn.record(ExcursionEnded(DrawerId(fridge.drawer), lasting.since, minutes, lasting.lowest_mc, lasting.highest_mc))


def _record(event: EventData) -> None:
    """Every change of state is a fact, with the reading that made it."""
    transition, fridge = event.transition, _model(event)
    if transition is not None and transition.dest is not None:
        told = event.kwargs
        move = FridgeMoved(DrawerId(fridge.drawer), transition.source, transition.dest, told["why"], told["milli_c"])
        told["turn"].record(move)


ROWS: list[dict[str, object]] = [
    {"trigger": "good", "source": ["unknown", "out", "excursion"], "dest": "in_range", "before": _end},
    {"trigger": "good", "source": "in_range", "dest": None},
    {"trigger": "bad", "source": "unknown", "dest": "excursion", "conditions": _lasts},
    {"trigger": "bad", "source": ["unknown", "in_range"], "dest": "out"},
    {"trigger": "bad", "source": ["out", "excursion"], "dest": None},
    {"trigger": "overdue", "source": "out", "dest": "excursion", "before": _begin},
    {"trigger": "overdue", "source": ["unknown", "in_range", "excursion"], "dest": None},
    {"trigger": "blind", "source": ["in_range", "out", "excursion"], "dest": "unknown"},
    {"trigger": "blind", "source": "unknown", "dest": None},
]
"""trigger, source, destination (None: seen, and nothing changes)."""

MACHINE = Machine(
    model=None, states=STATES, transitions=ROWS, initial="unknown", auto_transitions=False, send_event=True,
    model_attribute="state", after_state_change=_record,
)  # fmt: skip


def step(fridge: FridgeState, trigger: str, turn: Turn, why: str, milli_c: int | None = None) -> bool:
    """Let `trigger` happen to a fridge; tells whether its state changed."""
    before = fridge.state
    MACHINE.events[trigger].trigger(fridge, turn=turn, why=why, milli_c=milli_c)
    return fridge.state != before
