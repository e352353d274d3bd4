"""A small ward for the domain ring: one cabinet, three drawers, seven items, four people, and hands that pull and push.

    matrix (lock locks:0)   p1, p2 paracetamol (eye eyes:0 in p1), p3 cream (bulk), p4 empty
    lidded (lock locks:1)   oxy C2 on a scale, lid locks:2, eye eyes:1 · keta C3, lid lids:0 · mida C4, lid lids:1 · pheno C5, lid lids:2
    fridge (lock locks:3)   insulin (containers) · syrup (C2, volume), no lid

`Ward` lets events happen to a real core in invented time and keeps all that came of them. Nothing here decides anything.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cabinet.domain import events
from cabinet.domain.authority import AuthorityRules, Mode
from cabinet.domain.commands import Command, ReleaseLock
from cabinet.domain.core import Core, Step, Timing, World
from cabinet.domain.dose.rules import WARNINGS, DosingRules, Level
from cabinet.domain.facts import Draft, Entry, Fact
from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.layout import Drawer, Layout, Levels, Lock, Opening, Pocket, Weighed
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role, Staff
from cabinet.domain.policy import CountStyle, Policy
from cabinet.domain.scale.counting import Teaching
from cabinet.domain.state import Access, Line, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import (
    AccessId,
    BoardId,
    CabinetId,
    Channel,
    DrawerId,
    Instant,
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

MORNING = Instant(datetime(2026, 3, 2, 7, 0, tzinfo=UTC), 0.0)
TODAY = "2026-03-02"

TABLET = Teaching(sample=30, mass_mg=9_000, spread_permille=20)
TRAY_MG = 12_000
DIVISION_MG = 10


def item(name: str, control: ControlClass = ControlClass.NONE, mode: CountMode = CountMode.UNITS) -> Item:
    """One formulary entry."""
    return Item(ItemId(name), name, name, (), "5 mg", "tab", "0-0-0", control, mode, "tablet", False, (), "", ())


ITEMS = (
    item("paracetamol"),
    item("cream", mode=CountMode.BULK),
    item("oxycodone", ControlClass.C2),
    item("ketamine", ControlClass.C3),
    item("midazolam", ControlClass.C4),
    item("phenobarbital", ControlClass.C5),
    item("insulin", mode=CountMode.CONTAINERS),
    item("morphine_syrup", ControlClass.C2, CountMode.VOLUME),
)


def pocket(
    name: str, drawer: str, holds: str | None, *, units: int = 20, lid: str = "", eye: str = "", expiry: str | None = "2027-01-31",
) -> Pocket:  # fmt: skip
    """One pocket with par 40, min 10, critical low 5 and `units` in it at the first start."""
    return Pocket(
        id=PocketId(name),
        drawer=DrawerId(drawer),
        item=None if holds is None else ItemId(holds),
        levels=Levels(Units(40), Units(10), Units(5)),
        lid=Lock(Channel.parse(lid), Channel.parse(lid)) if lid else None,
        bin=Channel.parse(eye) if eye else None,
        light=Channel.parse(f"lights:{len(name)}"),
        weighed=None,
        opening=Opening(Units(units), "lot-0", expiry) if units else None,
    )


def drawer(name: str, lock: str, *pockets: Pocket) -> Drawer:
    """One drawer; coil and contact are output and input of one number."""
    return Drawer(DrawerId(name), name, Lock(Channel.parse(lock), Channel.parse(lock)), pockets)


def layout(*drawers: Drawer) -> Layout:
    """A cabinet of these drawers, or the ward's own where none are named."""
    return Layout(CabinetId("ward"), "Ward", "medical", drawers or _furniture())


def _furniture() -> tuple[Drawer, ...]:
    weighed = Weighed(BoardId("scale"), TABLET, TRAY_MG)
    return (
        drawer(
            "matrix", "locks:0",
            pocket("p1", "matrix", "paracetamol", eye="eyes:0"),
            pocket("p2", "matrix", "paracetamol", expiry="2026-09-30"),
            pocket("p3", "matrix", "cream"),
            pocket("p4", "matrix", None, units=0),
        ),
        drawer(
            "lidded", "locks:1",
            replace(pocket("oxy", "lidded", "oxycodone", lid="locks:2", eye="eyes:1"), weighed=weighed),
            pocket("keta", "lidded", "ketamine", lid="lids:0"),
            pocket("mida", "lidded", "midazolam", lid="lids:1"),
            pocket("pheno", "lidded", "phenobarbital", lid="lids:2"),
        ),
        drawer(
            "fridge", "locks:3",
            pocket("insulin", "fridge", "insulin"),
            pocket("syrup", "fridge", "morphine_syrup"),
        ),
    )  # fmt: skip


