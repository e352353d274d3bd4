"""Anything, in any order: people who tap nonsense, edges, lost boards, timers, restarts and changed sites.

What holds after every step stands in `Oracle`, which shares no rule with the core: it reads facts, commands and refusals.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cabinet.domain import access as access_machine
from cabinet.domain import events
from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.commands import LookIntoPockets, ReleaseLock, StartTimer, StopTimer, WeighPocket
from cabinet.domain.core import Core, Step, World
from cabinet.domain.facts import (
    AccessMoved,
    Account,
    Draft,
    DrawerMoved,
    Entry,
    Outcome,
    PocketCounted,
    ReleaseIntended,
    ReleaseSettled,
    UnitsMoved,
)
from cabinet.domain.lock import drawer as drawer_machine
from cabinet.domain.people import Role
from cabinet.domain.state import FINAL
from cabinet.domain.vocabulary import (
    AccessId,
    BoardId,
    Channel,
    IntentId,
    ItemId,
    MassMg,
    OrderId,
    PatientId,
    PocketId,
    SessionId,
    StaffId,
    Units,
    Weighing,
)
from cabinet.messages import body_of, canonical, fact_of
from tests.domain.table import flat
from tests.domain.ward import ITEMS, MORNING, granting, layout, pocket, replayed, world

MODAL = granting(critical_override={Role.NURSE}, lock_down={Role.NURSE}, train={Role.NURSE}, late_entry={Role.NURSE})
SITES = (
    world(policy=MODAL),
    world(layout=replace(layout(), drawers=layout().drawers[:2])),
    world(layout=replace(layout(), drawers=(
        replace(layout().drawers[0], pockets=(pocket("p1", "matrix", "insulin", eye="eyes:0"), pocket("p2", "matrix", None))),
        *layout().drawers[1:],
    ))),
    world(formulary={item.id: item for item in ITEMS if item.id != "insulin"}, layout=replace(layout(), drawers=layout().drawers[:2])),
)  # fmt: skip
"""The ward's own; without its fridge; with p1 meant for insulin and p2 for nothing; without insulin altogether."""

SESSIONS = st.sampled_from(["nina", "noor", "tom", "ghost"]).map(SessionId)
ACCESSES = st.sampled_from(["a", "b", "c", "d", "ghost"]).map(AccessId)
POCKETS = st.sampled_from(["p1", "p2", "p3", "p4", "oxy", "keta", "syrup", "insulin", "ghost"]).map(PocketId)
ITEM_IDS = st.sampled_from(["paracetamol", "cream", "oxycodone", "insulin", "ghost"]).map(ItemId)
LOCKS = st.sampled_from(["locks:0", "locks:1", "locks:2", "locks:3", "lids:0", "lids:1", "lids:2"])
INPUTS = st.one_of(LOCKS, st.sampled_from(["eyes:0", "eyes:1", "other:9"])).map(Channel.parse)
BOARDS = st.sampled_from(["locks", "locks", "lids", "eyes", "scale"]).map(BoardId)
NUMBERS = st.one_of(st.integers(0, 4), st.integers(0, 25), st.sampled_from([-1, 100_000, 100_001, 10**20])).map(Units)
TEXTS = st.one_of(st.none(), st.sampled_from(["2026-03-02", "2026-03-01", "2027-12-31", "soon", "lot", "øl-✓"]))

