"""The pure core: one event in; facts, commands and perhaps a refusal out.

Alone knows: which room handles an event: sensing, attendance or desk. The only door is `step`; the only other way in is `replay`.
Must not know: any clock, wire, disk or chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cabinet.domain import attendance, critical, desk, events, sensing, service
from cabinet.domain.commands import Command, SwitchAllOff
from cabinet.domain.facts import Draft, Entry
from cabinet.domain.fold import apply
from cabinet.domain.formulary import Item
from cabinet.domain.layout import Pocket
from cabinet.domain.lock import recovery
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import calibration, teaching, weighing
from cabinet.domain.scale.memory import Rest
from cabinet.domain.scene import Scene
from cabinet.domain.start import begin
from cabinet.domain.state import Access, State
from cabinet.domain.surroundings import climate, power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Instant, PocketId, SessionId
from cabinet.domain.world import Timing, World

__all__ = ["Core", "Step", "Timing", "World"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one event led to. A refusal goes to the person who caused the event; the facts may say that it was given."""

    drafts: list[Draft]
    commands: list[Command]
    refusal: Refusal | None


class Core:
    """The state of one cabinet and the machines that move it."""

    def __init__(self, world: World) -> None:
        self._scene = Scene(world)
        self._scene.look_again()

    @property
    def world(self) -> World:
        """What the core was told once."""
        return self._scene.world

    @property
    def state(self) -> State:
        """What it remembers. Read it freely; it changes by `step` and `replay` alone."""
        return self._scene.state

    @state.setter
    def state(self, remembered: State) -> None:
        """Begin from a snapshot of what was remembered; the facts after it are replayed."""
        self._scene.state = remembered

    @property
    def scene(self) -> Scene:
        """The whole that rules look at, to be read."""
        return self._scene

    @property
    def bins(self) -> dict[PocketId, bool]:
        """What each photo-eye saw last (True: empty)."""
        return self._scene.bins

    @property
    def rests(self) -> dict[PocketId, Rest]:
        """The newest weight at rest of each pocket that stands on a scale."""
        return self._scene.bench.rests

    def replay(self, entry: Entry) -> None:
        """Let a fact from the journal be known. Triggers nothing."""
        draft = Draft(Instant(entry.at, 0.0), entry.fact, entry.access, entry.staff, entry.witness)
        apply(self.state, entry.seq, draft)

    def step(self, event: events.Event) -> Step:
        """Let one event happen."""
        turn = Turn(self.state, event.at)
        refusal = HANDLERS[type(event)](self._scene, turn, event)
        return Step(turn.drafts, turn.commands, refusal)

    def asks(self, access: Access) -> tuple[str, ...]:
        """What the cabinet asks of the person whose access this is."""
        return self._scene.asks(access)

    def item_of(self, access: Access) -> Item:
        """The item that an access is about."""
        return self._scene.item_of(access)

    def is_failed(self, pocket: Pocket) -> bool:
        """Whether a lock on the way to a pocket has failed or is out of sight."""
        return self._scene.is_failed(pocket)


def _started(scene: Scene, turn: Turn, event: events.Started) -> None:
    begin(scene, turn, event)
    critical.judge(scene, turn)
    scene.look_again()


def _stopping(scene: Scene, turn: Turn, _event: events.Stopping) -> None:
    climate.stopping(scene, turn)
    turn.order(SwitchAllOff())


def _timer_due(scene: Scene, turn: Turn, event: events.TimerDue) -> None:
    what, _, name = event.timer.partition(":")
    if what in {service.TIMER, "dark"}:
        service.due(scene, turn, name)
    elif what == power.TIMER:
        power.due(scene, turn, event.timer)
    elif event.timer == weighing.TIMER:
        weighing.settle(scene, turn)
    elif what in {"session", "limit"}:
        attendance.due(scene, turn, event.timer, SessionId(name))
    else:
        sensing.lock_due(scene, turn, what, name)


HANDLERS: dict[type[events.Event], Callable[[Scene, Turn, Any], Refusal | None]] = {
    events.Started: _started,
    events.Stopping: _stopping,
    events.TimerDue: _timer_due,
    events.InputChanged: sensing.input_changed,
    events.BoardLost: sensing.board_lost,
    events.BoardBack: sensing.board_back,
    events.HealthChanged: sensing.health_changed,
    events.TemperatureRead: climate.read,
    events.PowerRead: power.read,
    events.ContentsDecided: climate.decided,
    events.PulseFailed: sensing.pulse_failed,
    events.WeightRead: weighing.read,
    events.MassConfirmed: teaching.confirm,
    events.CalibrationEntered: calibration.enter,
    events.PocketsSeen: sensing.pockets_seen,
    events.StaffRecognised: attendance.recognised,
    events.StaffNotRecognised: attendance.not_recognised,
    events.SignOutAsked: attendance.sign_out,
    events.SessionActive: attendance.active,
    events.AccessAsked: desk.asked,
    events.OpenAsked: desk.open_again,
    events.CountEntered: desk.count,
    events.QuantityEntered: desk.quantity,
    events.PackageShown: desk.scan,
    events.CancelRequested: desk.cancel,
    events.MoveAsked: desk.move,
    events.OpenedSaid: desk.did_open,
    events.StuckSaid: recovery.stuck,
    events.RecoveryAsked: recovery.recover,
    events.TrialAsked: recovery.attempt,
    events.MaintenanceAsked: service.begin,
    events.MaintenanceEndAsked: service.end,
    events.ServicePulseAsked: service.pulse,
    events.ServiceLightAsked: service.light,
    events.CommissioningDone: service.commissioned,
    events.AddressWasChanged: service.address_changed,
    events.SelftestFinished: service.selftested,
}
"""What each event is handled by."""
