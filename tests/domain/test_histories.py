"""Any order of any events by any people over all kinds: what custody promises holds at the end of every history.

A history is a list of numbers, which a `Player` turns into what people do at a cabinet where every kind is somebody's, orders are needed,
second persons are due and C-II travels on sheets. What must hold is added up by `Audit` from facts and commands alone; it shares no rule
with the core. 20,000 histories in CI, in four shares so that a failure shrinks fast.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.domain import events
from cabinet.domain.authority import AuthorityRules, Mode
from cabinet.domain.commands import ReleaseLock, StartTimer, StopTimer
from cabinet.domain.facts import (
    AccessMoved,
    AccessRequested,
    Account,
    DebtOwed,
    Draft,
    PocketCounted,
    QuantityConfirmed,
    ReleaseIntended,
    SessionOpened,
    UnitsMoved,
    WitnessSigned,
)
from cabinet.domain.formulary import ControlClass
from cabinet.domain.people import Role, Staff
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import AccessId, DebtId, ItemId, OrderId, PatientId, PocketId, SessionId, StaffId, Units
from cabinet.domain.withdrawal.rule import CONTROLLED, CustodyRules
from cabinet.domain.witness import WitnessRule
from tests.domain.ward import ITEMS, PEOPLE, WAY, Ward, granting, replayed, world

T = TypeVar("T")

HISTORIES = int(os.environ.get("ADC_HISTORIES", "20000"))
SHARES = 4

SHEETS = ("s1", "s2", "s3")
"""The numbers of sheets; each is used once."""
ENROLS = "pia"
"""Who switches people off and on."""

NURSE, TECHNICIAN = {Role.NURSE, Role.STUDENT}, {Role.TECHNICIAN}
STUDENT = Staff(StaffId("sam"), "Sam", Role.STUDENT)
TABLE = granting(
    withdraw=NURSE, override={Role.NURSE}, emergency={Role.NURSE}, waste={Role.NURSE}, close_debt={Role.PHARMACIST},
    count=NURSE | TECHNICIAN, load=TECHNICIAN, refill=TECHNICIAN, unload=TECHNICIAN, expire=TECHNICIAN,
    transfer=TECHNICIAN, empty_bin=TECHNICIAN, inspect=TECHNICIAN,
    enrol={Role.PHARMACIST}, quarantine={Role.PHARMACIST}, resolve={Role.PHARMACIST}, **{"return": {Role.NURSE}},
)  # fmt: skip
RULES = replace(
    TABLE,
    authority=AuthorityRules(
        Mode.PROFILE, overrides={ItemId("ketamine"): frozenset(), ItemId("paracetamol"): frozenset({Role.NURSE})}, reasons=("pain",),
        no_order=frozenset({ItemId("cream")}), emergency=frozenset({ItemId("midazolam")}),
    ),
    witness=(
        WitnessRule(frozenset({"waste"}), CONTROLLED, frozenset({Role.NURSE, Role.PHARMACIST})),
        WitnessRule(frozenset({"withdraw"}), CONTROLLED, frozenset({Role.NURSE}), of=frozenset({Role.STUDENT})),
        WitnessRule(
            frozenset({"withdraw", "return", "unload", "expire", "count"}), frozenset({ControlClass.C2}), frozenset({Role.NURSE}),
            may_be_owed=True,
        ),
        WitnessRule(frozenset({"transfer"}), CONTROLLED, frozenset({Role.NURSE})),
    ),
    custody=CustodyRules(
        purposes=("dropped",), pocket_return_classes=frozenset({ControlClass.NONE}), sheet_classes=frozenset({ControlClass.C2})
    ),
)  # fmt: skip
SETTING = world(policy=RULES, staff={**PEOPLE, STUDENT.id: STUDENT})

WHO = ("nina", "noor", "tom", "pia", "sam")
KINDS = (
    "withdraw",
    "withdraw",
    "withdraw",
    "emergency",
    "return",
    "waste",
    "refill",
    "load",
    "unload",
    "count",
    "expire",
    "transfer",
    "inspect",
)
POCKETS = ("p1", "p2", "p3", "p4", "oxy", "keta", "mida", "insulin", "syrup")
ORDERS = (None, "o1", "o1", "o2", "o2", "o3", "ghost")
AUTHORITIES = ("order", "order", "order", "override", "policy", "emergency")


ERRANDS: tuple[tuple[str, str, str | None, dict[str, object]], ...] = (
    ("withdraw", "nina", "p1", {"authority": "order", "order": "o1"}),
    ("withdraw", "nina", "oxy", {"authority": "order", "order": "o2"}),
    ("withdraw", "sam", "oxy", {"authority": "order", "order": "o2"}),
    ("withdraw", "noor", "keta", {"authority": "override", "reason": "pain"}),
    ("withdraw", "noor", "p3", {"patient": None}),
    ("withdraw", "nina", "insulin", {"patient": None, "purpose": "dropped"}),
    ("emergency", "nina", "mida", {"authority": "emergency"}),
    ("return", "nina", None, {"is_intact": True}),
    ("return", "nina", "p1", {"is_intact": True, "place": "pocket"}),
    ("waste", "nina", None, {"reason": "left over"}),
    ("waste", "noor", None, {"reason": "left over", "part_m": 500}),
    ("refill", "tom", "p1", {}),
    ("refill", "tom", "oxy", {"sheet": "s1"}),
    ("load", "tom", "p4", {"item": "insulin"}),
    ("unload", "tom", "p2", {}),
    ("unload", "tom", "oxy", {"sheet": "out"}),
    ("count", "tom", "oxy", {}),
    ("expire", "tom", "p1", {}),
    ("transfer", "tom", "insulin", {}),
    ("empty_bin", "tom", None, {"item": "paracetamol"}),
    ("inspect", "tom", "keta", {}),
)
"""Who comes for what: kind, person, pocket, and what else they say."""


class Dice:
    """One number of a history, drawn from bit by bit: the same number means the same act."""

    def __init__(self, number: int) -> None:
        self._left = number

    def pick(self, of: tuple[T, ...]) -> T:
        """One of these."""
        self._left, index = divmod(self._left, len(of))
        return of[index]


class Audit:
    """Adds up what was said and done."""

    def __init__(self) -> None:
        self.accounts: Counter[tuple[str, Account]] = Counter()
        self.pockets: Counter[tuple[str, str]] = Counter()
        self.requests: dict[str, tuple[AccessRequested, str]] = {}
        self.ends: Counter[str] = Counter()
        self.released: set[str] = set()
        self.done: set[str] = set()
        self.signed: dict[str, str] = {}
        self.owed: set[str] = set()
        self.stated: dict[str, int] = {}
        self.counted: dict[str, int] = {}
        self.said: dict[str, str] = {}
        self.back: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()

    def hear(self, draft: Draft) -> None:
        """Take one fact."""
        match draft.fact:
            case UnitsMoved() as moved:
                self._add(moved, draft.access or "")
            case AccessRequested() as request:
                assert draft.staff is not None
                self.requests[draft.access or ""] = (request, draft.staff)
            case AccessMoved(_, target):
                self.ends[draft.access or ""] += target in FINAL
                assert self.ends[draft.access or ""] <= 1, "an access ends once"
                if target in {"settled", "disputed"}:
                    self.done.add(draft.access or "")
            case ReleaseIntended(is_trial=is_trial):
                assert is_trial or draft.access in self.requests, "no release without an access"
                self.released.add(draft.access or "")
            case WitnessSigned():
                assert draft.witness is not None
                self.signed[draft.access or ""] = draft.witness
                self.said[draft.access or ""] = draft.fact.said
            case QuantityConfirmed() | PocketCounted():
                self._number(draft.fact, draft.access or "")
            case DebtOwed(kind="witness"):
                self.owed.add(draft.access or "")
            case SessionOpened():
                assert draft.staff in {*WHO}

    def _number(self, fact: QuantityConfirmed | PocketCounted, access: str) -> None:
        if isinstance(fact, QuantityConfirmed):
            self.stated[access] = fact.units
        elif fact.is_final:
            self.counted[access] = fact.counted

    def _add(self, moved: UnitsMoved, access: str) -> None:
        much = moved.units * 1000 + moved.part_m
        assert much > 0
        assert 0 <= moved.part_m < 1000
        for account, sign in ((moved.source, -1), (moved.target, 1)):
            self.accounts[moved.item, account] += sign * much
            if account is Account.POCKET:
                assert moved.pocket is not None
                assert not moved.part_m, "no pocket holds a part of a unit"
                self.pockets[moved.pocket, moved.item] += sign * moved.units
                assert self.pockets[moved.pocket, moved.item] >= 0
        if moved.source is Account.POCKET and moved.target in {Account.PATIENT, Account.PURPOSE}:
            self.taken[access] += much
        if moved.withdrawal is not None:
            self.back[moved.withdrawal] += much

    def close(self, ward: Ward) -> None:
        """What must hold once everything is over."""
        per_item: Counter[str] = Counter()
        for (item, _), much in self.accounts.items():
            per_item[item] += much
        assert not any(per_item.values()), "units are conserved"
        held = {(line.pocket, line.item): line.units for line in ward.state.lines.values() if line.units}
        assert held == {place: units for place, units in self.pockets.items() if units}, "balances are what was moved"
        assert all(self.ends[access] == 1 for access in self.requests), "every access has one ending"
        for access in self.released | self.done:
            if access in self.requests:
                self.judge(access)
        for access, much in self.back.items():
            assert much <= self.taken[access], "given + wasted + returned is what was removed"

    def judge(self, access: str) -> None:
        """On whose word this was released or done, and who signed for it."""
        request, person = self.requests[access]
        role = STUDENT.role if person == "sam" else PEOPLE[StaffId(person)].role
        assert request.kind in RULES.may[role], f"{person} may not {request.kind}"
        if request.kind == "withdraw" and request.patient is not None:
            known = {"order": {("o1", "paracetamol"), ("o2", "oxycodone")}, "override": {(None, "ketamine"), (None, "paracetamol")}}
            if request.item == "cream":
                return
            assert request.authority in known, f"{request.authority} for {request.item}"
            named = request.order if request.authority == "order" else None
            assert (named, request.item) in known[request.authority], f"{request.authority} for {request.item}"
        if request.kind == "emergency":
            assert request.item in {"midazolam", "ketamine", "paracetamol"}
        if request.witness_rule is not None and self._is_signed_for(request, access):
            witness = self.signed.get(access)
            assert witness != person, "two different people where two are due"
            may_be_owed = request.witness_rule == "may_be_owed" or _is_signed_last(request)
            assert witness is not None or (access in self.owed and may_be_owed), "or the debt is listed"
        is_controlled = next(one for one in ITEMS if one.id == request.item).is_controlled
        if request.kind == "waste" and is_controlled and access in self.done:
            assert access in self.signed

    def _is_signed_for(self, request: AccessRequested, access: str) -> bool:
        """Whoever signs for a number signs once there is one, and for that one."""
        if not _is_signed_last(request):
            return True
        number = (self.counted if access in self.done else {}).get(access) if request.kind == "count" else self.stated.get(access)
        said = self.said.get(access)
        assert not number or said is None or said.split()[0] == str(number), "what was signed for is what was stated"
        return bool(number) or (number == 0 and request.kind == "count")


def _is_signed_last(request: AccessRequested) -> bool:
    """What leaves for good, what is counted, and what is received by count: nobody knows the number before."""
    return request.kind in {"unload", "expire", "transfer", "count"} or (request.kind in {"load", "refill"} and request.sheet is not None)


class Player:
    """Turns numbers into what happens at the cabinet."""

    def __init__(self) -> None:
        self.ward = Ward(SETTING)
        self.audit = Audit()
        self.timers: set[str] = set()
        self._heard = 0
        self._names = 0
        self.acts: tuple[Callable[[Dice], None], ...] = (
            self.visit, self.visit, self.visit, self.visit, self.ask, self.ask, self.answer, self.answer, self.answer, self.answer,
            self.open, self.shut, self.sign, self.come, self.go, self.settle, self.ring, self.cancel, self.elsewhere, self.block, self.send,
            self.break_down, self.restart, self.change, self.take_over, self.prove, self.look_in,
        )  # fmt: skip
        for name in WHO:
            self.ward.signs_in(name)
        self.listen()

    def play(self, numbers: list[int]) -> None:
        """A whole history, and its end: everything is shut, looked for and left."""
        for number in numbers:
            dice = Dice(number)
            dice.pick(self.acts)(dice)
            self.listen()
        self.go_home()
        self.audit.close(self.ward)

    def listen(self) -> None:
        """Let the audit hear what is new."""
        for draft in self.ward.drafts[self._heard :]:
            self.audit.hear(draft)
        self._heard = len(self.ward.drafts)
        for command in self.ward.commands:
            match command:
                case StartTimer(timer):
                    self.timers.add(timer)
                case StopTimer(timer):
                    self.timers.discard(timer)
                case ReleaseLock():
                    pass
        self.ward.commands.clear()

    def go_home(self) -> None:
        """No state without a way home: doors are shut, looking ends, people leave or are timed out, and nothing is left under way."""
        ward = self.ward
        for _ in range(4):
            ward.look_at_all()
            for timer in sorted(timer for timer in self.timers if timer.startswith("look:")):
                self.timers.discard(timer)
                ward.due(timer)
            self.listen()
        for name in list(ward.state.sessions):
            ward.tick(601)
            ward.due(f"limit:{name}")
            ward.due(f"session:{name}")
        self.listen()
        assert not ward.state.active(), [(access.kind, access.phase, ward.asks(access.id)) for access in ward.state.active()]
        assert not ward.state.sessions
        for name in list(ward.state.ward_sessions):
            ward.due(f"ward:{name}")
        assert not ward.state.ward_sessions

    # --- what people do

    def ask(self, dice: Dice) -> None:
        """Somebody asks for something, mostly sensible."""
        self._names += 1
        kind, who, pocket = dice.pick(KINDS), dice.pick(WHO), dice.pick(POCKETS)
        known = tuple(self.ward.state.withdrawals) or ("ghost",)
        more: dict[str, object] = {}
        units, authority, order, reason = dice.pick((1, 2, 1, 0, 25)), "policy", None, dice.pick(("pain", "pain", None))
        patient = dice.pick(("pat", "pat", "pat", None))
        if kind == "withdraw":
            authority = dice.pick(AUTHORITIES)
            order = dice.pick(ORDERS) if authority == "order" else None
            pocket = {"o1": "p1", "o2": "oxy"}.get(order or "", pocket) if dice.pick((True, True, False)) else pocket
            more["purpose"] = dice.pick((None, "dropped")) if patient is None else None
        if kind == "emergency":
            authority = "emergency"
        if kind in {"return", "waste"}:
            more["withdrawal"] = AccessId(dice.pick(known))
            more["part_m"] = dice.pick((0, 500, 999))
            more["place"] = dice.pick((None, "pocket", "bin")) if kind == "return" else None
            more["is_intact"] = dice.pick((True, False))
        if kind == "load":
            more["item"] = dice.pick(("insulin", "paracetamol", "ghost"))
        if kind in {"refill", "load", "unload", "transfer", "expire"}:
            more["sheet"] = dice.pick((None, *SHEETS, f"out{self._names}"))
        is_on_paper = kind == "waste" or (kind == "return" and more["place"] != "pocket")
        self.ward.wants(
            kind, None if is_on_paper else pocket, units, by=who, access=f"a{self._names}", patient=patient,
            authority=authority, order=order, reason=reason, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def visit(self, dice: Dice) -> None:
        """Somebody comes for one thing and goes some of the way as it is meant to be gone."""
        if dice.pick((True, True, False)):
            self.shut(Dice(0))
        kind, who, pocket, more = dice.pick(ERRANDS)
        self.ward.signs_in(who)
        self._names += 1
        name, known = f"a{self._names}", [one for one in self.ward.state.withdrawals.values() if one.left_m > 0]
        if kind in {"return", "waste"}:
            if not known:
                return
            more = {**more, "withdrawal": AccessId(dice.pick(tuple(known)).access)}
        self.ward.wants(kind, pocket, dice.pick((1, 1, 2)), by=who, access=name, **more)  # type: ignore[arg-type]
        for _ in range(dice.pick((9, 9, 9, 4, 2))):
            self.listen()
            access = self.ward.state.accesses.get(name)
            if access is None or access.phase in FINAL:
                return
            self._do(access, dice)

    def answer(self, dice: Dice) -> None:
        """Somebody does what the cabinet asks of them, rightly or not."""
        waiting = tuple(access.id for access in self.ward.state.active() if self.ward.asks(access.id))
        if not waiting:
            return
        self._do(self.ward.state.accesses[dice.pick(waiting)], dice)

    def _do(self, access: Access, dice: Dice) -> None:
        """The first thing that an access asks of its person."""
        ward = self.ward
        if not ward.asks(access.id):
            return
        by = next((session.id for session in ward.state.sessions.values() if session.staff == access.staff), "ghost")
        match ward.asks(access.id)[0]:
            case "witness":
                self._sign(access.id, by, dice)
            case "open" if access.phase == "released":
                self.open(dice)
            case "open":
                ward.asks_again(by=by, access=access.id)
            case "count_before":
                ward.counts(ward.line(access.pocket).units + dice.pick((0, 0, 0, 1, -1)), by=by, access=access.id)
            case "confirm":
                ward.states(dice.pick((access.units, access.units, 1, 0, 30)), by=by, access=access.id, lot="L1", expiry="2027-01-31")
            case _:
                self.shut(dice)

    def sign(self, dice: Dice) -> None:
        """A second person signs, or somebody says that nobody is there."""
        waiting = tuple(access.id for access in self.ward.state.active() if "witness" in self.ward.asks(access.id))
        if waiting:
            access = self.ward.state.accesses[dice.pick(waiting)]
            self._sign(access.id, access.session, dice)

    def _sign(self, access: str, session: str, dice: Dice) -> None:
        who = dice.pick((*WHO, "nobody"))
        if who == "nobody":
            self.ward.is_alone(by=session, access=access)
        else:
            self.ward.is_witnessed(who, of=session, access=access)

    def open(self, dice: Dice) -> None:
        """What was released opens; now and then nothing does, or the wrong one is forced."""
        releasing = [name for name, found in self.ward.state.drawers.items() if found.state == "releasing"]
        if dice.pick((True, True, True, False)):
            self.ward.opens(*releasing) if releasing else None
        else:
            for timer in sorted(timer for timer in self.timers if timer.startswith("look:")):
                self.timers.discard(timer)
                self.ward.due(timer)

    def shut(self, dice: Dice) -> None:
        """Everything is pushed shut, lids first; or one drawer over an open lid."""
        locks = tuple(WAY.values())
        for lock in {lock for way in locks for lock in way[::-1]} if dice.pick((True, True, False)) else dice.pick(locks)[:1]:
            self.ward.closes(lock)

    def come(self, dice: Dice) -> None:
        """Somebody comes, by badge and PIN or by id and PIN."""
        self.ward.signs_in(dice.pick(WHO), dice.pick((("badge", "secret"), ("badge", "secret"), ("id", "secret"))))

    def go(self, dice: Dice) -> None:
        """Somebody leaves."""
        self.ward.signs_out(dice.pick(WHO))

    def change(self, dice: Dice) -> None:
        """Somebody is switched off, or on again, wherever their hands are."""
        known = self.ward.core.scene.staff(dice.pick(WHO))
        assert known is not None
        record = replace(known, is_active=dice.pick((True, False)))
        self.ward.happen(events.StaffChangeAsked(self.ward.tick(), SessionId(ENROLS), record))

    def take_over(self, dice: Dice) -> None:
        """Somebody finds another person's access unfinished."""
        active = tuple(access.id for access in self.ward.state.active()) or ("ghost",)
        self.ward.tick(dice.pick((0.1, 120.0)))
        self.ward.happen(events.TakeOverAsked(self.ward.tick(), SessionId(dice.pick(WHO)), AccessId(dice.pick(active))))

    def prove(self, dice: Dice) -> None:
        """Somebody proves anew who they are, or who another is."""
        who, other = dice.pick(WHO), dice.pick(WHO)
        said = StaffId(dice.pick((who, who, other)))
        self.ward.happen(events.ProofGiven(self.ward.tick(), SessionId(who), said, dice.pick((("badge", "secret"), ("badge",)))))

    def look_in(self, dice: Dice) -> None:
        """Somebody looks in from the ward: they come, fail, pick, drop or leave there, and no lock moves by it."""
        who, seat, now = StaffId(dice.pick(WHO)), SessionId(f"w-{dice.pick(WHO)}"), self.ward.tick()
        pick = AccessId(f"ahead-{dice.pick(WHO)}")
        step = self.ward.happen(dice.pick((
            events.WardArrived(now, seat, who, ("id", "secret")), events.WardActive(now, seat), events.WardLeft(now, seat),
            events.StaffNotRecognised(now, who, "ward"),
            events.PickAsked(now, None, who, pick, OrderId(dice.pick(ORDERS) or "ghost")), events.PickDropAsked(now, None, who, pick),
        )))  # fmt: skip
        assert not [command for command in step.commands if isinstance(command, ReleaseLock)]

    def cancel(self, dice: Dice) -> None:
        """Somebody changes their mind."""
        active = tuple(access.id for access in self.ward.state.active())
        if active:
            access = self.ward.state.accesses[dice.pick(active)]
            self.ward.cancels(by=access.session, access=access.id)

    def elsewhere(self, dice: Dice) -> None:
        """Somebody wants another pocket, or saw it open."""
        active = tuple(access.id for access in self.ward.state.active())
        if active:
            access = self.ward.state.accesses[dice.pick(active)]
            dice.pick((self.ward.moves, self.ward.saw_it_open))(by=access.session, access=access.id)

    def settle(self, dice: Dice) -> None:
        """Somebody does something about a debt."""
        debts = tuple(self.ward.state.debts)
        if not debts:
            return
        debt, who = DebtId(dice.pick(debts)), SessionId(dice.pick(WHO))
        other, access = StaffId(dice.pick(WHO)), AccessId(self.ward.state.debts[debt].access)
        now = self.ward.tick()
        self.ward.happen(dice.pick((
            events.DebtHandedOver(now, who, debt, other, ("badge", "secret")),
            events.TakingConfirmed(now, who, debt, dice.pick((True, False))),
            events.DebtCloseAsked(now, who, debt, "said so"),
            events.DebtWitnessed(now, who, debt, other, ("badge", "secret")),
            events.OrderFound(now, access, OrderId("o1"), who),
        )))  # fmt: skip

    def block(self, dice: Dice) -> None:
        """Something is quarantined, or free again."""
        who, pocket = SessionId(dice.pick(("pia", "nina"))), dice.pick(POCKETS)
        now = self.ward.tick()
        if dice.pick((True, False)):
            self.ward.happen(events.QuarantineAsked(now, who, f"q-{pocket}", "pocket", pocket, "why"))
        else:
            self.ward.happen(events.QuarantineLiftAsked(now, who, f"q-{pocket}", "why"))

    def send(self, dice: Dice) -> None:
        """The vault issues a sheet, or somebody closes one."""
        now = self.ward.tick()
        if dice.pick((True, True, False)):
            units = Units(dice.pick((1, 2, 5)))
            self.ward.happen(events.SheetAnnounced(now, None, dice.pick(SHEETS), ItemId("oxycodone"), units, "vera", "paul"))
        else:
            self.ward.happen(events.SheetCloseAsked(now, dice.pick((None, SessionId("pia"), SessionId("tom"))), dice.pick(SHEETS), "why"))

    def ring(self, dice: Dice) -> None:
        """Time passes, and a timer that runs runs out."""
        self.ward.tick(dice.pick((1.0, 61.0, 601.0, 7300.0)))
        running = tuple(sorted(self.timers))
        if running:
            timer = dice.pick(running)
            self.timers.discard(timer)
            self.ward.due(timer)

    def break_down(self, dice: Dice) -> None:
        """A board goes and comes."""
        self.ward.loses(dice.pick(("locks", "lids", "eyes")))
        self.listen()
        if dice.pick((True, True, False)):
            for board in list(self.ward.state.failures):
                self.ward.regains(board)
            self.ward.look_at_all()

    def restart(self, dice: Dice) -> None:
        """The controller is killed and started again: memory is what the journal says."""
        before = replayed(self.ward.world, self.ward.drafts).state
        assert before == self.ward.state, "live state is replayed state"
        self.timers.clear()
        self.ward.restart(is_ready=dice.pick((True, False)))

    def regain(self) -> None:
        """All boards answer."""
        for board in list(self.ward.state.failures):
            self.ward.regains(board)


