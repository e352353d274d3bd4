"""Cold chain: which readings are believed, what becomes of a fridge that is out of range, and what is written down of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.domain import events
from cabinet.domain.facts import (
    DrawerLeftOpen,
    ExcursionBegan,
    ExcursionDecided,
    ExcursionEnded,
    FaultCleared,
    FaultRaised,
    FridgeMoved,
    TemperatureGap,
    TemperatureLogged,
)
from cabinet.domain.layout import Climate
from cabinet.domain.people import Role
from cabinet.domain.surroundings import fridge
from cabinet.domain.surroundings.memory import FridgeState
from cabinet.domain.vocabulary import BoardId, Channel, DrawerId, FaultCode, Instant, MilliC, ProbeFault, SessionId
from cabinet.domain.world import World
from tests.domain.ward import ITEMS, MORNING, Ward, granting, layout, pocket, replayed, turn_of, world

PROBE = Channel.parse("fridge-probe:0")
FRIDGE = DrawerId("fridge")
DOOR = "locks:3"
DEAD = ProbeFault(FaultCode("probe.dead"), "its register holds 8000")


def cold_ward(**changes: object) -> World:
    """The ward with a probe in its fridge, 2 to 8 C; half an hour where the door was open, ten minutes otherwise."""
    watched = Climate(PROBE, 2000, 8000, 600, 1800)
    drawers = tuple(replace(one, climate=watched) if one.id == FRIDGE else one for one in layout().drawers)
    return world(layout=replace(layout(), drawers=drawers), **changes)


class Fridge(Ward):
    """A ward whose fridge is read every half minute."""

    def __init__(self, setting: World | None = None) -> None:
        super().__init__(setting or cold_ward())
        self._last_mc: int | None = None

    def shows(self, milli_c: int | ProbeFault, *, for_s: float = 30.0, flat: bool = False) -> list[object]:
        """The probe shows this for so long, a tenth of a degree to and fro unless it is `flat`; returns the facts it led to."""
        before = len(self.drafts)
        if isinstance(milli_c, ProbeFault):
            self._show([milli_c] * max(1, int(for_s / 30)))
        else:
            self._show([] if flat else self._way_to(milli_c))
            self._show([MilliC(milli_c + 100 * (not flat and number % 2)) for number in range(max(1, int(for_s / 30)))])
            self._last_mc = milli_c
        return [draft.fact for draft in self.drafts[before:]]

    def _way_to(self, milli_c: int) -> list[MilliC]:
        """No fridge jumps: two degrees at a time."""
        if self._last_mc is None:
            return []
        step = 2000 if milli_c > self._last_mc else -2000
        return [MilliC(one) for one in range(self._last_mc + step, milli_c, step)]

    def _show(self, readings: Sequence[MilliC | ProbeFault]) -> None:
        for reading in readings:
            self.happen(events.TemperatureRead(self.tick(30.0), PROBE, reading))

    @property
    def kept(self) -> FridgeState:
        """What is remembered of the fridge."""
        return self.state.fridges[FRIDGE]

    def turns(self) -> list[tuple[str, str]]:
        """Every change of state so far."""
        return [(fact.source, fact.target) for fact in self.facts if isinstance(fact, FridgeMoved)]


def excursion(ward: Fridge) -> None:
    """The fridge was out of range for a quarter of an hour, and is back."""
    ward.shows(5000, for_s=120)
    ward.shows(9000, for_s=900)
    ward.shows(5000, for_s=60)


@pytest.mark.parametrize("source", fridge.STATES)
@pytest.mark.parametrize("trigger", sorted(fridge.MACHINE.events))
def test_every_trigger_has_a_row_in_every_state(source: str, trigger: str) -> None:
    """Whatever a reading says of a fridge in whatever state, there is a row for it."""
    ward = Fridge()
    state = FridgeState(FRIDGE, source, out_since="2026-03-02T06:00:00.000000Z")
    fridge.step(state, trigger, turn_of(ward.core, MORNING), "why", 5000)
    assert state.state in fridge.STATES


def test_a_fridge_is_out_of_sight_until_it_was_read() -> None:
    """Unknown is not in range."""
    ward = Fridge()
    assert FRIDGE not in ward.state.fridges
    ward.shows(5000)
    assert ward.turns() == [("unknown", "in_range")]


def test_a_quiet_fridge_costs_few_facts_and_no_extreme() -> None:
    """Readings every half minute for a day: some fifty summaries, one after the other without a gap."""
    ward = Fridge()
    ward.shows(5000, for_s=86_400)
    logs = [fact for fact in ward.facts if isinstance(fact, TemperatureLogged)]
    assert 48 <= len(logs) <= 50
    assert {(log.lowest_mc, log.highest_mc) for log in logs[1:]} == {(5000, 5100)}
    assert sum(log.readings for log in logs) >= 2880 - 60
    assert ward.facts_of(TemperatureGap) == []


def test_a_moving_fridge_is_logged_every_five_minutes() -> None:
    """A degree is news; a peak between two logs is in the second of them."""
    ward = Fridge()
    ward.shows(4000)
    before = len(ward.facts_of(TemperatureLogged))
    ward.shows(4600, for_s=150)
    ward.shows(5900)
    ward.shows(4600, for_s=150)
    (log,) = ward.facts_of(TemperatureLogged)[before:]
    assert isinstance(log, TemperatureLogged)
    assert log.highest_mc >= 5900


def test_out_of_range_is_recorded_at_once_and_alarmed_after_its_time() -> None:
    """The record has the first reading outside; the pharmacy is called when it lasts."""
    ward = Fridge()
    ward.shows(5000, for_s=600)
    facts = ward.shows(9000)
    assert [fact.milli_c for fact in facts if isinstance(fact, FridgeMoved)] == [9000]
    ward.shows(9000, for_s=540)
    assert ward.facts_of(ExcursionBegan) == []
    ward.shows(9300, for_s=90)
    (began,) = ward.facts_of(ExcursionBegan)
    assert isinstance(began, ExcursionBegan)
    assert (began.minutes, began.lowest_mc >= 9000, began.highest_mc >= 9300) == (10, True, True)
    ward.shows(5000, for_s=60)
    (ended,) = ward.facts_of(ExcursionEnded)
    assert isinstance(ended, ExcursionEnded)
    assert ended.minutes == 11
    assert (ended.since, ended.highest_mc) == (began.since, 9400)


def test_a_clock_that_is_set_makes_no_excursion() -> None:
    """Delays run by the clock that nobody sets; records carry the other one."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=120)
    ward.now = Instant(ward.now.utc + timedelta(days=365), ward.now.mono_s)
    ward.shows(9000, for_s=120)
    assert ward.facts_of(ExcursionBegan) == []


