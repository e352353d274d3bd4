"""Power: on battery everything opens for the stated time; then what is open is finished, and the key opens the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.domain import events
from cabinet.domain.commands import StartTimer, StopTimer
from cabinet.domain.core import Step
from cabinet.domain.facts import DeviceFailed, FaultCleared, FaultRaised, PowerMoved
from cabinet.domain.surroundings import power
from cabinet.domain.surroundings.memory import PowerState
from cabinet.domain.vocabulary import BoardId, Instant, Power, SessionId
from tests.domain.ward import POLICY, Ward, replayed, world

UPS = BoardId("ups")
MAINS, BATTERY, LOW = Power(True, False, 100, 1800), Power(False, False, 90, 1500), Power(False, True, 8, 90)


class Powered(Ward):
    """A ward with a supply, and twenty minutes on battery by its policy."""

    def __init__(self) -> None:
        super().__init__(world(supply=UPS, policy=replace(POLICY, battery_s=1200)))

    def says(self, told: Power, board: str = "ups") -> Step:
        """The supply is asked and answers."""
        return self.happen(events.PowerRead(self.tick(5.0), BoardId(board), told))

    def turns(self) -> list[tuple[str, str]]:
        """Every change of power so far."""
        return [(fact.source, fact.target) for fact in self.facts if isinstance(fact, PowerMoved)]

    def faults(self) -> set[str]:
        """What stands against the supply."""
        return {fault.code for fault in self.state.faults_at("ups")}

    @property
    def left_s(self) -> int:
        """How long pockets still open."""
        return power.left_s(self.core.scene, self.now)


@pytest.mark.parametrize("source", power.STATES)
@pytest.mark.parametrize("trigger", sorted(power.MACHINE.events))
def test_every_trigger_has_a_row_in_every_state(source: str, trigger: str) -> None:
    """Whatever a supply says or does not say, there is a row for it."""
    sources = [row["source"] for row in power.ROWS if row["trigger"] == trigger]
    assert any(source in known if isinstance(known, list) else source == known for known in sources)


def test_mains_lost_and_back_is_two_facts_and_one_fault() -> None:
    """Said once, whatever the supply repeats."""
    ward = Powered()
    for told in (MAINS, MAINS, BATTERY, BATTERY):
        ward.says(told)
    assert ward.turns() == [("unknown", "mains"), ("mains", "battery")]
    assert ward.faults() == {"power.on_battery"}
    ward.says(MAINS)
    assert ward.turns()[-1] == ("battery", "mains")
    assert ward.faults() == set()
    assert len(ward.facts_of(FaultRaised, FaultCleared)) == 2


def test_on_battery_every_pocket_opens() -> None:
    """Nobody is kept from a medicine by a power cut, controlled or not, new or under way."""
    ward = Powered()
    ward.says(MAINS)
    ward.says(BATTERY)
    ward.signs_in()
    assert ward.releases(ward.wants("withdraw", "oxy", 1)) == ["locks:1"]
    assert ward.releases(ward.wants("withdraw", "p1", 1, access="b")) == ["locks:0"]


def test_the_time_left_is_the_shorter_of_the_policy_and_the_supply() -> None:
    """Supplies lie about the time that is left; the policy does not know the battery."""
    ward = Powered()
    ward.says(MAINS)
    assert ward.left_s == 0
    ward.says(BATTERY)
    assert ward.left_s == 1200
    ward.tick(300)
    assert ward.left_s == 900
    ward.now = Instant(ward.now.utc + timedelta(days=365), ward.now.mono_s)
    assert ward.left_s == 900, "whoever sets the clock takes no minute away"
    ward.says(replace(BATTERY, runtime_s=100))
    assert ward.left_s == 100
    ward.says(replace(BATTERY, runtime_s=None))
    assert 0 < ward.left_s < 900


@pytest.mark.parametrize("how", ["the supply says low", "the stated time is over"])
def test_then_nothing_new_is_released(how: str) -> None:
    """The refusal says how the key works and that its use owes a count."""
    ward = Powered()
    ward.says(MAINS)
    step = ward.says(BATTERY)
    assert StartTimer(power.OVER, 1200) in step.commands
    ward.signs_in()
    ward.says(LOW) if how == "the supply says low" else ward.due(power.OVER)
    assert ward.turns()[-1] == ("battery", "low")
    assert ward.faults() == {"power.low_battery"}
    step = ward.wants("withdraw", "p1", 1)
    assert step.refusal is not None
    assert step.refusal.code == "power.low_battery"
    assert "key" in step.refusal.remedy
    assert "owes a count" in step.refusal.remedy
    assert ward.releases(step) == []
    step = ward.says(MAINS)
    assert StopTimer(power.OVER) in step.commands
    assert ward.wants("withdraw", "p1", 1, access="b").refusal is None


def test_what_is_open_is_finished() -> None:
    """A drawer that opened just before goes on to its lid, its count and its end."""
    ward = Powered()
    ward.says(BATTERY)
    ward.signs_in()
    assert ward.wants("withdraw", "oxy", 1).refusal is None
    ward.says(LOW)
    assert ward.releases(ward.opens("locks:1")) == ["locks:2"]
    ward.opens("locks:2")
    assert ward.counts(20).refusal is None
    assert ward.states(1).refusal is None
    ward.closes("locks:2", "locks:1")
    assert ward.access().phase == "settled"


def test_another_pulse_is_a_new_release() -> None:
    """A drawer that did not open before the battery was low is opened by key."""
    ward = Powered()
    ward.says(BATTERY)
    ward.signs_in()
    ward.wants("withdraw", "p1", 1)
    intent = ward.state.drawers["locks:0"].intent
    ward.tick(3)
    ward.due(f"look:{intent}")
    ward.says(LOW)
    refusal = ward.asks_again().refusal
    assert refusal is not None
    assert refusal.code == "power.low_battery"


def test_a_failed_drawer_is_not_tried_on_the_last_of_the_battery() -> None:
    """A trial is a pulse as well."""
    ward = Powered()
    ward.says(BATTERY)
    ward.signs_in()
    ward.wants("withdraw", "p1", 1)
    for _ in range(3):
        intent = ward.state.drawers["locks:0"].intent
        ward.tick(3)
        ward.due(f"look:{intent}")
        ward.asks_again()
    assert ward.state.is_condemned("locks:0")
    ward.says(LOW)
    refusal = ward.happen(events.TrialAsked(ward.tick(), SessionId("nina"), "locks:0")).refusal
    assert refusal is not None
    assert refusal.code == "power.low_battery"


def test_who_works_by_key_on_an_empty_battery_puts_no_drawer_out_of_use() -> None:
    """The cabinet told them to, and whoever forgot something opens twice within the minute. It works when the mains is back."""
    ward = Powered()
    ward.says(LOW)
    for _ in range(3):
        ward.tick(10)
        ward.opens("locks:0")
        ward.tick(5)
        ward.closes("locks:0")
    assert ward.lock("locks:0") == "latched"
    assert ward.line("p1").owes
    ward.says(MAINS)
    ward.signs_in()
    assert ward.wants("withdraw", "p1").refusal is None


def test_low_stays_low_until_the_mains_is_back() -> None:
    """A battery that recovers a little when nothing is drawn has not been charged."""
    ward = Powered()
    for told in (BATTERY, LOW, BATTERY):
        ward.says(told)
    assert ward.turns()[-1] == ("battery", "low")


def test_a_silent_supply_is_no_power_loss() -> None:
    """On mains it becomes unknown, which is said, and everything opens."""
    ward = Powered()
    ward.says(MAINS)
    ward.loses("ups")
    assert ward.turns()[-1] == ("mains", "unknown")
    assert len(ward.facts_of(DeviceFailed)) == 1
    assert ward.faults() == {"device.no_reply"}
    ward.signs_in()
    assert ward.wants("withdraw", "p1", 1).refusal is None
    ward.regains("ups")
    ward.says(MAINS)
    assert ward.turns()[-1] == ("unknown", "mains")


def test_a_supply_that_falls_silent_on_battery_is_believed_for_a_while() -> None:
    """Its last word stands; after ten minutes it is forgotten, so that a dead cable keeps nobody from a medicine."""
    ward = Powered()
    ward.says(BATTERY)
    ward.says(LOW)
    step = ward.loses("ups")
    assert StartTimer(power.FORGET, power.FORGET_S) in step.commands
    assert ward.state.power.state == "low"
    ward.due(power.FORGET)
    assert ward.turns()[-1] == ("low", "unknown")
    assert ward.faults() == {"device.no_reply"}
    ward.regains("ups")
    assert StopTimer(power.FORGET) in ward.says(LOW).commands
    assert ward.state.power.state == "low"


def test_a_restart_on_battery_asks_again() -> None:
    """The fault stands until the supply says otherwise, and is cleared by its first word from the mains."""
    ward = Powered()
    ward.says(BATTERY)
    ward.restart()
    assert ward.state.power.state == "unknown"
    assert ward.faults() == {"power.on_battery"}
    ward.says(MAINS)
    assert ward.faults() == set()


def test_another_supply_is_not_ours() -> None:
    """Only the one that the site names feeds this cabinet; without one nothing is known and nothing is refused."""
    ward = Powered()
    ward.says(LOW, board="other")
    assert ward.state.power == PowerState()
    plain = Ward()
    plain.happen(events.PowerRead(plain.tick(), UPS, LOW))
    plain.due(power.OVER)
    assert plain.state.power == PowerState()


WORDS = st.lists(st.sampled_from(["mains", "battery", "low", "lost", "over", "forget", "restart"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_nothing_is_refused_on_mains_and_nothing_released_when_low(words: list[str]) -> None:
    """In any order; and life and replay agree."""
    ward = Powered()
    for number, word in enumerate(words):
        match word:
            case "mains" | "battery" | "low":
                ward.says({"mains": MAINS, "battery": BATTERY, "low": LOW}[word])
            case "lost":
                ward.loses("ups")
            case "restart":
                ward.restart()
            case _:
                ward.due(f"power:{word}")
        ward.signs_in()
        step = ward.wants("withdraw", "keta", 1, access=f"a{number}")
        is_low = ward.state.power.state == "low"
        assert (step.refusal is not None and step.refusal.code == "power.low_battery") == is_low
        assert not (is_low and ward.releases(step))
        ward.stays_shut("locks:1")
        ward.cancels(access=f"a{number}")
        assert word != "mains" or ward.state.power.state == "mains"
    assert replayed(ward.world, ward.drafts).state == ward.state
