"""A scale that was switched off and on: its zero may be what lay on it, so nothing follows from its weights until it was checked."""

from cabinet.domain import events
from cabinet.domain.facts import PocketWeighed
from cabinet.domain.scale.counting import Doubt
from cabinet.domain.vocabulary import PocketId
from tests.domain.test_weight import FULL, PIECE, faults, go, verdicts
from tests.domain.ward import WAY, Ward, shut

RESTARTED = ("scale", "scale.restarted")


def restarted() -> Ward:
    """A ward whose weighed pocket stood still until its scale said that it was switched on; its new zero is what lies on it."""
    ward = Ward()
    ward.weighs(FULL)
    ward.tick(120)
    ward.signs_in()
    ward.happen(events.WeightRead(ward.tick(), PocketId("oxy"), None, "scale.restarted"))
    ward.tick(120)
    ward.signs_in("noor")
    ward.weighs(0)
    return ward


def test_nobody_is_accused_by_a_lost_zero() -> None:
    """Everything seems to have vanished from a shut pocket: no count is owed for it, and a technician is told."""
    ward = restarted()
    assert RESTARTED in faults(ward)
    assert ward.line("oxy").owes == []


def test_what_a_restarted_scale_says_is_advisory() -> None:
    """A difference may be right; nothing follows from it."""
    ward = restarted()
    go(ward, 2)
    ward.weighs(-3 * PIECE)
    assert verdicts(ward)[-1][0::2] == ("advisory", Doubt.DOUBTED)
    assert ward.line("oxy").owes == []


def test_the_doubt_outlives_the_controller_and_ends_with_a_check() -> None:
    """Whoever restarts the program has not looked at the zero."""
    ward = restarted()
    ward.restart()
    assert RESTARTED in faults(ward)
    ward.signs_in("tom")
    ward.checks("scale", 50_000, 50_000, by="tom")
    assert RESTARTED not in faults(ward)


def test_a_restart_in_the_middle_of_an_access_is_no_count() -> None:
    """The weights before and after it are of two zeros."""
    ward = Ward()
    ward.weighs(FULL)
    go(ward, 2)
    ward.happen(events.WeightRead(ward.tick(), PocketId("oxy"), None, "scale.restarted"))
    assert RESTARTED in faults(ward)
    refusals = [fact.why for fact in ward.facts if isinstance(fact, PocketWeighed) and fact.verdict == "refused"]
    assert refusals == ["scale.restarted"]


def test_the_first_weight_with_the_new_zero_is_no_count_either() -> None:
    """It is read after the access is over, and seems to say that many pieces more were taken."""
    ward = Ward()
    ward.weighs(FULL)
    go(ward, 2)
    ward.happen(events.WeightRead(ward.tick(), PocketId("oxy"), None, "scale.restarted"))
    ward.signs_in("noor")
    ward.weighs(FULL - 12 * PIECE)
    assert "confident" not in {verdict for verdict, _, _ in verdicts(ward)}
    assert ward.line("oxy").owes == []


def test_a_restart_that_is_told_while_the_drawer_is_open_is_not_forgotten() -> None:
    """The scale says so once. That answer comes while a hand is inside, and the weights before and after are of two zeros all the same."""
    ward = Ward()
    ward.weighs(FULL)
    ward.tick(120)
    ward.signs_in()
    ward.wants("withdraw", "oxy", 2)
    ward.opens(*WAY["oxy"])
    ward.happen(events.WeightRead(ward.tick(), PocketId("oxy"), None, "scale.restarted"))
    ward.counts(20)
    ward.states(2)
    shut(ward, "oxy")
    ward.weighs(FULL - 5 * PIECE)
    assert RESTARTED in faults(ward)
    assert "confident" not in {verdict for verdict, _, _ in verdicts(ward)}
    assert ward.line("oxy").owes == []
