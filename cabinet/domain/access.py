"""The machine of one access: ONE table for every kind; how the kinds differ stands in `kinds.py`.

Alone knows: the walk from requested to one of four ends, and what the cabinet asks of the person on the way.
Must not know: which sensor told of an opening (`sensing.py`), or what counting and quantities mean for the stock (`custody.py`).

    requested -> authorised -> released -> open -> closed -> settled | disputed
                     ^------------|  ^-------|       |-> cancelled (counted, where the pocket had been open)
                                  |          |       |
                                  '----------'-------'-> incomplete (sight lost, session over, restarted: owes a count)

Back from open to released: the drawer was pushed shut over an open lid. What was open once is never authorised anew, so that it
cannot be cancelled without its count. From authorised or released to open: no contact showed it, and a person or a second switch did.
"""

from transitions import EventData, Machine, MachineError

from cabinet.domain import custody
from cabinet.domain.facts import AccessMoved, CancelAsked
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.policy import CountStyle, Policy
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn

PHASES = ["requested", "authorised", "released", "open", "closed", "settled", "disputed", "cancelled", "incomplete"]


def _model(event: EventData) -> Access:
    assert isinstance(event.model, Access)
    return event.model


def _is_disputed(event: EventData) -> bool:
    return _model(event).is_disputed


def _was_open(event: EventData) -> bool:
    return _model(event).was_open


def _wants_cancel(event: EventData) -> bool:
    return _model(event).wants_cancel


def _note_cancel(event: EventData) -> None:
    access = _model(event)
    if not access.wants_cancel:
        event.kwargs["turn"].record(CancelAsked(), access=access)


def _owe_count(event: EventData) -> None:
    """Nobody is blamed: the pocket owes a count, whoever opens it next."""
    turn, access = event.kwargs["turn"], _model(event)
    custody.owe_count(turn, access.pocket, event.kwargs["why"], access)


def _record(event: EventData) -> None:
    """Every change of phase is a fact."""
    transition, turn, access = event.transition, event.kwargs["turn"], _model(event)
    if transition is not None and transition.dest is not None:
        turn.record(AccessMoved(transition.source, transition.dest, event.kwargs["why"]), access=access)


ROWS: list[dict[str, object]] = [
    {"trigger": "granted", "source": "requested", "dest": "authorised"},
    {"trigger": "released", "source": ["authorised", "open"], "dest": "released"},
    {"trigger": "way_open", "source": "released", "dest": "open"},
    {"trigger": "said_open", "source": ["authorised", "released"], "dest": "open"},
    {"trigger": "not_opened", "source": "released", "dest": "open", "conditions": _was_open},
    {"trigger": "not_opened", "source": "released", "dest": "authorised"},
    {"trigger": "lost_sight", "source": "released", "dest": "incomplete", "after": _owe_count},
    {"trigger": "way_shut", "source": "open", "dest": "closed"},
    {"trigger": "completed", "source": "closed", "dest": "disputed", "conditions": _is_disputed},
    {"trigger": "completed", "source": "closed", "dest": "cancelled", "conditions": _wants_cancel},
    {"trigger": "completed", "source": "closed", "dest": "settled"},
    {"trigger": "cancel", "source": ["requested", "authorised"], "dest": "cancelled"},
    {"trigger": "cancel", "source": ["open", "closed"], "dest": None, "after": _note_cancel},
    {"trigger": "abandon", "source": ["requested", "authorised"], "dest": "cancelled"},
    {"trigger": "abandon", "source": ["released", "open", "closed"], "dest": "incomplete", "after": _owe_count},
]
"""trigger, source, destination (None: noted, and the phase stays). Nothing leaves an end."""

MACHINE = Machine(
    model=None, states=PHASES, transitions=ROWS, initial="requested", auto_transitions=False, send_event=True,
    model_attribute="phase", after_state_change=_record,
)  # fmt: skip


def step(access: Access, trigger: str, turn: Turn, why: str) -> bool:
    """Let `trigger` happen to an access; tells whether the table has a row for it in this phase."""
    try:
        return bool(MACHINE.events[trigger].trigger(access, turn=turn, why=why))
    except MachineError:
        return False


def asks(access: Access, item: Item, policy: Policy) -> tuple[str, ...]:
    """What the cabinet asks of the person now, in order: open, count_before, confirm, close."""
    if access.phase in {"authorised", "released"}:
        return ("open",)
    if access.phase not in {"open", "closed"}:
        return ()
    kind = KINDS[access.kind]
    close = ("close",) if access.phase == "open" else ()
    if access.counted is None and policy.count_style(kind, item) is not CountStyle.NONE:
        return ("count_before", *close)
    if kind.confirms_quantity and access.confirmed is None and not access.wants_cancel:
        return ("confirm", *close)
    return close
