"""One part of a bus, a unit or its whole line, and the machine that says how far it is believed.

Alone knows: the machine below (the table is the whole of it), what is counted of a part, and how many errors are too many.
Must not know: what makes a part fail or well (`health.py`), or who is told.

    ok <--steady-- degraded        more than 1 % of a window's exchanges went wrong: served as ever, and told
    ok, degraded --missed--> suspect        MISSES failures in a row: nothing is ordered, nothing that it told is believed
    suspect --missed--> quarantined         it failed its probe as well: nobody spends the line's time on it but the warden, slowly
    suspect, quarantined --proven--> ok     identified, its map checked, and CLEAN exchanges in a row went well
    * --lost--> quarantined        a line that is gone;    * --mismatched--> suspect   it answers, and is not what it ought to be
"""

from transitions import EventData, Machine

STATES = ["ok", "degraded", "suspect", "quarantined"]
ERRORS = 3
SHARE, CALM_SHARE = 0.01, 0.005
"""The part of a window's exchanges whose failing makes a part degraded, and that below which it is no longer."""
_FEWEST = 100

_HEALTHY = ["ok", "degraded"]
_BARRED = ["suspect", "quarantined"]

ROWS: list[dict[str, object]] = [
    {"trigger": "erring", "source": "ok", "dest": "degraded"},
    {"trigger": "erring", "source": ["degraded", *_BARRED], "dest": None},
    {"trigger": "steady", "source": "degraded", "dest": "ok"},
    {"trigger": "steady", "source": ["ok", *_BARRED], "dest": None},
    {"trigger": "missed", "source": _HEALTHY, "dest": "suspect"},
    {"trigger": "missed", "source": "suspect", "dest": "quarantined"},
    {"trigger": "missed", "source": "quarantined", "dest": None},
    {"trigger": "mismatched", "source": [*_HEALTHY, "quarantined"], "dest": "suspect"},
    {"trigger": "mismatched", "source": "suspect", "dest": None},
    {"trigger": "lost", "source": [*_HEALTHY, "suspect"], "dest": "quarantined"},
    {"trigger": "lost", "source": "quarantined", "dest": None},
    {"trigger": "proven", "source": _BARRED, "dest": "ok"},
    {"trigger": "proven", "source": _HEALTHY, "dest": None},
]
"""trigger, source, destination (None: seen, and nothing changes)."""


class Part:
    """A unit, or a whole line, as the machine sees it. `state` is moved by the machine alone."""

    __slots__ = (
        "asked", "asked_in_all", "clean", "emi", "erred", "erred_in_all", "gate", "heard_s", "is_proven", "is_told_trusted", "misses",
        "name", "reply_s", "state", "why", "window_s",
    )  # fmt: skip

    def __init__(self, name: str, reply_s: float = 0.0) -> None:
        self.name = name
        self.state = "ok"
        self.why = ""
        self.is_proven = True
        self.is_told_trusted: bool | None = None
        """What its listener was told last."""
        self.gate = 0
        """0: ask anything; 1: nothing that moves; 2: nothing at all, but for who probes."""
        self.asked = self.erred = self.asked_in_all = self.erred_in_all = self.emi = 0
        self.misses = 0
        """Failures in a row."""
        self.clean = 0
        """Good exchanges in a row."""
        self.window_s = 0.0
        self.heard_s = float("-inf")
        self.reply_s = reply_s
        """The 99th percentile of the time that it thinks before it answers, as a running guess."""

    def sum_up(self) -> None:
        """End a window's counts."""
        self.asked_in_all += self.asked
        self.erred_in_all += self.erred
        self.asked = self.erred = 0

    @property
    def exchanges(self) -> int:
        """How often it was asked since the start."""
        return self.asked_in_all + self.asked

    @property
    def errors(self) -> int:
        """How often that went wrong; a silence counts once."""
        return self.erred_in_all + self.erred

    @property
    def is_calm(self) -> bool:
        """Whether so little of this window went wrong that it is degraded no longer."""
        return self.erred <= CALM_SHARE * self.asked

    @property
    def is_barred(self) -> bool:
        """Whether it is suspect or quarantined."""
        return self.state in _BARRED

    @property
    def is_erring(self) -> bool:
        """Whether too much of this window went wrong."""
        return self.erred >= ERRORS and self.erred > SHARE * max(self.asked, _FEWEST)


def _note(event: EventData) -> None:
    """Every change of state is told."""
    transition, part = event.transition, event.model
    if transition is not None and transition.dest is not None and transition.dest != transition.source:
        assert isinstance(part, Part)
        part.why = event.kwargs["why"]
        event.kwargs["told"].append((part.name, transition.source, transition.dest, part.why))


MACHINE = Machine(
    model=None, states=STATES, transitions=ROWS, initial="ok", auto_transitions=False, send_event=True,
    model_attribute="state", after_state_change=_note,
)  # fmt: skip