MODES = st.sampled_from(["critical_override", "locked_down", "training", "ghost"])
PEOPLE = st.sampled_from([("nina", "withdraw"), ("noor", "withdraw"), ("tom", "refill"), ("tom", "count")])
TAPS = st.one_of(
    st.tuples(st.just(events.SignOutAsked), SESSIONS),
    st.tuples(st.just(events.SessionActive), SESSIONS),
    st.tuples(st.just(events.StaffNotRecognised), st.sampled_from([None, "nina"])),
    st.tuples(st.just(events.OpenAsked), SESSIONS, ACCESSES),
    st.tuples(st.just(events.CancelRequested), SESSIONS, ACCESSES),
    st.tuples(st.just(events.CountEntered), SESSIONS, ACCESSES, NUMBERS),
    st.tuples(st.just(events.QuantityEntered), SESSIONS, ACCESSES, NUMBERS, TEXTS, TEXTS),
    st.tuples(st.just(events.RecoveryAsked), SESSIONS, st.one_of(LOCKS, st.just("ghost"))),
    st.tuples(st.just(events.TrialAsked), SESSIONS, st.one_of(LOCKS, st.just("ghost"))),
    st.tuples(st.just(events.StuckSaid), SESSIONS, st.one_of(LOCKS, st.just("ghost")), st.booleans()),
    st.tuples(st.just(events.MoveAsked), SESSIONS, ACCESSES),
    st.tuples(st.just(events.OpenedSaid), SESSIONS, ACCESSES),
    st.tuples(st.just(events.ModeAsked), SESSIONS, MODES, st.sampled_from(["", "why"])),
    st.tuples(st.just(events.ModeEndAsked), SESSIONS, MODES, st.sampled_from(["", "why"])),
    st.tuples(st.just(events.TrainingEndAsked), st.just("a touch")),
    st.tuples(st.just(events.PharmacyHeard)),
    st.tuples(st.just(events.PharmacyLost), st.sampled_from(["", "2026-03-02T06:00:00.000000Z"])),
    st.tuples(st.just(events.TimerDue), st.sampled_from(["downtime:enter", "downtime:leave", "downtime:critical"])),
)


class Oracle:
    """What was said so far, added up by somebody who does not know how it came to be."""

    def __init__(self) -> None:
        self.balance: Counter[tuple[str, str]] = Counter()
        self.accounts: Counter[tuple[str, Account]] = Counter()
        self.counts: dict[tuple[str, str], int] = {}
        self.intents: dict[str, Outcome | None] = {}
        self.phases: dict[str, str] = {}
        self.locks: dict[str, str] = {}
        self.pulsed: set[str] = set()

    def hear(self, draft: Draft) -> None:
        """Take one fact."""
        match draft.fact:
            case UnitsMoved(pocket, item, units, source, target):
                assert units > 0
                for account, sign in ((source, -1), (target, 1)):
                    self.accounts[item, account] += sign * units
                    if account is Account.POCKET:
                        self.balance[pocket, item] += sign * units
                        assert self.balance[pocket, item] >= 0
            case PocketCounted(pocket, item, counted, is_final=True):
                self.counts[pocket, item] = counted
            case ReleaseIntended(intent):
                assert intent not in self.intents, "an intent is made once"
                self.intents[intent] = None
            case ReleaseSettled(intent, _, outcome):
                assert self.intents[intent] is None, "an outcome is written once"
                self.intents[intent] = outcome
            case AccessMoved(source, target):
                assert draft.access is not None
                assert self.phases.get(draft.access, "requested") == source
                assert (source, target) in PHASE_MOVES
                self.phases[draft.access] = target
            case DrawerMoved(lock, source, target):
                assert self.locks.get(lock, "unknown") == source
                assert (source, target) in LOCK_MOVES
                self.locks[lock] = target

    def obey(self, command: ReleaseLock) -> None:
        """Take one pulse: its intent was written before it, and it is given once."""
        assert command.intent in self.intents
        assert command.intent not in self.pulsed
        self.pulsed.add(command.intent)


PHASE_MOVES = {(source, target) for source, _, target in flat(access_machine.ROWS)}
LOCK_MOVES = {(source, target) for source, _, target in flat(drawer_machine.ROWS)}


