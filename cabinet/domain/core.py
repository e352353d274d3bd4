"""The pure core: one event in; facts, commands and perhaps a refusal out.

Alone knows: which room handles an event: sensing, attendance or desk. The only door is `step`; the only other way in is `replay`.
Must not know: any clock, wire, disk or chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cabinet.domain import attendance, critical, desk, events, reading, refill_asking, sensing, service
from cabinet.domain.belonging import keeping
from cabinet.domain.case import reconciling
from cabinet.domain.caseload import choosing as caseload
from cabinet.domain.commands import Command, SwitchAllOff
from cabinet.domain.debt import settling
from cabinet.domain.delivery import working
from cabinet.domain.discrepancy import escalating, finding, hint, resolving
from cabinet.domain.document import receiving as documents
from cabinet.domain.facts import Draft, Entry
from cabinet.domain.fold import apply
from cabinet.domain.formulary import Item
from cabinet.domain.kit import tray
from cabinet.domain.layout import Pocket
from cabinet.domain.lock import recovery
from cabinet.domain.mode import contact, declaring
from cabinet.domain.package import parking
from cabinet.domain.person import enrolment, lockout, takeover
from cabinet.domain.pick import choosing
from cabinet.domain.quarantine import asking as quarantine
from cabinet.domain.reference import changing as reference
from cabinet.domain.refusal import Refusal
from cabinet.domain.scale import calibration, teaching, warmth, weighing
from cabinet.domain.scale.memory import Rest
from cabinet.domain.scene import Scene
from cabinet.domain.sheet import carrying
from cabinet.domain.start import begin
from cabinet.domain.state import Access, State
from cabinet.domain.surroundings import climate, power
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import Instant, PocketId, SessionId
from cabinet.domain.ward import presence
from cabinet.domain.withdrawal import ending
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
    lockout.begin(scene, turn)
    escalating.begin(scene, turn)
    critical.judge(scene, turn)
    carrying.resume(scene, turn)
    reconciling.resume(scene, turn)
    choosing.resume(scene, turn)
    caseload.resume(scene, turn)
    presence.end_all(turn, None, "the controller restarted")
    scene.look_again()


def _stopping(scene: Scene, turn: Turn, _event: events.Stopping) -> None:
    lockout.stopping(scene, turn)
    climate.stopping(scene, turn)
    turn.order(SwitchAllOff())


def _timer_due(scene: Scene, turn: Turn, event: events.TimerDue) -> None:
    what, _, name = event.timer.partition(":")
    handler = TIMERS.get(what)
    if handler is None:
        sensing.lock_due(scene, turn, what, name)
    else:
        handler(scene, turn, event.timer, name)


def _temperature_read(scene: Scene, turn: Turn, event: events.TemperatureRead) -> None:
    warmth.read(scene, turn, event)
    climate.read(scene, turn, event)


def _weight_read(scene: Scene, turn: Turn, event: events.WeightRead) -> None:
    hint.heard(scene, turn, event)
    weighing.read(scene, turn, event)


TIMERS: dict[str, Callable[[Scene, Turn, str, str], None]] = {
    service.TIMER: lambda scene, turn, _timer, name: service.due(scene, turn, name),
    "dark": lambda scene, turn, _timer, name: service.due(scene, turn, name),
    power.TIMER: lambda scene, turn, timer, _name: power.due(scene, turn, timer),
    weighing.TIMER: lambda scene, turn, _timer, _name: weighing.settle(scene, turn),
    "session": lambda scene, turn, timer, name: attendance.due(scene, turn, timer, SessionId(name)),
    "limit": lambda scene, turn, timer, name: attendance.due(scene, turn, timer, SessionId(name)),
    contact.TIMER: lambda scene, turn, timer, _name: contact.due(scene, turn, timer),
    lockout.TIMER: lambda scene, turn, _timer, name: lockout.due(scene, turn, name),
    lockout.CALM: lambda scene, turn, _timer, name: lockout.calm(scene, turn, name),
    finding.TIMER: lambda scene, turn, _timer, _name: escalating.due(scene, turn),
    carrying.TIMER: lambda scene, turn, _timer, name: carrying.due(scene, turn, name),
    reconciling.TIMER: lambda scene, turn, _timer, name: reconciling.due(scene, turn, name),
    caseload.TIMER: lambda scene, turn, _timer, name: caseload.due(scene, turn, name),
    choosing.TIMER: lambda scene, turn, _timer, name: choosing.due(scene, turn, name),
    presence.IDLE: lambda scene, turn, _timer, name: presence.due(scene, turn, name),
    presence.LIMIT: lambda scene, turn, _timer, name: presence.due(scene, turn, name),
}
"""What each timer rings for, by its first word; every other belongs to a lock."""

HANDLERS: dict[type[events.Event], Callable[[Scene, Turn, Any], Refusal | None]] = {
    events.Started: _started,
    events.Stopping: _stopping,
    events.TimerDue: _timer_due,
    events.InputChanged: sensing.input_changed,
    events.BoardLost: sensing.board_lost,
    events.BoardBack: sensing.board_back,
    events.HealthChanged: sensing.health_changed,
    events.TemperatureRead: _temperature_read,
    events.PowerRead: power.read,
    events.ContentsDecided: climate.decided,
    events.PulseFailed: sensing.pulse_failed,
    events.WeightRead: _weight_read,
    events.MassConfirmed: teaching.confirm,
    events.CalibrationEntered: calibration.enter,
    events.PocketsSeen: sensing.pockets_seen,
    events.StaffRecognised: attendance.recognised,
    events.StaffNotRecognised: lockout.failed,
    events.SecondShown: lockout.second,
    events.ProofGiven: attendance.prove,
    events.TakeOverAsked: takeover.take,
    events.FirstStaffAsked: enrolment.first,
    events.StaffChangeAsked: enrolment.change,
    events.DocumentReceived: documents.receive,
    events.DocumentTurnedAway: documents.turn_away,
    events.CredentialAsked: enrolment.credential,
    events.UnlockAsked: lockout.unlock,
    events.WardArrived: presence.arrived,
    events.WardActive: presence.active,
    events.WardLeft: presence.left,
    events.SignOutAsked: attendance.sign_out,
    events.SessionActive: attendance.active,
    events.AccessAsked: desk.asked,
    events.OpenAsked: desk.open_again,
    events.CountEntered: desk.count,
    events.QuantityEntered: desk.quantity,
    events.PackageShown: desk.scan,
    events.ScanMissing: desk.unscanned,
    events.KitSealEntered: tray.seal,
    events.KitShown: tray.shown,
    events.KitContentsEntered: tray.count,
    events.CodeParkAsked: parking.park,
    events.CodeLinkAsked: parking.link,
    events.CodeDismissAsked: parking.dismiss,
    events.NotFilledSaid: parking.not_filled,
    events.RefillWanted: refill_asking.ask,
    events.WitnessShown: desk.witnessed,
    events.WitnessMissing: desk.unwitnessed,
    events.ReportDrawn: reading.drawn,
    events.DebtHandedOver: settling.hand_over,
    events.TakingConfirmed: settling.confirm,
    events.DebtCloseAsked: settling.close,
    events.QuarantineAsked: quarantine.begin,
    events.PickAsked: choosing.pick,
    events.PickDropAsked: choosing.drop,
    events.PatientChooseAsked: caseload.choose,
    events.PatientLetGoAsked: caseload.let_go,
    events.CaseBeginAsked: reconciling.begin,
    events.GivenSaid: reconciling.say_given,
    events.CaseEndAsked: reconciling.end,
    events.BagSealAsked: keeping.seal,
    events.DeliveryAnnounceAsked: working.announce,
    events.DeliveryCloseAsked: working.close,
    events.SheetAnnounced: carrying.announce,
    events.SheetCloseAsked: carrying.close,
    events.QuarantineLiftAsked: quarantine.lift,
    events.DebtWitnessed: settling.sign,
    events.ResolutionEntered: resolving.resolve,
    events.OrderFound: settling.link,
    events.PatientNamed: settling.name,
    events.BagEnded: ending.end,
    events.PatientAddAsked: reference.add_patient,
    events.PatientMergeAsked: reference.merge_patient,
    events.PatientReceived: reference.receive_patient,
    events.OrderChangeAsked: reference.change_order,
    events.OrderVerifyAsked: reference.verify_order,
    events.OrderStopAsked: reference.stop_order,
    events.ItemChangeAsked: reference.change_item,
    events.LevelsChangeAsked: reference.change_levels,
    events.CancelRequested: desk.cancel,
    events.MoveAsked: desk.move,
    events.OpenedSaid: desk.did_open,
    events.NotOpenedSaid: desk.did_not_open,
    events.HelpAsked: recovery.call_for_help,
    events.StuckSaid: recovery.stuck,
    events.RecoveryAsked: recovery.recover,
    events.TrialAsked: recovery.attempt,
    events.PharmacyHeard: contact.heard,
    events.PharmacyLost: contact.lost,
    events.ModeAsked: declaring.declare,
    events.ModeEndAsked: declaring.lift,
    events.TrainingEndAsked: declaring.dismissed,
    events.MaintenanceAsked: service.begin,
    events.MaintenanceEndAsked: service.end,
    events.ServicePulseAsked: service.pulse,
    events.ServiceLightAsked: service.light,
    events.CommissioningDone: service.commissioned,
    events.AddressWasChanged: service.address_changed,
    events.SelftestFinished: service.selftested,
}
"""What each event is handled by."""