def test_too_cold_is_out_of_range_too() -> None:
    """A frozen vaccine looks like a good one."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(1500, for_s=660)
    (began,) = ward.facts_of(ExcursionBegan)
    assert isinstance(began, ExcursionBegan)
    assert began.lowest_mc == 1500


def test_an_open_door_delays_the_alarm_and_never_the_record() -> None:
    """A nurse who fills a fridge makes it warm; it is written down, and alarmed only when it lasts."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.signs_in()
    assert ward.wants("withdraw", "insulin", 1).refusal is None
    ward.opens(DOOR)
    ward.shows(9000, for_s=120)
    ward.states(1)
    ward.closes(DOOR)
    ward.shows(9000, for_s=1500)
    assert ("in_range", "out") in ward.turns()
    assert len(ward.facts_of(TemperatureLogged)) >= 3
    assert ward.facts_of(ExcursionBegan) == []
    ward.shows(9000, for_s=300)
    (began,) = ward.facts_of(ExcursionBegan)
    assert isinstance(began, ExcursionBegan)
    assert began.minutes == 30


def test_a_short_time_out_of_range_is_no_excursion() -> None:
    """It is in the record, and nobody has to decide anything."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=300)
    ward.shows(5000, for_s=60)
    assert ward.turns()[-2:] == [("in_range", "out"), ("out", "in_range")]
    assert ward.kept.excursions == []


def test_a_temperature_at_the_limit_does_not_flicker() -> None:
    """Back in range is a little inside it, so that the time out of range is rather too long than too short."""
    ward = Fridge()
    ward.shows(7500, for_s=60)
    for milli_c in (8100, 7900, 8100, 7900, 8100):
        ward.shows(milli_c, flat=True)
    assert ward.turns()[-1] == ("in_range", "out")
    ward.shows(7800, flat=True)
    assert ward.turns()[-1] == ("out", "in_range")


# --- a probe that is not believed


def test_a_dead_probe_is_a_fault_and_not_in_range() -> None:
    """One fault for each loss; the fridge is out of sight; the gap is told with its minutes once readings begin again."""
    ward = Fridge()
    ward.shows(5000, for_s=300)
    ward.shows(DEAD, for_s=600)
    assert [fact.code for fact in ward.facts if isinstance(fact, FaultRaised)] == ["probe.dead"]
    assert ward.kept.state == "unknown"
    ward.shows(5000, for_s=60)
    assert [fact.code for fact in ward.facts if isinstance(fact, FaultCleared)] == ["probe.dead"]
    (gap,) = ward.facts_of(TemperatureGap)
    assert isinstance(gap, TemperatureGap)
    assert gap.minutes == 10
    assert ward.kept.state == "in_range"


def test_a_constant_probe_is_stuck() -> None:
    """A fridge swings: four hours of exactly the same are no measurement."""
    ward = Fridge()
    ward.shows(5000, for_s=4 * 3600 - 60, flat=True)
    assert ward.facts_of(FaultRaised) == []
    ward.shows(5000, for_s=120, flat=True)
    assert [fact.code for fact in ward.facts if isinstance(fact, FaultRaised)] == ["probe.stuck"]
    assert ward.kept.state == "unknown"
    ward.shows(5100, flat=True)
    assert ward.kept.state == "in_range"


def test_a_jump_is_no_temperature() -> None:
    """Six degrees in half a minute is a loose contact, neither an excursion nor a cure of one."""
    ward = Fridge()
    ward.shows(5000, for_s=120)
    ward.shows(11_000, flat=True)
    assert [fact.code for fact in ward.facts if isinstance(fact, FaultRaised)] == ["probe.jumped"]
    assert ("in_range", "unknown") in ward.turns()
    assert max(fact.highest_mc for fact in ward.facts if isinstance(fact, TemperatureLogged)) < 11_000
    ward.shows(5000, flat=True)
    assert ward.kept.state == "unknown"
    ward.shows(5000, for_s=150)
    assert ward.kept.state == "in_range"


def test_a_silent_thermometer_leaves_its_fridges_out_of_sight() -> None:
    """The board is lost, and what it told is not believed any longer."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.loses("fridge-probe")
    assert ward.kept.state == "unknown"
    ward.tick(900)
    ward.regains("fridge-probe")
    ward.shows(5000)
    assert ward.kept.state == "in_range"
    assert len(ward.facts_of(TemperatureGap)) == 1


