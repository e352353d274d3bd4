"""What is true for ever of drawers and lids: pulses, what came of them, and how they moved.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact, Outcome
from cabinet.domain.vocabulary import IntentId


@dataclass(frozen=True)
class ReleaseIntended(Fact):
    """A lock is about to be pulsed. Durable before the pulse; settled by exactly one `release_settled`.

    `is_trial`: somebody freed a drawer that had failed, and it is tried whether it opens and closes again.
    """

    intent: IntentId
    lock: str
    hold_ms: int
    is_trial: bool = False


@dataclass(frozen=True)
class ReleaseSettled(Fact):
    """Looking is over: what the pulse came to. `is_given`: it may have been given; False where its board surely did nothing."""

    intent: IntentId
    lock: str
    outcome: Outcome
    why: str
    is_given: bool = True


@dataclass(frozen=True)
class DrawerMoved(Fact):
    """A drawer or lid (named by its lock) went from one state to another."""

    lock: str
    source: str
    target: str
    why: str


@dataclass(frozen=True)
class DrawerLeftOpen(Fact):
    """A drawer or lid has been open for `after_s` seconds; it calls out, and nobody's session ends."""

    lock: str
    after_s: int


@dataclass(frozen=True)
class RecoveryFailed(Fact):
    """Somebody tried to bring a failed drawer or lid back, and it did not open or was lost from sight: it is for the technician."""

    lock: str
    why: str