PEOPLE = {
    StaffId(name): Staff(StaffId(name), name.title(), role)
    for name, role in (("nina", Role.NURSE), ("noor", Role.NURSE), ("tom", Role.TECHNICIAN), ("pia", Role.PHARMACIST))
}

POLICY = Policy(
    may={
        Role.NURSE: frozenset({"withdraw", "count", "recover_own"}),
        Role.TECHNICIAN: frozenset({"refill", "count", "maintain", "recover_own", "recover_any"}),
        Role.PHARMACIST: frozenset({"count", "recover_own", "decide"}),
        Role.SERVICE: frozenset({"maintain"}),
    },
    authority=AuthorityRules(
        Mode.NON_PROFILE,
        overrides={thing.id: frozenset() for thing in ITEMS},
        reasons=("emergency",),
    ),
    at_withdrawal={
        ControlClass.C2: CountStyle.BLIND,
        ControlClass.C3: CountStyle.VERIFY,
        ControlClass.C4: CountStyle.VERIFY,
        ControlClass.C5: CountStyle.VERIFY,
        ControlClass.NONE: CountStyle.NONE,
    },
    max_pulses=3,
    refill_interval_h=24,
    dosing=DosingRules(warnings=dict.fromkeys(WARNINGS, Level.OFF)),
)


def granting(**acts: set[Role]) -> Policy:
    """The policy with each of these acts allowed to exactly these roles."""
    table = {role: set(POLICY.may.get(role, ())) - acts.keys() | {act for act, roles in acts.items() if role in roles} for role in Role}
    return replace(POLICY, may={role: frozenset(may) for role, may in table.items()})


TIMING = Timing(pulse_ms=300, look_s=3.0, session_idle_s=60.0, session_limit_s=600.0, drawer_open_call_s=60)


def order(name: str, of: str, *, is_verified: bool = True) -> Order:
    """One order of the ward's only patient."""
    return Order(OrderId(name), PatientId("pat"), ItemId(of), "5 mg", Units(1), "oral", "now", is_verified)


ORDERS = (order("o1", "paracetamol"), order("o2", "oxycodone"), order("o3", "paracetamol", is_verified=False))


def world(**changes: object) -> World:
    """What the core is told; `changes` replace whole fields of it."""
    patient = Patient(PatientId("pat"), "Pat", "1950-01-01", "r1", "1", (), None, ORDERS)
    plain = World(layout(), {thing.id: thing for thing in ITEMS}, PEOPLE, {patient.id: patient}, POLICY, TIMING)
    return replace(plain, **changes)  # type: ignore[arg-type]