def test_a_probe_that_dies_in_an_excursion_does_not_end_it() -> None:
    """Out of sight is not back in range: the excursion runs on, and its minutes with it."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=660)
    ward.shows(DEAD, for_s=1200)
    assert ward.kept.lasting is not None
    ward.shows(9000)
    assert ward.turns()[-1] == ("unknown", "excursion")
    ward.shows(DEAD)
    ward.shows(5000)
    (ended,) = ward.facts_of(ExcursionEnded)
    assert isinstance(ended, ExcursionEnded)
    assert ended.minutes >= 31


def test_a_restart_forgets_no_excursion_and_tells_its_own_gap() -> None:
    """What the controller did not see is not in range, and what it ended in good order is written down."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=660)
    ward.stops()
    newest = ward.facts_of(TemperatureLogged)[-1]
    assert isinstance(newest, TemperatureLogged)
    assert newest.why == "the controller stops"
    ward.tick(1800)
    ward.restart()
    assert ward.kept.state == "unknown"
    ward.shows(9000)
    assert ward.turns()[-1] == ("unknown", "excursion")
    (gap,) = ward.facts_of(TemperatureGap)
    assert isinstance(gap, TemperatureGap)
    assert gap.minutes == 30


def test_a_probe_that_the_site_does_not_name_is_nobodys() -> None:
    """The other seven channels of a board hang in the air."""
    ward = Fridge()
    ward.happen(events.TemperatureRead(ward.tick(), Channel(BoardId("fridge-probe"), 5), DEAD))
    assert ward.state.fridges == {}
    assert ward.facts_of(FaultRaised) == []


