"""The pure core: one event in; facts, commands and perhaps a refusal out.

Alone knows: which machine an event concerns, and how a drawer's edge becomes an access's step.
Must not know: any clock, wire, disk or chance. The only door is `step`; the only other way in is `replay`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cabinet.domain import access as access_machine
from cabinet.domain import cabinet_mode, custody, drawer, events, evidence
from cabinet.domain.commands import (
    Command,
    LookIntoPockets,
    StartTimer,
    StopTimer,
    SwitchAllOff,
    SwitchLight,
    WatchClosely,
    WeighPocket,
)
from cabinet.domain.facts import (
    AccessRefused,
    AccessRequested,
    DeviceFailed,
    DeviceRecovered,
    Draft,
    DrawerLeftOpen,
    Entry,
    SessionClosed,
    SessionOpened,
    SessionRefused,
)
from cabinet.domain.fold import apply
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.layout import Layout, Lock, Pocket
from cabinet.domain.orders import Patient, judge_order
from cabinet.domain.people import Session, Staff
from cabinet.domain.policy import Policy
from cabinet.domain.refusal import Refusal
from cabinet.domain.start import begin
from cabinet.domain.state import FINAL, Access, DrawerState, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, Channel, Instant, ItemId, PatientId, PocketId, SessionId, StaffId


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take and are waited for."""

    pulse_ms: int
    look_s: float
    session_idle_s: float
    session_limit_s: float
    drawer_open_call_s: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one event led to. A refusal goes to the person who caused the event; the facts may say that it was given."""

    drafts: list[Draft]
    commands: list[Command]
    refusal: Refusal | None


@dataclass(frozen=True)
class World:
    """What the core is told once and does not change by itself."""

    layout: Layout
    formulary: Formulary
    staff: Mapping[StaffId, Staff]
    patients: Mapping[PatientId, Patient]
    policy: Policy
    timing: Timing


class Core:
    """The state of one cabinet and the machines that move it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state = State()
        self.bins: dict[PocketId, bool] = {}
        """What each photo-eye saw last (True: empty). Not remembered across a start: a start looks again."""
        self._unseen: set[Channel] = set(world.layout.lock_by_input)
        self._handlers: dict[type[events.Event], Callable[[Turn, Any], Refusal | None]] = {
            events.Started: self._started,
            events.Stopping: self._stopping,
            events.InputChanged: self._input_changed,
            events.BoardLost: self._board_lost,
            events.BoardBack: self._board_back,
            events.PulseFailed: self._pulse_failed,
            events.WeightRead: self._weight_read,
            events.PocketsSeen: self._pockets_seen,
            events.TimerDue: self._timer_due,
            events.StaffRecognised: self._recognised,
            events.StaffNotRecognised: self._not_recognised,
            events.SignOutAsked: self._sign_out,
            events.SessionActive: self._session_active,
            events.AccessAsked: self._asked,
            events.OpenAsked: self._open_again,
            events.CountEntered: self._count,
            events.QuantityEntered: self._quantity,
            events.CancelRequested: self._cancel,
            events.RecoveryAsked: self._recover,
        }

    def replay(self, entry: Entry) -> None:
        """Let a fact from the journal be known. Triggers nothing."""
        draft = Draft(Instant(entry.at, 0.0), entry.fact, entry.access, entry.staff, entry.witness)
        apply(self.state, entry.seq, draft)

    def step(self, event: events.Event) -> Step:
        """Let one event happen."""
        turn = Turn(self.state, event.at)
        refusal = self._handlers[type(event)](turn, event)
        return Step(turn.drafts, turn.commands, refusal)

    def asks(self, access: Access) -> tuple[str, ...]:
        """What the cabinet asks of the person whose access this is."""
        if access.phase in FINAL:
            return ()
        asks = access_machine.asks(access, self.item_of(access), self.world.policy)
        return ("open", *asks) if self._is_shut_out(access) else asks

    def _is_shut_out(self, access: Access) -> bool:
        """Whether the drawer was pushed shut over an open lid: it must be opened again for the lid to be closed."""
        path = self.world.layout.path(self.world.layout.pockets[PocketId(access.pocket)])
        states = [self._drawer(lock).state for lock in path]
        return access.phase == "open" and states[0] == "latched" and "open" in states[1:]

    def item_of(self, access: Access) -> Item:
        """The item that an access is about."""
        return self.world.formulary[ItemId(access.item)]

    def is_failed(self, pocket: Pocket) -> bool:
        """Whether a lock on the way to a pocket has failed or is out of sight."""
        return any(self._drawer(lock).state in {"failed", "unknown"} for lock in self.world.layout.path(pocket))

    def _drawer(self, lock: Lock) -> DrawerState:
        return self.state.drawers.get(lock.name) or DrawerState(lock.name)

    # --- the cabinet comes and goes

    def _started(self, turn: Turn, event: events.Started) -> None:
        begin(turn, self.world.layout, self.world.formulary, event)
        self._unseen = set(self.world.layout.lock_by_input)
        self.bins.clear()

    def _stopping(self, turn: Turn, _event: events.Stopping) -> None:
        turn.order(SwitchAllOff())

    def _seen(self, turn: Turn, channels: set[Channel]) -> None:
        if self._unseen:
            self._unseen -= channels
            if not self._unseen:
                cabinet_mode.step("looked", turn, "every door has been looked at")

    # --- what sensors tell

    def _input_changed(self, turn: Turn, event: events.InputChanged) -> None:
        lock = self.world.layout.lock_by_input.get(event.channel)
        if lock is not None:
            self._edge(turn, lock, "closed" if event.is_on else "opened")
            self._seen(turn, {event.channel})
        pocket = self.world.layout.pocket_by_bin.get(event.channel)
        if pocket is not None:
            self.bins[pocket.id] = not event.is_on
            is_shut = self._drawer(self.world.layout.drawer_of(pocket).lock).state == "latched"
            if is_shut and all(access.pocket != pocket.id for access in self.state.active()):
                evidence.take_bin(turn, pocket, is_empty=not event.is_on)

    def _edge(self, turn: Turn, lock: Lock, trigger: str) -> None:
        """A latch opened or closed: first the drawer's own machine, then whoever has an access behind it."""
        state = self._drawer(lock)
        before = state.state
        if not drawer.step(state, trigger, turn, _why(before, trigger)):
            return
        if trigger == "opened":
            turn.order(StartTimer(f"call:{lock.name}", self.world.timing.drawer_open_call_s))
            is_seen_again = before == "unknown" and any(access.phase == "open" for access, _ in self._accesses_behind(lock))
            if before != "releasing" and not is_seen_again:
                self._owe_within_reach(turn, lock, _why(before, trigger))
        else:
            turn.order(StopTimer(f"call:{lock.name}"))
            self._look_into(turn, lock, self.world.layout.exposed_by(lock))
        for access, pocket in self._accesses_behind(lock):
            self._advance(turn, access, pocket)
        self._attend(turn)

    def _owe_within_reach(self, turn: Turn, lock: Lock, why: str) -> None:
        """Somebody may have reached in and nobody is named: everything behind this lock owes a count."""
        for pocket in self.world.layout.exposed_by(lock):
            custody.owe_count(turn, pocket.id, why)

    def _accesses_behind(self, lock: Lock) -> list[tuple[Access, Pocket]]:
        layout = self.world.layout
        found = ((access, layout.pockets[PocketId(access.pocket)]) for access in self.state.active())
        return [(access, pocket) for access, pocket in found if lock in layout.path(pocket)]

    def _advance(self, turn: Turn, access: Access, pocket: Pocket) -> None:
        """Take an access as far as the state of the locks on its way allows."""
        path = self.world.layout.path(pocket)
        states = [self._drawer(lock).state for lock in path]
        if access.phase == "released":
            if all(state == "open" for state in states):
                access_machine.step(access, "way_open", turn, "the way is open")
            elif "releasing" not in states:
                self._release_next(turn, access, pocket)
        elif access.phase == "open" and all(state == "latched" for state in states):
            access_machine.step(access, "way_shut", turn, "everything on the way is closed")
        self._finish_if_done(turn, access, pocket)

    def _release_next(self, turn: Turn, access: Access, pocket: Pocket) -> None:
        """Release the outermost lock on the way that is not open; where none can be, the access waits to be asked again."""
        timing = self.world.timing
        for lock in self.world.layout.path(pocket):
            state = self._drawer(lock)
            if state.state == "open":
                continue
            if state.state == "latched":
                drawer.release(state, lock, access, turn, hold_ms=timing.pulse_ms, look_s=timing.look_s)
            else:
                access_machine.step(access, "not_opened", turn, f"{lock.name} is {state.state}")
            return

    def _board_lost(self, turn: Turn, event: events.BoardLost) -> None:
        if event.board not in self.state.failures:
            turn.record(DeviceFailed(event.board, event.code, event.detail))
        lost = [lock for lock in self.world.layout.locks.values() if lock.closed.board == event.board]
        for lock in lost:
            drawer.step(self._drawer(lock), "blind", turn, "its board does not answer")
            for access, pocket in self._accesses_behind(lock):
                if access_machine.step(access, "lost_sight", turn, "the cabinet cannot see whether the drawer opened"):
                    self._darken(turn, pocket)
        for pocket in self.world.layout.pockets.values():
            if pocket.bin is not None and pocket.bin.board == event.board:
                self.bins.pop(pocket.id, None)
        self._seen(turn, {lock.closed for lock in lost})
        self._attend(turn)

    def _board_back(self, turn: Turn, event: events.BoardBack) -> None:
        if event.board in self.state.failures:
            turn.record(DeviceRecovered(event.board))

    def _pulse_failed(self, turn: Turn, event: events.PulseFailed) -> None:
        """A lost reply decides nothing; an order that surely was not carried out needs no looking."""
        for state in self.state.drawers.values():
            if state.intent == event.intent and not event.moved:
                self._not_opened(turn, self.world.layout.locks[state.lock], f"{event.code}: {event.detail}")
                return

    def _not_opened(self, turn: Turn, lock: Lock, why: str) -> None:
        state = self._drawer(lock)
        drawer.step(state, "not_opened", turn, why)
        for access, pocket in self._accesses_behind(lock):
            if not access_machine.step(access, "not_opened", turn, why):
                continue
            if access.misses >= self.world.policy.max_pulses:
                drawer.step(state, "gave_up", turn, f"{access.misses} pulses and it did not open")
                access_machine.step(access, "abandon", turn, "the drawer does not open")
                self._darken(turn, pocket)
        self._attend(turn)

    def _weight_read(self, turn: Turn, event: events.WeightRead) -> None:
        access = self.state.accesses.get(event.access)
        if access is not None:
            evidence.take_weight(turn, access, self.world.layout.pockets[event.pocket], event)

    # --- time

    def _timer_due(self, turn: Turn, event: events.TimerDue) -> None:
        what, _, name = event.timer.partition(":")
        if what in {"session", "limit"}:
            self._session_due(turn, event.timer, SessionId(name))
            return
        lock = self.world.layout.locks[name]
        if what == "look" and self._drawer(lock).state == "releasing":
            self._not_opened(turn, lock, "it was looked for and did not open")
        elif what == "call" and self._drawer(lock).state == "open":
            turn.record(DrawerLeftOpen(lock.name, self.world.timing.drawer_open_call_s))

    def _look_into(self, turn: Turn, lock: Lock, pockets: tuple[Pocket, ...]) -> None:
        """Have photo-eyes read. A pocket whose access still waits for a quantity is looked into when that access is over."""
        waiting = {access.pocket for access in self.state.active()}
        bins = tuple(pocket.bin for pocket in pockets if pocket.bin is not None and pocket.id not in waiting)
        if bins:
            turn.order(LookIntoPockets(lock.name, bins))

    def _pockets_seen(self, turn: Turn, event: events.PocketsSeen) -> None:
        """A drawer or lid was shut and its photo-eyes were read: do they agree with the journal? If it is open again, nothing is said."""
        if self._drawer(self.world.layout.locks[event.lock]).state != "latched":
            return
        for channel, is_on in event.bins:
            pocket = self.world.layout.pocket_by_bin[channel]
            self.bins[pocket.id] = not is_on
            if all(access.pocket != pocket.id for access in self.state.active()):
                evidence.take_bin(turn, pocket, is_empty=not is_on, access=self._last_access(pocket))

    def _last_access(self, pocket: Pocket) -> Access | None:
        """The access after which this pocket is looked into: the newest one, if it is over and was not looked at yet."""
        for access in reversed(self.state.accesses.values()):
            if access.pocket == pocket.id:
                return access if access.was_open and not access.seen_after else None
        return None

    # --- sessions

    def _recognised(self, turn: Turn, event: events.StaffRecognised) -> None:
        timing = self.world.timing
        turn.record(SessionOpened(event.session, list(event.factors)), staff=event.staff)
        turn.order(StartTimer(f"session:{event.session}", timing.session_idle_s))
        turn.order(StartTimer(f"limit:{event.session}", timing.session_limit_s))

    def _not_recognised(self, turn: Turn, event: events.StaffNotRecognised) -> Refusal:
        turn.record(SessionRefused(event.claimed, "badge or id and secret do not match"))
        return Refusal("session.not_recognised")

    def _session_active(self, turn: Turn, event: events.SessionActive) -> Refusal | None:
        return None if self._session(turn, event.session) is not None else Refusal("session.unknown")

    def _session(self, turn: Turn, session_id: SessionId) -> Session | None:
        """The session of somebody who just did something: their idle time starts afresh."""
        session = self.state.sessions.get(session_id)
        if session is not None:
            turn.order(StartTimer(f"session:{session_id}", self.world.timing.session_idle_s))
        return session

    def _session_due(self, turn: Turn, timer: str, session_id: SessionId) -> None:
        """No session ends while its drawer is open or being released; the drawer calls out instead."""
        mine = [access for access in self.state.active() if access.session == session_id]
        if any(self._holds_open(access) for access in mine):
            turn.order(StartTimer(timer, self.world.timing.session_idle_s))
        elif session_id in self.state.sessions:
            self._end_session(turn, session_id, mine, "timed out")

    def _holds_open(self, access: Access) -> bool:
        """Whether a lock of an access is being released or stands open. One that is out of sight holds nobody: it may stay so."""
        path = self.world.layout.path(self.world.layout.pockets[PocketId(access.pocket)])
        return any(self._drawer(lock).state in {"releasing", "open"} for lock in path)

    def _end_session(self, turn: Turn, session_id: SessionId, mine: list[Access], why: str) -> None:
        for access in mine:
            access_machine.step(access, "abandon", turn, f"session {why}")
            self._over(turn, access, self.world.layout.pockets[PocketId(access.pocket)])
        turn.record(SessionClosed(session_id, why), staff=self.state.sessions[session_id].staff)
        turn.order(StopTimer(f"session:{session_id}"), StopTimer(f"limit:{session_id}"))

    def _sign_out(self, turn: Turn, event: events.SignOutAsked) -> Refusal | None:
        if event.session not in self.state.sessions:
            return Refusal("session.unknown")
        mine = [access for access in self.state.active() if access.session == event.session]
        if any(self._holds_open(access) for access in mine):
            return Refusal("session.drawer_open")
        self._end_session(turn, event.session, mine, "signed out")
        return None

    # --- what people ask and say

    def _asked(self, turn: Turn, event: events.AccessAsked) -> Refusal | None:
        session = self._session(turn, event.session)
        if session is None:
            return Refusal("session.unknown")
        known = self.state.accesses.get(event.access)
        if known is not None:
            return None if known.staff == session.staff else Refusal("access.repeated")
        pocket = self._choose(event)
        refusal = pocket if isinstance(pocket, Refusal) else self._judge(turn, event, session, pocket)
        if refusal is not None:
            units = event.units if 0 <= event.units <= custody.MOST_UNITS else None
            turn.record(AccessRefused(event.kind, refusal.code, event.pocket, event.item, units), staff=session.staff)
            return refusal
        assert isinstance(pocket, Pocket)
        self._grant(turn, event, session, pocket)
        return None

    def _choose(self, event: events.AccessAsked) -> Pocket | Refusal:
        """The pocket that was named, or the best one with the item: one that works, holds enough and is used up first."""
        layout, lines = self.world.layout, self.state.lines
        if event.pocket is not None:
            pocket = layout.pockets.get(event.pocket)
            if pocket is None:
                return Refusal("pocket.unknown", event.pocket)
            if pocket.id not in lines:
                return Refusal("pocket.unassigned")
            return pocket if event.item in {None, lines[pocket.id].item} else Refusal("pocket.other_item", lines[pocket.id].item)
        holding = [pocket for pocket in layout.pockets.values() if pocket.id in lines and lines[pocket.id].item == event.item]
        if not holding:
            return Refusal("stock.not_here", event.item or "no item was named")
        today = event.at.utc.date().isoformat()

        def rank(pocket: Pocket) -> tuple[bool, bool, bool, str]:
            line = lines[pocket.id]
            expiry = line.earliest_expiry or "9999"
            return self.is_failed(pocket), expiry < today, line.units < event.units, expiry

        return min(holding, key=rank)

    def _judge(self, turn: Turn, event: events.AccessAsked, session: Session, pocket: Pocket) -> Refusal | None:
        kind = KINDS.get(event.kind)
        if kind is None:
            return Refusal("access.kind_unknown", event.kind)
        if self.state.mode != "ready":
            return Refusal("cabinet.not_ready")
        line, staff = self.state.lines[pocket.id], self.world.staff.get(StaffId(session.staff))
        item = self.world.formulary.get(ItemId(line.item))
        if staff is None:
            return Refusal("session.unknown")
        if item is None:
            return Refusal("item.unknown", line.item)
        follows = event.authority == "order" and kind.needs_purpose
        return (
            custody.judge_purpose(event, kind, self.world.patients)
            or (judge_order(self.world.patients, event.order, event.patient, item.id) if follows else None)
            or self.world.policy.judge(staff.role, session.factors, kind, item, event.authority)
            or custody.judge_stock(event, kind, line, turn.at.utc.date().isoformat())
            or self._judge_way(pocket)
            or self._judge_others(pocket, item)
        )

    def _judge_way(self, pocket: Pocket) -> Refusal | None:
        states = {self._drawer(lock).state for lock in self.world.layout.path(pocket)}
        if "failed" in states:
            return Refusal("drawer.failed")
        return Refusal("drawer.unknown") if "unknown" in states else None

    def _judge_others(self, pocket: Pocket, item: Item) -> Refusal | None:
        """One person at a drawer, and one controlled item at a time in the whole cabinet."""
        active = self.state.active()
        drawers = {self.world.layout.pockets[PocketId(access.pocket)].drawer for access in active}
        if pocket.drawer in drawers:
            return Refusal("drawer.in_use")
        if item.is_controlled and any(self.item_of(access).is_controlled for access in active):
            return Refusal("cabinet.controlled_open")
        return None

    def _grant(self, turn: Turn, event: events.AccessAsked, session: Session, pocket: Pocket) -> None:
        line = self.state.lines[pocket.id]
        turn.record(
            AccessRequested(
                event.kind, pocket.id, ItemId(line.item), event.units, event.authority, event.session, event.patient, event.order,
                event.reason,
            ),
            access=_named(event.access, session),
        )  # fmt: skip
        access = self.state.accesses[event.access]
        access_machine.step(access, "granted", turn, "policy")
        if pocket.weighed is not None:
            turn.order(WeighPocket(event.access, pocket.id, False, pocket.weighed.scale))
        self._release(turn, access, pocket)
        if pocket.light is not None:
            turn.order(SwitchLight(pocket.light, True))

    def _release(self, turn: Turn, access: Access, pocket: Pocket) -> None:
        access_machine.step(access, "released", turn, "asked for")
        self._advance(turn, access, pocket)
        self._attend(turn)

    def _mine(self, turn: Turn, session_id: SessionId, access_id: AccessId) -> tuple[Access, Pocket] | Refusal:
        session = self._session(turn, session_id)
        if session is None:
            return Refusal("session.unknown")
        access = self.state.accesses.get(access_id)
        if access is None:
            return Refusal("access.unknown")
        if access.staff != session.staff:
            return Refusal("access.not_yours")
        if access.phase in FINAL:
            return Refusal("access.not_now")
        return access, self.world.layout.pockets[PocketId(access.pocket)]

    def _open_again(self, turn: Turn, event: events.OpenAsked) -> Refusal | None:
        mine = self._mine(turn, event.session, event.access)
        if isinstance(mine, Refusal):
            return mine
        access, pocket = mine
        if access.phase != "authorised" and not self._is_shut_out(access):
            return Refusal("access.looking" if access.phase == "released" else "access.not_now")
        refusal = self._judge_way(pocket)
        if refusal is None:
            self._release(turn, access, pocket)
        return refusal

    def _count(self, turn: Turn, event: events.CountEntered) -> Refusal | None:
        mine = self._mine(turn, event.session, event.access)
        if isinstance(mine, Refusal):
            return mine
        access, pocket = mine
        if "count_before" not in self.asks(access):
            return Refusal("access.not_now")
        refusal = custody.enter_count(turn, access, self.item_of(access), event)
        self._finish_if_done(turn, access, pocket)
        return refusal

    def _quantity(self, turn: Turn, event: events.QuantityEntered) -> Refusal | None:
        mine = self._mine(turn, event.session, event.access)
        if isinstance(mine, Refusal):
            return mine
        access, pocket = mine
        if "confirm" not in self.asks(access):
            return Refusal("access.not_now")
        refusal = custody.enter_quantity(turn, access, pocket, event)
        self._finish_if_done(turn, access, pocket)
        return refusal

    def _cancel(self, turn: Turn, event: events.CancelRequested) -> Refusal | None:
        mine = self._mine(turn, event.session, event.access)
        if isinstance(mine, Refusal):
            return mine
        access, pocket = mine
        if access.phase == "released":
            return Refusal("access.looking")
        if access.confirmed is not None or not access_machine.step(access, "cancel", turn, "the person changed their mind"):
            return Refusal("access.not_now")
        if access.phase in FINAL:
            self._over(turn, access, pocket)
        self._finish_if_done(turn, access, pocket)
        return None

    def _recover(self, turn: Turn, event: events.RecoveryAsked) -> Refusal | None:
        """Somebody cleared the obstruction and pushed the drawer closed: it may be released again, and what it holds is counted."""
        if self._session(turn, event.session) is None:
            return Refusal("session.unknown")
        lock = self.world.layout.locks.get(event.lock)
        if lock is not None and (lock.closed in self._unseen or lock.closed.board in self.state.failures):
            return Refusal("drawer.unknown")
        if lock is None or not drawer.step(self._drawer(lock), "recovered", turn, "recovered by hand"):
            return Refusal("drawer.not_failed")
        self._owe_within_reach(turn, lock, "the drawer was recovered")
        return None

    # --- the end of an access

    def _finish_if_done(self, turn: Turn, access: Access, pocket: Pocket) -> None:
        if access.phase == "closed" and not self.asks(access):
            access_machine.step(access, "completed", turn, "everything asked was answered")
            self._over(turn, access, pocket)

    def _over(self, turn: Turn, access: Access, pocket: Pocket) -> None:
        self._darken(turn, pocket)
        if access.was_open and pocket.weighed is not None:
            turn.order(WeighPocket(AccessId(access.id), pocket.id, True, pocket.weighed.scale))
        if access.was_open:
            self._look_into(turn, self.world.layout.path(pocket)[-1], (pocket,))
        self._attend(turn)

    def _darken(self, turn: Turn, pocket: Pocket) -> None:
        if pocket.light is not None:
            turn.order(SwitchLight(pocket.light, False))

    def _attend(self, turn: Turn) -> None:
        """Watch the locks that can move now: those on the way of an access that is released or open."""
        layout = self.world.layout
        attended = [
            lock.closed
            for access in self.state.active()
            if access.phase in {"released", "open"}
            for lock in layout.path(layout.pockets[PocketId(access.pocket)])
        ]
        turn.order(WatchClosely(tuple(attended)))


def _named(access_id: AccessId, session: Session) -> Access:
    """The envelope of a request: its access does not exist before the fact is applied."""
    return Access(access_id, "", "", "", 0, "", session.id, session.staff, None, "")


def _why(before: str, trigger: str) -> str:
    """What an edge means, in words, by the state it was seen in."""
    return {
        ("latched", "opened"): "opened without a release",
        ("failed", "opened"): "opened without a release",
        ("unknown", "opened"): "found open",
        ("unknown", "closed"): "found closed",
    }.get((before, trigger), trigger)