def play(share: int) -> None:
    """One share of the histories."""

    @settings(
        max_examples=HISTORIES // SHARES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, database=None,
    )  # fmt: skip
    @given(st.lists(st.integers(0, 2**40), min_size=4, max_size=24))
    def histories(numbers: list[int]) -> None:
        Player().play([number ^ share for number in numbers])

    histories()


@pytest.fixture(scope="module")
def playing() -> Iterator[list[Future[None]]]:
    """All shares, on all cores."""
    with ProcessPoolExecutor(min(SHARES, os.cpu_count() or 1), mp_context=get_context("spawn")) as cores:
        yield [cores.submit(play, share) for share in range(SHARES)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
def test_any_history_keeps_what_custody_promises(playing: list[Future[None]], share: int) -> None:
    """Units conserved, one ending per access, two people where two are due or the debt listed, no release without authority, a way home."""
    playing[share].result()


def test_the_audit_would_notice() -> None:
    """A property that cannot fail proves nothing: each promise is broken once by hand."""
    player = Player()
    ward, audit = player.ward, player.audit
    at = ward.now
    request = AccessRequested("withdraw", PocketId("keta"), ItemId("ketamine"), Units(1), "policy", SessionId("nina"), PatientId("pat"))
    audit.hear(Draft(at, request, AccessId("x"), StaffId("nina")))
    audit.released.add("x")
    with pytest.raises(AssertionError, match="policy for ketamine"):
        audit.judge("x")
    audit.hear(Draft(at, AccessMoved("closed", "settled", ""), AccessId("x")))
    with pytest.raises(AssertionError, match="ends once"):
        audit.hear(Draft(at, AccessMoved("closed", "cancelled", ""), AccessId("x")))
    with pytest.raises(AssertionError, match="no release without"):
        audit.hear(Draft(at, ReleaseIntended("i", "locks:0", 300), AccessId("ghost")))  # type: ignore[arg-type]
    audit.hear(Draft(at, UnitsMoved(PocketId("p1"), ItemId("paracetamol"), Units(1), Account.PHARMACY, Account.POCKET), None))
    with pytest.raises(AssertionError, match="balances"):
        audit.close(ward)