# --- the door


def test_a_fridge_that_stands_open_is_ajar() -> None:
    """Its own fault, by the lock that people know, until it is shut."""
    ward = Fridge()
    ward.opens(DOOR)
    ward.tick(60)
    ward.due(f"call:{DOOR}")
    assert "fridge.ajar" in {fault.code for fault in ward.state.faults_at(DOOR)}
    assert ward.facts_of(DrawerLeftOpen) == []
    ward.closes(DOOR)
    assert "fridge.ajar" not in {fault.code for fault in ward.state.faults_at(DOOR)}


# --- what is in it


def test_what_was_out_of_range_waits_for_a_pharmacist() -> None:
    """The minutes are said; nothing else in the cabinet is held back."""
    ward = Fridge()
    excursion(ward)
    ward.signs_in()
    refusal = ward.wants("withdraw", "insulin", 1).refusal
    assert refusal is not None
    assert (refusal.code, refusal.detail) == ("fridge.undecided", "15 minutes out of range")
    assert ward.wants("withdraw", "p1", 1, access="b").refusal is None


def test_a_critical_item_waits_for_nobody() -> None:
    """Better a warm insulin than none."""
    formulary = {item.id: replace(item, is_critical=item.id == "insulin") for item in ITEMS}
    ward = Fridge(cold_ward(formulary=formulary))
    excursion(ward)
    ward.signs_in()
    assert ward.wants("withdraw", "insulin", 1).refusal is None


def test_an_emergency_waits_for_no_pharmacist_and_takes_nothing_that_is_to_be_discarded() -> None:
    """Ward, "Fridge": an excursion does not block emergency items; the word of a pharmacist does."""
    ward = Fridge(cold_ward(policy=granting(emergency={Role.NURSE}, decide={Role.PHARMACIST})))
    excursion(ward)
    ward.signs_in()
    refusal = ward.wants("withdraw", "insulin", 1).refusal
    assert refusal is not None
    assert refusal.code == "fridge.undecided"
    assert ward.releases(ward.wants("emergency", "insulin", 1, access="e", authority="emergency")) == ["locks:3"]
    ward.opens("locks:3")
    ward.states(1, access="e")
    ward.closes("locks:3")
    assert decides(ward, "pia", is_usable=False) is None
    refusal = ward.wants("emergency", "insulin", 1, access="f", authority="emergency").refusal
    assert refusal is not None
    assert refusal.code == "fridge.discarded"


def test_a_withdrawal_goes_to_the_same_item_elsewhere() -> None:
    """What is not held back is taken first, without another search."""
    drawers = [
        replace(one, pockets=(*one.pockets, pocket("spare", "matrix", "insulin"))) if one.id == "matrix" else one
        for one in layout().drawers
    ]
    watched = Climate(PROBE, 2000, 8000, 600, 1800)
    ward = Fridge(world(layout=layout(*(replace(one, climate=watched) if one.id == FRIDGE else one for one in drawers))))
    excursion(ward)
    ward.signs_in()
    assert ward.releases(ward.wants("withdraw", "insulin", 1)) == ["locks:0"]
    assert ward.state.accesses["a"].pocket == "spare"