class AnythingGoes(RuleBasedStateMachine):
    """One cabinet, and a world without manners."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.drafts: list[Draft] = []
        self.oracle = Oracle()
        self.boot = 0
        self.begin(SITES[0])

    # --- plumbing

    def begin(self, setting: World) -> None:
        """Replay what is known and start."""
        self.core = replayed(setting, self.drafts)
        self.shadow = replayed(setting, self.drafts)
        self.timers: set[str] = set()
        self.errands: list[WeighPocket | LookIntoPockets] = []
        self.boot += 1
        self.happen(events.Started, self.boot, "1.0", "f" * 64)
        assert None not in self.oracle.intents.values(), "a start settles every intent"
        assert not self.core.state.active()

    def happen(self, kind: type[events.Event], *args: Any) -> Step:
        """Let one event happen, and hold the facts, commands and refusal against the oracle."""
        self.now = self.now.later(0.5)
        step = self.core.step(kind(self.now, *args))
        for draft in step.drafts:
            self.oracle.hear(draft)
            self.drafts.append(draft)
            self.shadow.replay(as_entry(len(self.drafts), draft))
        for command in step.commands:
            match command:
                case ReleaseLock():
                    self.oracle.obey(command)
                case StartTimer(timer):
                    self.timers.add(timer)
                case StopTimer(timer):
                    self.timers.discard(timer)
                case WeighPocket() | LookIntoPockets():
                    self.errands.append(command)
        for place, counted in self.oracle.counts.items():
            assert self.oracle.balance[place] == counted, "a final count is the balance, and the difference has its account"
        self.oracle.counts.clear()
        assert step.refusal is None or step.refusal.code in CATALOGUE
        return step

    # --- the world

    @initialize(is_closed=st.booleans(), people=st.sets(st.sampled_from(["nina", "noor", "tom"])))
    def morning(self, is_closed: bool, people: set[str]) -> None:
        """Mostly every door is shut and somebody is there."""
        if is_closed:
            self.all_shut()
        for name in sorted(people):
            self.happen(events.StaffRecognised, SessionId(name), StaffId(name), ("badge", "secret"))

    @rule()
    def all_shut(self) -> None:
        """Somebody pushes everything closed."""
        for channel in reversed(self.core.world.layout.lock_by_input):
            self.edge(channel, is_on=True)

    @rule(channel=INPUTS, is_on=st.booleans())
    def edge(self, channel: Channel, is_on: bool) -> None:
        """Any input, any value, where its board answers."""
        if channel.board not in self.core.state.failures:
            self.happen(events.InputChanged, channel, is_on)

    @rule()
    def what_was_released_opens(self) -> None:
        """As it mostly does."""
        for name, found in list(self.core.state.drawers.items()):
            if found.state == "releasing" and name in self.core.world.layout.locks:
                self.edge(Channel.parse(name), is_on=False)

    @rule(times=st.integers(1, 3))
    def what_was_released_jams(self, times: int) -> None:
        """It is pulled at, asked for again, and does not open."""
        for _ in range(times):
            for timer in sorted(timer for timer in self.timers if timer.startswith("look:")):
                self.timers.remove(timer)
                self.happen(events.TimerDue, timer)
            for access in self.core.state.active():
                self.happen(events.OpenAsked, SessionId(access.session), AccessId(access.id))

    @rule(board=BOARDS, is_lost=st.booleans())
    def board(self, board: BoardId, is_lost: bool) -> None:
        """A board goes or comes."""
        if is_lost:
            self.happen(events.BoardLost, board, "device.no_reply", "silent")
        else:
            self.happen(events.BoardBack, board)

    @rule(data=st.data())
    def timer(self, data: st.DataObject) -> None:
        """A timer that runs runs out."""
        if self.timers:
            name = data.draw(st.sampled_from(sorted(self.timers)))
            self.timers.remove(name)
            self.happen(events.TimerDue, name)

    @rule(data=st.data(), moved=st.booleans())
    def pulse_fails(self, data: st.DataObject, moved: bool) -> None:
        """Some pulse, of now or of long ago, was not confirmed."""
        intent = data.draw(st.sampled_from([*self.oracle.intents, "ghost-1"]))
        self.happen(events.PulseFailed, IntentId(intent), "device.no_reply", "silent", moved)

    @rule(data=st.data())
    def errand_answers(self, data: st.DataObject) -> None:
        """A scale or a set of photo-eyes answers, whenever it likes and whatever it likes."""
        if not self.errands:
            return
        match self.errands.pop(data.draw(st.integers(0, len(self.errands) - 1))):
            case WeighPocket(pocket):
                mass = MassMg(data.draw(st.sampled_from([0, 12_000, 17_400, 17_550, 18_000, -50, 900_000])))
                weighing = data.draw(st.sampled_from([None, Weighing(mass, True, MassMg(10)), Weighing(mass, False, MassMg(10))]))
                self.happen(events.WeightRead, pocket, weighing, "" if weighing else "device.no_reply")
            case LookIntoPockets(lock, bins):
                self.happen(events.PocketsSeen, lock, tuple((channel, data.draw(st.booleans())) for channel in bins))

    @rule(setting=st.sampled_from((*SITES[:1] * 3, *SITES[1:])))
    def restart(self, setting: World) -> None:
        """Power is lost; the next start may find another site file."""
        self.begin(setting)

    # --- people

    @rule(session=SESSIONS, staff=st.sampled_from(["nina", "noor", "tom", "pia", "stranger"]), is_strong=st.booleans())
    def sign_in(self, session: SessionId, staff: str, is_strong: bool) -> None:
        """Anybody recognised, by little or much, also under a session that is already there."""
        factors = ("badge", "secret") if is_strong else ("id", "secret")
        self.happen(events.StaffRecognised, session, StaffId(staff), factors)

    @rule(tap=TAPS)
    def tap(self, tap: tuple[Any, ...]) -> None:
        """Anybody taps anything."""
        self.happen(*tap)

    @rule(
        session=SESSIONS, access=ACCESSES, kind=st.sampled_from(["withdraw", "withdraw", "refill", "count", "ghost"]), units=NUMBERS,
        place=st.one_of(st.tuples(POCKETS, st.none()), st.tuples(st.none(), ITEM_IDS), st.tuples(POCKETS, ITEM_IDS), st.just((None, None))),
        authority=st.sampled_from(["policy", "policy", "order", "override"]), order=st.sampled_from([None, "o1", "o2", "ghost"]),
        patient=st.sampled_from(["pat", "pat", "ghost", None]),
    )  # fmt: skip
    def ask(  # noqa: PLR0917 - a request has this many sides
        self, session: SessionId, access: AccessId, kind: str, units: Units, place: tuple[PocketId | None, ItemId | None],
        authority: str, order: str | None, patient: str | None,
    ) -> None:  # fmt: skip
        """Anybody asks for anything."""
        self.happen(
            events.AccessAsked, session, access, kind, authority, units, *place, patient and PatientId(patient), order and OrderId(order)
        )

    @rule(person=PEOPLE, pocket=POCKETS, access=ACCESSES)
    def ask_well(self, person: tuple[str, str], pocket: PocketId, access: AccessId) -> None:
        """Somebody asks for what they may have."""
        name, kind = person
        if access in self.core.state.accesses:
            access = AccessId(f"{access}{len(self.drafts)}")
        self.happen(events.StaffRecognised, SessionId(name), StaffId(name), ("badge", "secret"))
        self.happen(events.AccessAsked, SessionId(name), access, kind, "policy", Units(2), pocket, None, PatientId("pat"))

    @rule(data=st.data(), units=NUMBERS)
    def answer_well(self, data: st.DataObject, units: Units) -> None:
        """Somebody does what the cabinet asks of them, with some number."""
        waiting = [access for access in self.core.state.active() if self.core.asks(access)]
        if not waiting:
            return
        access = data.draw(st.sampled_from(waiting))
        who = next((s.id for s in self.core.state.sessions.values() if s.staff == access.staff), SessionId("ghost"))
        match self.core.asks(access)[0]:
            case "count_before":
                said = data.draw(st.sampled_from([units, Units(self.core.state.lines[access.pocket].units)]))
                self.happen(events.CountEntered, who, AccessId(access.id), said)
            case "confirm":
                self.happen(events.QuantityEntered, who, AccessId(access.id), units, "lot", data.draw(TEXTS))
            case "open":
                self.happen(events.OpenAsked, who, AccessId(access.id))
            case "close":
                self.all_shut()

    @rule(data=st.data(), person=PEOPLE, pocket=POCKETS, access=ACCESSES, steps=st.integers(1, 9), units=NUMBERS)
    def walk(self, data: st.DataObject, person: tuple[str, str], pocket: PocketId, access: AccessId, steps: int, units: Units) -> None:
        """Somebody goes some of the way as it is meant to be gone."""
        self.all_shut()
        self.ask_well(person, pocket, access)
        for _ in range(steps):
            self.what_was_released_opens()
            self.answer_well(data, units)

    # --- what always holds

    @invariant()
    def live_is_replayed(self) -> None:
        """Memory is what the journal says, and nothing else."""
        assert self.shadow.state == self.core.state

    @invariant()
    def nothing_is_known_of_what_is_out_of_sight(self) -> None:
        """Unknown is not closed."""
        for name, found in self.core.state.drawers.items():
            if Channel.parse(name).board in self.core.state.failures:
                assert found.state in {"unknown", "failed"}

    @invariant()
    def the_books_balance(self) -> None:
        """Opening + in - out is the balance of each pocket, and all accounts of an item add up to nothing."""
        held = {(line.pocket, line.item): line.units for line in self.core.state.lines.values() if line.units}
        assert held == {place: units for place, units in self.oracle.balance.items() if units}
        per_item: Counter[str] = Counter()
        for (item, _), units in self.oracle.accounts.items():
            per_item[item] += units
        assert not any(per_item.values())
        assert all(batch.units > 0 for line in self.core.state.lines.values() for batch in line.batches)

    @invariant()
    def an_open_intent_is_being_looked_for(self) -> None:
        """No pulse is forgotten: each unsettled one belongs to a lock that is releasing, with its timer running."""
        unsettled = {intent for intent, outcome in self.oracle.intents.items() if outcome is None}
        releasing = {found.intent: name for name, found in self.core.state.drawers.items() if found.state == "releasing"}
        assert unsettled == set(releasing)
        assert {f"look:{intent}" for intent in releasing} <= self.timers

    @invariant()
    def who_waits_for_a_drawer_will_hear(self) -> None:
        """An access that is released has a lock that is being looked for."""
        for access in self.core.state.active():
            if access.phase == "released":
                path = self.core.world.layout.path(self.core.world.layout.pockets[PocketId(access.pocket)])
                assert any(self.core.state.drawers[lock.name].state == "releasing" for lock in path)

    @invariant()
    def one_controlled_item_and_one_person_to_a_drawer(self) -> None:
        """Trust I6."""
        active = self.core.state.active()
        drawers = [self.core.world.layout.pockets[PocketId(access.pocket)].drawer for access in active]
        assert len(set(drawers)) == len(drawers)
        assert sum(self.core.item_of(access).is_controlled for access in active) <= 1

    @invariant()
    def who_was_inside_is_accounted_for(self) -> None:
        """A controlled pocket that was open is counted before its access ends well; one that is incomplete owed a count."""
        for access in self.core.state.accesses.values():
            item = next((item for item in ITEMS if item.id == access.item), None)
            if access.phase in {"settled", "disputed", "cancelled"} and access.was_open and item is not None and item.is_controlled:
                assert access.counted is not None

    def teardown(self) -> None:
        """Everything is looked for to the end, and the journal is read back from its written form."""
        for _ in range(3):
            for timer in sorted(timer for timer in self.timers if timer.startswith("look:")):
                self.happen(events.TimerDue, timer)
        assert None not in self.oracle.intents.values()
        core = Core(self.core.world)
        for seq, draft in enumerate(self.drafts, 1):
            body = body_of(draft.fact)
            canonical(body)
            core.replay(replace(as_entry(seq, draft), fact=fact_of(draft.fact.type, body)))
        assert core.state == self.core.state
        assert all(access.phase in FINAL or access.phase in access_machine.PHASES for access in core.state.accesses.values())


def as_entry(seq: int, draft: Draft) -> Entry:
    """A draft as the journal would hold it."""
    return Entry(1, seq, f"f{seq}", draft.at.utc, draft.fact, draft.access, draft.staff, draft.witness, "", "")


TestAnythingGoes = AnythingGoes.TestCase
TestAnythingGoes.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)  # fmt: skip
