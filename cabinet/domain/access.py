"""The machine of one access: ONE table for every kind; how the kinds differ stands in `kinds.py`.

Alone knows: the walk from requested to one of four ends, and what the cabinet asks of the person on the way.
Must not know: which sensor told of an opening (`sensing.py`), or what counting and quantities mean for the stock (`custody.py`).

    requested -> authorised -> released -> open -> closed -> settled | disputed
                     ^------------|  ^-------|       |-> cancelled (counted, where the pocket had been open)
                                  |          |       |
                                  '----------'-------'-> incomplete (sight lost, session over, restarted: owes a count)

From authorised straight to an end: a kind that opens nothing, once everything that it asks for is there.
From closed straight to settled or disputed, whatever cuts it short: all that was missing is a signature, and that is owed.
Back from open to released: the drawer was pushed shut over an open lid. What was open once is never authorised anew, so that it
cannot be cancelled without its count. From authorised or released to open: no contact showed it, and a person or a second switch did.
"""

from transitions import EventData, Machine, MachineError

from cabinet.domain.debt import owing
from cabinet.domain.facts import AccessMoved, CancelAsked
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of, signs_number
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


def _is_stated_and_disputed(event: EventData) -> bool:
    return _is_stated(event) and _is_disputed(event)


def _is_stated(event: EventData) -> bool:
    return owing.is_stated(_model(event))


def _wants_cancel(event: EventData) -> bool:
    return _model(event).wants_cancel


def _note_cancel(event: EventData) -> None:
    access = _model(event)
    if not access.wants_cancel:
        event.kwargs["turn"].record(CancelAsked(), access=access)


def _owe_count(event: EventData) -> None:
    """Nobody is blamed: the pocket owes a count, whoever opens it next."""
    turn, access = event.kwargs["turn"], _model(event)
    owing.owe_count(turn, access.pocket, event.kwargs["why"], access)
    _owe_signature(event)
    if row_of(access).is_urgent:
        owing.owe_skipped(turn, access)


def _owe_signature(event: EventData) -> None:
    """What was stated stands, and whoever should have signed for it had no time to."""
    access = _model(event)
    if signs_number(access) and is_unsigned(access) and owing.is_stated(access):
        owing.owe_signature(event.kwargs["turn"], access)


def is_unsigned(access: Access) -> bool:
    """Whether a second person is due who neither signed nor is owed. Nobody signs for what was not taken after all."""
    return bool(access.witness_rule) and not (access.witness or access.owes_witness) and access.confirmed != 0


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
    {"trigger": "completed", "source": "authorised", "dest": "disputed", "conditions": _is_disputed},
    {"trigger": "completed", "source": "authorised", "dest": "settled"},
    {"trigger": "cancel", "source": ["requested", "authorised"], "dest": "cancelled"},
    {"trigger": "cancel", "source": ["open", "closed"], "dest": None, "after": _note_cancel},
    {"trigger": "abandon", "source": ["requested", "authorised"], "dest": "cancelled"},
    {"trigger": "abandon", "source": "closed", "dest": "disputed", "conditions": _is_stated_and_disputed, "after": _owe_signature},
    {"trigger": "abandon", "source": "closed", "dest": "settled", "conditions": _is_stated, "after": _owe_signature},
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
    """What the cabinet asks of the person now, in order: witness, open, count_before, confirm, witness to a number, close."""
    kind = row_of(access)
    is_signed_last = signs_number(access)
    if access.phase == "authorised" and is_unsigned(access) and not is_signed_last:
        return ("witness",)
    if access.phase in {"authorised", "released"}:
        return ("open",) if kind.opens else ()
    if access.phase not in {"open", "closed"}:
        return ()
    close = ("close",) if access.phase == "open" else ()
    if access.counted is None and policy.count_style(kind, item) is not CountStyle.NONE:
        return ("count_before", *close)
    is_over = kind.is_urgent and access.phase == "closed"
    is_unsaid = access.confirmed is None or (bool(access.doubted_by) and access.phase == "open")
    if kind.confirms_quantity and is_unsaid and not access.wants_cancel and not is_over:
        return ("confirm", *close)
    if is_signed_last and is_unsigned(access) and not access.wants_cancel:
        return ("witness", *close)
    return close