def test_counting_and_refilling_go_on() -> None:
    """Whoever brings fresh stock or counts what is there is not kept from it."""
    ward = Fridge()
    excursion(ward)
    ward.signs_in("tom")
    assert ward.wants("count", "insulin", 0, by="tom").refusal is None


def decides(ward: Fridge, by: str, *, is_usable: bool) -> str | None:
    """Somebody decides about the fridge; returns the code of the refusal."""
    ward.signs_in(by)
    refusal = ward.happen(events.ContentsDecided(ward.tick(), SessionId(by), FRIDGE, is_usable, "15 min at 9 C: stable")).refusal
    return None if refusal is None else refusal.code


def test_a_pharmacist_decides() -> None:
    """Usable is forgotten, discarded stands; nobody else decides, and not before it is over."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=660)
    assert decides(ward, "pia", is_usable=True) == "fridge.still_out"
    ward.shows(5000, for_s=60)
    assert decides(ward, "nina", is_usable=True) == "policy.role"
    assert decides(ward, "pia", is_usable=False) is None
    refusal = ward.wants("withdraw", "insulin", 1).refusal
    assert refusal is not None
    assert refusal.code == "fridge.discarded"
    assert decides(ward, "pia", is_usable=True) is None
    assert ward.wants("withdraw", "insulin", 1, access="b").refusal is None
    assert decides(ward, "pia", is_usable=True) == "fridge.nothing_to_decide"
    assert [fact.verdict for fact in ward.facts if isinstance(fact, ExcursionDecided)] == ["discard", "usable"]
    assert ward.happen(events.ContentsDecided(ward.tick(), SessionId("ghost"), FRIDGE, True, "")).refusal is not None


def test_a_pharmacist_decides_where_no_probe_shows_an_end() -> None:
    """A probe that dies in an excursion must not lock the insulin away for good; still too warm when it is seen again begins anew."""
    ward = Fridge()
    ward.shows(5000, for_s=60)
    ward.shows(9000, for_s=660)
    ward.shows(DEAD)
    assert decides(ward, "pia", is_usable=True) is None
    ward.signs_in()
    assert ward.wants("withdraw", "insulin", 1).refusal is None
    ward.shows(9000)
    assert len(ward.facts_of(ExcursionBegan)) == 2
    refusal = ward.wants("withdraw", "insulin", 1, access="b").refusal
    assert refusal is not None
    assert refusal.code == "fridge.undecided"
    assert replayed(ward.world, ward.drafts).state == ward.state


# --- whatever comes

HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("shows"), st.integers(-10, 20).map(lambda degrees: degrees * 1000)),
        st.tuples(st.just("dead"), st.just(0)),
        st.tuples(st.just("lost"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 7200)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("door"), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(HAPPENINGS)
def test_a_fridge_is_in_range_only_on_the_word_of_a_good_reading(happenings: list[tuple[str, int]]) -> None:
    """In any order: never in range by a fault or by silence; excursions begin and end by turns; life and replay agree."""
    ward = Fridge()
    for what, value in happenings:
        match what:
            case "shows":
                ward.shows(value)
                if FRIDGE in ward.state.fridges and not 2000 <= value <= 8000:
                    assert ward.kept.state != "in_range"
            case "dead" | "lost":
                ward.shows(DEAD) if what == "dead" else ward.loses("fridge-probe")
                assert FRIDGE not in ward.state.fridges or ward.kept.state == "unknown"
            case "wait":
                ward.tick(value)
            case "restart":
                ward.restart()
            case "door":
                (ward.closes if ward.lock(DOOR) == "open" else ward.opens)(DOOR)
    turns = [type(fact) for fact in ward.facts_of(ExcursionBegan, ExcursionEnded)]
    assert turns == [ExcursionBegan, ExcursionEnded] * (len(turns) // 2) + [ExcursionBegan] * (len(turns) % 2)
    assert replayed(ward.world, ward.drafts).state == ward.state
