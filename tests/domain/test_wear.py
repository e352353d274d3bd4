"""Locks that become slower are told before they fail, and a person who dawdles is no wear."""

from datetime import UTC, datetime, timedelta

import pytest

from cabinet.domain.facts import FaultCleared, FaultRaised, Outcome
from cabinet.domain.lock import wear
from cabinet.domain.lock.memory import Wear
from tests.domain.ward import Ward

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def worked(*times_ms: int | None) -> wear.Trend:
    """A lock that took these times to open; None: it missed."""
    state = Wear()
    for took_ms in times_ms:
        wear.intended(state, NOON)
        outcome = Outcome.NOT_OPENED if took_ms is None else Outcome.OPENED
        wear.settled(state, outcome, NOON + timedelta(milliseconds=took_ms or 3000))
    return wear.trend(state)


def test_a_new_lock_is_its_own_measure() -> None:
    """Before there are enough openings nothing is predicted."""
    assert worked(*[200] * 49) == wear.Trend(49, None, 200, 200, 0, "")


@pytest.mark.parametrize(
    ("early", "recent", "is_worn"),
    [(200, 200, False), (200, 300, False), (200, 301, True), (60, 95, False), (60, 101, True), (200, 190, False)],
)
def test_half_as_slow_again_and_by_forty_milliseconds(early: int, recent: int, is_worn: bool) -> None:
    """A third of nothing is nothing: both must hold."""
    assert bool(worked(*[early] * 50, *[recent] * 20).why) is is_worn


def test_who_pulls_late_wears_no_lock() -> None:
    """The quickest quarter counts: three of four openings may take as long as people like."""
    assert not worked(*[200] * 50, *[200, 2500, 2900, 1800] * 5).why


def test_more_than_one_miss_in_twenty() -> None:
    """Retries are the other sign."""
    assert not worked(*[200] * 60, None, *[200] * 19, None, *[200] * 19).why
    trend = worked(*[200] * 60, None, *[200] * 19, None, None, *[200] * 18)
    assert (trend.misses_percent, trend.why) == (7, "3 of its last 40 pulses missed")


def test_what_nobody_saw_or_no_clock_measured_says_nothing() -> None:
    """A clock that was set back, or an hour on, is no opening time."""
    state = Wear()
    for later_s in (-3600, 3600):
        wear.intended(state, NOON)
        wear.settled(state, Outcome.OPENED, NOON + timedelta(seconds=later_s))
    wear.intended(state, NOON)
    wear.settled(state, Outcome.UNKNOWN, NOON)
    assert (state.cycles, state.recent_ms, state.misses) == (2, [], [0, 0])


@pytest.mark.parametrize(("moved", "misses"), [(False, []), (True, [1])])
def test_a_pulse_that_was_never_given_is_no_miss(moved: bool, misses: list[int]) -> None:
    """A board that was ordered nothing says nothing about the lock; one whose answer was lost may have pulsed it in vain."""
    ward = Ward()
    ward.signs_in("tom")
    ward.wants("count", "p1", by="tom", access="a")
    ward.pulse_fails("a-1", moved=moved)
    if moved:
        ward.due("look:a-1")
    worn = ward.state.wear["locks:0"]
    assert (worn.misses, worn.cycles) == (misses, 0)
    ward.restart()
    assert ward.state.wear["locks:0"].misses == misses


def test_a_worn_lock_is_told_once_and_blocks_nobody() -> None:
    """It stands on the technician's list until they have seen to it; then it is measured anew."""
    ward = Ward()
    ward.signs_in("tom")
    for number in range(80):
        ward.wants("count", "p1", by="tom", access=f"a{number}")
        ward.tick(0.1 if number < 50 else 0.4)
        ward.opens("locks:0")
        ward.counts(20, by="tom", access=f"a{number}")
        ward.closes("locks:0")
    worn = [fact for fact in ward.facts_of(FaultRaised) if isinstance(fact, FaultRaised)]
    assert [(fact.code, fact.is_failing, fact.detail) for fact in worn] == [("lock.worn", False, "opens in 500 ms, at first in 200 ms")]
    assert ward.state.wear["locks:0"].cycles == 80
    ward.restart()
    assert "lock.worn@locks:0" in ward.state.faults
    ward.signs_in("tom")
    assert ward.recovers("lock.worn@locks:0", by="tom").refusal is None
    assert ward.facts_of(FaultCleared) == [FaultCleared("locks:0", "lock.worn", "the lock was changed or adjusted")]
    assert "locks:0" not in ward.state.wear