class Ward:
    """A core, a clock and a pair of hands. Every method that lets something happen returns the step it led to."""

    def __init__(self, setting: World | None = None, *, is_ready: bool = True) -> None:
        self.world = setting or world()
        self.core = Core(self.world)
        self.now = MORNING
        self.drafts: list[Draft] = []
        self.commands: list[Command] = []
        self._boot = 0
        self.start()
        if is_ready:
            self.look_at_all()

    # --- what happened

    @property
    def state(self) -> State:
        """What the core remembers."""
        return self.core.state

    @property
    def facts(self) -> list[Fact]:
        """All facts so far."""
        return [draft.fact for draft in self.drafts]

    def facts_of(self, *kinds: type[Fact]) -> list[Fact]:
        """The facts of some types so far."""
        return [fact for fact in self.facts if isinstance(fact, kinds)]

    def line(self, name: str) -> Line:
        """One pocket's stock."""
        return self.state.lines[name]

    def access(self, name: str = "a") -> Access:
        """One access."""
        return self.state.accesses[name]

    def lock(self, name: str) -> str:
        """The state of one lock."""
        return self.state.drawers[name].state

    def asks(self, name: str = "a") -> tuple[str, ...]:
        """What the cabinet asks of the person."""
        return self.core.asks(self.access(name))

    def releases(self, step: Step) -> list[str]:
        """The locks that a step pulses."""
        return [str(command.coil) for command in step.commands if isinstance(command, ReleaseLock)]

    # --- the world

    def happen(self, event: events.Event) -> Step:
        """Let one event happen, a tenth of a second after the one before."""
        step = self.core.step(event)
        self.drafts += step.drafts
        self.commands += step.commands
        return step

    def tick(self, seconds: float = 0.1) -> Instant:
        """Let time pass."""
        self.now = self.now.later(seconds)
        return self.now

    def start(self) -> Step:
        """Start the controller for the first time."""
        self._boot += 1
        return self.happen(events.Started(self.tick(), self._boot, "1.0", "f" * 64))

    def look_at_all(self) -> None:
        """Every drawer and lid is seen closed."""
        for channel in self.world.layout.lock_by_input:
            self.edge(str(channel), is_on=True)

    def restart(self, setting: World | None = None, *, is_ready: bool = True) -> Step:
        """Lose everything but the journal, replay it and start again, perhaps with another site."""
        self.world = setting or self.world
        self.core = replayed(self.world, self.drafts)
        step = self.start()
        if is_ready:
            self.look_at_all()
        return step

    def edge(self, channel: str, *, is_on: bool) -> Step:
        """An input takes a value."""
        return self.happen(events.InputChanged(self.tick(), Channel.parse(channel), is_on))

    def opens(self, *locks: str) -> Step:
        """Drawers or lids open, one after the other."""
        return [self.edge(lock, is_on=False) for lock in locks][-1]

    def closes(self, *locks: str) -> Step:
        """Drawers or lids close, one after the other."""
        return [self.edge(lock, is_on=True) for lock in locks][-1]

    def stays_shut(self, lock: str) -> Step:
        """A pulse was given and looking is over."""
        self.tick(3)
        found = self.state.drawers.get(lock)
        return self.due(f"look:{None if found is None else found.intent}")

    def due(self, timer: str) -> Step:
        """A timer runs out."""
        return self.happen(events.TimerDue(self.tick(), timer))

    def loses(self, board: str) -> Step:
        """A board falls silent."""
        return self.happen(events.BoardLost(self.tick(), BoardId(board), "device.no_reply", "silent"))

    def regains(self, board: str) -> Step:
        """A board answers again; its inputs are said by `opens` and `closes`."""
        return self.happen(events.BoardBack(self.tick(), BoardId(board)))

    def pulse_fails(self, intent: str, *, moved: bool) -> Step:
        """The pulse of an intent was not confirmed."""
        return self.happen(events.PulseFailed(self.tick(), IntentId(intent), "device.no_reply", "silent", moved))

    def sees(self, lock: str, eye: str, *, is_empty: bool) -> Step:
        """A photo-eye was looked at after a drawer or lid closed."""
        return self.happen(events.PocketsSeen(self.tick(), lock, ((Channel.parse(eye), not is_empty),)))

    def weighs(self, mass_mg: int | None, pocket: str = "oxy", *, is_steady: bool = True, after_s: float = 1.0) -> Step:
        """The scale of a pocket answers with a mass, or with nothing."""
        weighing = None if mass_mg is None else Weighing(MassMg(mass_mg), is_steady, MassMg(DIVISION_MG))
        fault = "device.no_reply" if mass_mg is None else ""
        return self.happen(events.WeightRead(self.tick(after_s), PocketId(pocket), weighing, fault))

    def learns(self, pocket: str, *, by: str) -> Step:
        """A person read the label: the sample that waits is learned."""
        return self.happen(events.MassConfirmed(self.tick(), SessionId(by), PocketId(pocket)))

    def checks(self, scale: str, test_mass_mg: int, reading_mg: int, *, by: str) -> Step:
        """A person checks a scale with a test mass."""
        mass, reading, division = MassMg(test_mass_mg), MassMg(reading_mg), MassMg(DIVISION_MG)
        return self.happen(events.CalibrationEntered(self.tick(), SessionId(by), BoardId(scale), mass, reading, division))

    # --- people

    def signs_in(self, name: str = "nina", factors: Iterable[str] = ("badge", "secret"), session: str = "") -> Step:
        """A person is recognised; their session is named after them."""
        return self.happen(
            events.StaffRecognised(self.tick(), SessionId(session or name), StaffId(name), tuple(factors))
        )  # fmt: skip

    def wants(
        self, kind: str, pocket: str | None = None, units: int = 2, *, by: str = "nina", access: str = "a", item: str | None = None,
        patient: str | None = "pat", authority: str = "policy", order: str | None = None, **more: Any,
    ) -> Step:  # fmt: skip
        """A person asks for an access; `more` are fields of the request."""
        return self.happen(
            events.AccessAsked(
                self.tick(), SessionId(by), AccessId(access), kind, authority, Units(units),
                pocket=None if pocket is None else PocketId(pocket), item=None if item is None else ItemId(item),
                patient=PatientId(patient) if patient and kind in {"withdraw", "emergency"} else None,
                order=None if order is None else OrderId(order), **more,
            )
        )  # fmt: skip

    def asks_again(self, *, by: str = "nina", access: str = "a") -> Step:
        """A person wants the lock pulsed again."""
        return self.happen(events.OpenAsked(self.tick(), SessionId(by), AccessId(access)))

    def counts(self, units: int, *, by: str = "nina", access: str = "a") -> Step:
        """A person types a count."""
        return self.happen(events.CountEntered(self.tick(), SessionId(by), AccessId(access), Units(units)))

    def states(
        self, units: int, *, by: str = "nina", access: str = "a", lot: str | None = None, expiry: str | None = None,
        acknowledged: tuple[str, ...] = (),
    ) -> Step:  # fmt: skip
        """A person says how many they took or put."""
        said = events.QuantityEntered(self.tick(), SessionId(by), AccessId(access), Units(units), lot, expiry, acknowledged=acknowledged)
        return self.happen(said)

    def is_witnessed(self, by: str, *, of: str = "nina", access: str = "a", factors: Iterable[str] = ("badge", "secret")) -> Step:
        """A second person signs."""
        return self.happen(events.WitnessShown(self.tick(), SessionId(of), AccessId(access), StaffId(by), tuple(factors)))

    def is_alone(self, *, by: str = "nina", access: str = "a") -> Step:
        """A person says that nobody is there to sign."""
        return self.happen(events.WitnessMissing(self.tick(), SessionId(by), AccessId(access)))

    def cancels(self, *, by: str = "nina", access: str = "a") -> Step:
        """A person changes their mind."""
        return self.happen(events.CancelRequested(self.tick(), SessionId(by), AccessId(access)))

    def signs_out(self, name: str = "nina") -> Step:
        """A person leaves."""
        return self.happen(events.SignOutAsked(self.tick(), SessionId(name)))

    def fails_to_sign_in(self, claimed: str) -> Step:
        """Somebody shows a badge and types a wrong secret."""
        return self.happen(events.StaffNotRecognised(self.tick(), StaffId(claimed)))

    def touches(self, session: str = "nina") -> Step:
        """A person touches the screen."""
        return self.happen(events.SessionActive(self.tick(), SessionId(session)))

    def stops(self) -> Step:
        """The controller is asked to end."""
        return self.happen(events.Stopping(self.tick()))

    def recovers(self, lock: str, *, by: str = "nina") -> Step:
        """A person freed a drawer and pushed it closed."""
        return self.happen(events.RecoveryAsked(self.tick(), SessionId(by), lock))

    def tries(self, lock: str, *, by: str = "nina") -> Step:
        """A person freed a drawer, pushed it closed and has it pulsed once."""
        return self.happen(events.TrialAsked(self.tick(), SessionId(by), lock))

    def moves(self, *, by: str = "nina", access: str = "a") -> Step:
        """A person wants another pocket."""
        return self.happen(events.MoveAsked(self.tick(), SessionId(by), AccessId(access)))

    def saw_it_open(self, *, by: str = "nina", access: str = "a") -> Step:
        """A person says that the drawer did open."""
        return self.happen(events.OpenedSaid(self.tick(), SessionId(by), AccessId(access)))

    def says_stuck(self, lock: str, *, by: str = "nina", is_shut: bool = False) -> Step:
        """A person says that an open drawer does not close, or is shut."""
        return self.happen(events.StuckSaid(self.tick(), SessionId(by), lock, is_shut))


