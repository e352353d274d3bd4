"""The controller is killed in every phase of a withdrawal, again and again, and started on what it left behind.

Why it matters: power fails while a nurse stands at the open drawer. Whatever the screen had called recorded must be so, nothing
may open by itself, and the pocket that was within reach must be counted by whoever comes next, who is not to blame.
ADC_DRILL_KILLS sets how often each phase is cut (ten times, where it matters that a rare moment is hit).
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle

import pytest

from cabinet.adapters.journal_reader import read_journal
from tests.drills.bedside import SITE, Bedside, FactRow, Person

KILLS = int(os.environ.get("ADC_DRILL_KILLS", "2"))
POCKETS = cycle(["n1-01", "n1-02", "n1-03", "n1-04", "n1-05", "n1-06"])
"""Controlled items, each behind a drawer and a lid."""

PULSE_OVER_S = 0.5
"""An order that was on the wire when the controller died has opened what it opens by then (300 ms of current, 120 ms of spring)."""

pytestmark = [
    pytest.mark.drill,
    pytest.mark.timeout(60 + 15 * KILLS),
    pytest.mark.leaves_open("the controller that runs after a test is another process than the one before it"),
]


@dataclass(frozen=True)
class Cut:
    """One killed withdrawal."""

    person: Person
    access: str
    pocket: str
    killed_s: float


Walk = Callable[[Bedside, Person, str, Callable[[], None], int], str]
"""Walks a withdrawal from a pocket to one moment and kills there; the number spreads the kills over the moment. Returns the access."""


def just_asked(bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], spread: int) -> str:
    """The intent is durable and the pulse on its way, or not yet, or already there."""
    drawer = next(drawer for drawer in bedside.loaded.site.drawers if drawer.id == "n1")

    def later() -> None:
        time.sleep(0.006 * spread)
        kill()

    return person.ask_and_watch(pocket, drawer.lock, later)


def lid_releasing(bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], spread: int) -> str:
    """The drawer is open, the lid's intent durable."""
    lid = next(one.lock for drawer in bedside.loaded.site.drawers for one in drawer.pockets if one.id == pocket)
    assert lid is not None

    def later() -> None:
        time.sleep(0.006 * spread)
        kill()

    return person.ask_and_watch(pocket, lid, later)


