"""What a person declares of the whole cabinet, and lifts: critical override, lock-down, training.

Alone knows: who may, and that nobody is needed to end training. Must not know: what each mode serves (`serving.py`).

A lock-down never keeps a medicine from an emergency, and is not lifted by those whom it keeps out: critical override waits behind it.
"""

from dataclasses import dataclass

from cabinet.domain import cabinet_mode, events
from cabinet.domain.facts import ModeDeclared, ModeLifted
from cabinet.domain.people import Session
from cabinet.domain.person import speaking
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn

LONGEST_REASON = 200
TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Row:
    """One mode: the act that declares and lifts it, the machine's triggers, from which modes it is declared, and in words."""

    act: str
    begin: str
    end: str
    title: Phrase
    sources: frozenset[str]
    needs_reason: bool = True
    needs_calm: bool = False


DECLARED = {
    "critical_override": Row("critical_override", "overridden", "relieved", Phrase("Critical override"), frozenset({"ready", "downtime"})),
    "locked_down": Row("lock_down", "locked", "unlocked", Phrase("Lock-down"), frozenset({"ready", "downtime", "critical_override"})),
    TRAINING: Row(
        "train", "trained", "dismissed", Phrase("Training"), frozenset({"ready", "downtime"}), needs_reason=False, needs_calm=True
    ),
}
"""By the contract's names."""


def declare(scene: Scene, turn: Turn, event: events.ModeAsked) -> Refusal | None:
    """A person declares a mode of the whole cabinet."""
    session = _judge(scene, turn, event)
    if isinstance(session, Refusal):
        return session
    row = DECLARED[event.mode]
    if event.mode in scene.state.modes.declared:
        return Refusal("mode.stands", row.title)
    if scene.state.mode not in row.sources:
        return Refusal("mode.not_now", scene.state.mode)
    if row.needs_calm and scene.state.active():
        return Refusal("cabinet.in_use")
    reason = event.reason.strip() or "practice"
    turn.record(ModeDeclared(event.mode, reason), staff=session.staff)
    cabinet_mode.step(row.begin, turn, reason, session.staff)
    return None


def lift(scene: Scene, turn: Turn, event: events.ModeEndAsked) -> Refusal | None:
    """A person lifts a mode that stands."""
    if event.mode == TRAINING:
        held = scene.state.sessions.get(event.session)
        return Refusal("session.unknown") if held is None else end_training(turn, event.reason.strip() or "finished", held.staff)
    session = _judge(scene, turn, event)
    if isinstance(session, Refusal):
        return session
    if event.mode not in scene.state.modes.declared:
        return Refusal("mode.not_standing", DECLARED[event.mode].title)
    turn.record(ModeLifted(event.mode, event.reason.strip()), staff=session.staff)
    cabinet_mode.step(DECLARED[event.mode].end, turn, event.reason.strip(), session.staff)
    return None


def dismissed(_scene: Scene, turn: Turn, event: events.TrainingEndAsked) -> Refusal | None:
    """Anybody touched End training, or it could not go on."""
    return end_training(turn, event.reason, event.staff)


def end_training(turn: Turn, why: str, staff: str | None = None) -> Refusal | None:
    """The cabinet is the ward's again."""
    if TRAINING not in turn.state.modes.declared:
        return Refusal("mode.not_standing", DECLARED[TRAINING].title)
    turn.record(ModeLifted(TRAINING, why), staff=staff)
    cabinet_mode.step("dismissed", turn, why, staff)
    return None


def _judge(scene: Scene, turn: Turn, event: events.ModeAsked | events.ModeEndAsked) -> Session | Refusal:
    row = DECLARED.get(event.mode)
    if row is None:
        return Refusal("mode.unknown", event.mode[:LONGEST_REASON])
    session = speaking.who_may(scene, turn, event.session, row.act, by_two=True)
    if isinstance(session, Refusal) or not row.needs_reason or event.reason.strip():
        return session
    return Refusal("mode.reason")