WAY = {
    "p1": ("locks:0",),
    "p2": ("locks:0",),
    "p3": ("locks:0",),
    "oxy": ("locks:1", "locks:2"),
    "keta": ("locks:1", "lids:0"),
    "mida": ("locks:1", "lids:1"),
    "pheno": ("locks:1", "lids:2"),
    "insulin": ("locks:3",),
    "syrup": ("locks:3",),
}
"""pocket -> the locks in front of it, outermost first."""


def opened(kind: str, pocket: str, units: int = 2, *, by: str = "nina", setting: World | None = None) -> Ward:
    """A ward in which `by` has just opened `pocket` for an access named `a`."""
    ward = Ward(setting)
    ward.signs_in(by)
    assert ward.wants(kind, pocket, units, by=by).refusal is None
    ward.opens(*WAY[pocket])
    assert ward.access().phase == "open"
    return ward


def shut(ward: Ward, pocket: str) -> Step:
    """Close everything on the way to a pocket, the lid first."""
    return ward.closes(*reversed(WAY[pocket]))


def replayed(setting: World, drafts: Iterable[Draft]) -> Core:
    """A new core that knows the journal and nothing else."""
    core = Core(setting)
    for seq, draft in enumerate(drafts, 1):
        core.replay(
            Entry(1, seq, f"f{seq}", draft.at.utc, draft.fact, draft.access, draft.staff, draft.witness, "", "")
        )  # fmt: skip
    return core


def turn_of(core: Core, at: Instant = MORNING) -> Turn:
    """An empty turn, for letting a single machine move."""
    return Turn(core.state, at)