def before_the_count(_bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """Everything is open, and the screen asks for a count."""
    access = _opened(person, pocket)
    kill()
    return access


def after_the_count(_bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """The count is in; nothing was taken yet."""
    access = _opened(person, pocket)
    person.count(access, pocket)
    kill()
    return access


def pieces_taken(_bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """A piece is in the nurse's hand, and the screen was not told."""
    access = _opened(person, pocket)
    person.count(access, pocket)
    person.take(pocket)
    kill()
    return access


def quantity_said(_bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """The screen was told; the drawer still stands open."""
    access = _opened(person, pocket)
    person.count(access, pocket)
    person.take(pocket)
    person.confirm(access)
    kill()
    return access


def closed_and_unsaid(bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """The drawer is shut with a piece gone, and the screen was not told."""
    access = _opened(person, pocket)
    person.count(access, pocket)
    person.take(pocket)
    bedside.shut(pocket)
    person.until(access, lambda view: view["phase"] == "closed")
    kill()
    return access


def settled(bedside: Bedside, person: Person, pocket: str, kill: Callable[[], None], _spread: int) -> str:
    """It is over."""
    access = _opened(person, pocket)
    person.count(access, pocket)
    person.take(pocket)
    person.confirm(access)
    bedside.shut(pocket)
    assert person.until(access, lambda view: view["phase"] in {"settled", "disputed"})["phase"] == "settled"
    kill()
    return access


def _opened(person: Person, pocket: str) -> str:
    access = person.ask("withdraw", pocket)
    person.until(access, lambda view: view["phase"] == "open" and "count_before" in view["asks"])
    return access


@pytest.mark.parametrize(
    "walk",
    [just_asked, lid_releasing, before_the_count, after_the_count, pieces_taken, quantity_said, closed_and_unsaid, settled],
    ids=lambda walk: walk.__name__,
)
def test_a_kill_loses_nothing_opens_nothing_and_leaves_a_pocket_that_owes_a_count(bedside: Bedside, walk: Walk) -> None:
    """I2, I4, I7, I8, I9, I10, I15 under F4, in this phase."""
    for spread in range(KILLS):
        cut = _kill_in(bedside, walk, next(POCKETS), spread)
        left = bedside.facts()
        _assert_told_is_durable(cut.person, left)
        bedside.company.start_cabinet()
        time.sleep(max(0.0, cut.killed_s + PULSE_OVER_S - time.monotonic()))
        standing_open = bedside.standing_open()
        bedside.company.wait_for_cabinet()
        _assert_nothing_moved_by_itself(bedside, cut, standing_open)
        _assert_history_is_kept(bedside, cut, left, is_over=walk is settled)
        _assert_pulses_had_intents(bedside)
        _count_and_compare(bedside, cut, owes=walk is not settled)
    again = bedside.sign_in(cut.person.who)
    assert again.get(f"/accesses/{cut.access}")["phase"] == ("settled" if walk is settled else "incomplete")
    again.sign_out()
    words = [sys.executable, "-m", "cabinet.cli", "journal", "verify", "--site", str(SITE), "--state", str(bedside.company.state)]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


def _kill_in(bedside: Bedside, walk: Walk, pocket: str, spread: int) -> Cut:
    person, killed_s = bedside.sign_in(), []

    def kill() -> None:
        bedside.company.kill("run")
        killed_s.append(time.monotonic())

    access = walk(bedside, person, pocket, kill, spread)
    return Cut(person, access, pocket, killed_s[0])


def _assert_told_is_durable(person: Person, facts: list[FactRow]) -> None:
    """Whatever the kiosk had answered as recorded stands in the file that the dead process left."""
    written = Counter((fact.type, fact.access) for fact in facts)
    assert Counter(person.told) <= written
    assert any(fact.type == "session_opened" and fact.staff == person.who.id for fact in facts)


def _assert_nothing_moved_by_itself(bedside: Bedside, cut: Cut, standing_open: set[str]) -> None:
    """A restart sends no pulse, opens nothing and leaves no coil on, not even a guide light's."""
    assert bedside.plant()["energised"] == []
    assert bedside.standing_open() == standing_open
    late = [pulse for pulse in bedside.pulses.values() if pulse["start_s"] > cut.killed_s + PULSE_OVER_S / 2]
    assert late == []


def _assert_history_is_kept(bedside: Bedside, cut: Cut, left: list[FactRow], *, is_over: bool) -> None:
    """What was written stays as it was; each release has one outcome; the cut access says what it is."""
    facts = bedside.facts()
    assert facts[: len(left)] == left
    with closing(read_journal(bedside.company.state / "journal.db")) as journal:
        assert journal.verify()[0] >= len(facts)  # a photo-eye may have spoken meanwhile
    intents = [fact.body["intent"] for fact in facts if fact.type == "release_intended"]
    outcomes = {fact.body["intent"]: fact for fact in facts if fact.type == "release_settled"}
    assert len(intents) == len(set(intents)) == len(outcomes) == sum(fact.type == "release_settled" for fact in facts)
    was_settled = {fact.body["intent"] for fact in left if fact.type == "release_settled"}
    assert {outcomes[intent].body["outcome"] for intent in intents if intent not in was_settled} <= {"unknown"}
    moves = [fact.body["target"] for fact in facts if fact.type == "access_moved" and fact.access == cut.access]
    assert moves[-1] == ("settled" if is_over else "incomplete")


def _assert_pulses_had_intents(bedside: Bedside) -> None:
    """Every pulse that a lock felt goes back to an intent of its own that was written before it, and no intent has two."""
    bedside.plant()
    apart_s = time.time() - time.monotonic()
    spent = set()
    intents = [(fact, datetime.fromisoformat(fact.at).timestamp()) for fact in bedside.facts(of_type="release_intended")]
    for channel, start_s in bedside.pulses:
        earlier = [fact for fact, at_s in intents if fact.body["lock"] == channel and at_s <= start_s + apart_s]
        assert earlier, f"{channel} was pulsed without an intent"
        assert earlier[-1].seq not in spent, f"{channel} was pulsed twice for one intent"
        spent.add(earlier[-1].seq)


def _count_and_compare(bedside: Bedside, cut: Cut, *, owes: bool) -> None:
    """The next person shuts what stands open and counts what lies there; then everybody agrees."""
    person = bedside.sign_in()
    debts = {debt["pocket"] for debt in person.get("/debts")}
    assert debts == ({cut.pocket} if owes else set())
    bedside.shut(cut.pocket)
    bedside.wait_until_seen_shut()
    assert person.count_pocket(cut.pocket) in {"settled", "disputed"}
    person.sign_out()
    assert bedside.standing_open() == set()
    bedside.agree()
    assert {fact.body["pocket"] for fact in bedside.facts(of_type="discrepancy_found")} <= set(bedside.balances())
