"""Scales: evidence beside a person's count, which changes no balance, shows nothing before a blind count and accuses nobody."""

from dataclasses import replace

import pytest

from cabinet.domain.commands import ReleaseLock, StartTimer, WeighPocket
from cabinet.domain.core import World
from cabinet.domain.facts import DiscrepancyFound, FaultRaised, MassTaught, PocketWeighed, UnitsMoved
from cabinet.domain.layout import Weighed
from cabinet.domain.scale import weighing, weight
from cabinet.domain.scale.counting import Doubt
from cabinet.domain.vocabulary import BoardId
from tests.domain.ward import POLICY, TABLET, TRAY_MG, WAY, Ward, layout, opened, shut, world

PIECE = round(TABLET.unit_mass_mg)
FULL = TRAY_MG + 20 * PIECE


def visited(
    before: int | None, after: int | None, *, said: int = 2, kind: str = "withdraw", lot: str | None = None, ward: Ward | None = None
) -> Ward:  # fmt: skip
    """A whole access to the weighed pocket with what its scale read at rest before and after."""
    by = "tom" if kind != "withdraw" else "nina"
    ward = ward or Ward()
    ward.weighs(before)
    go(ward, said, kind=kind, lot=lot, by=by)
    ward.weighs(after)
    return ward


def go(
    ward: Ward, said: int, *, kind: str = "withdraw", lot: str | None = None, by: str = "nina", name: str = "a", at: str = "oxy"
) -> None:
    """Ask, open, count what is there, say how many, shut."""
    ward.signs_in(by)
    assert ward.wants(kind, at, max(said, 1), by=by, access=name).refusal is None
    ward.opens(*WAY[at])
    if "count_before" in ward.asks(name):
        ward.counts(ward.line(at).units, by=by, access=name)
    if "confirm" in ward.asks(name):
        ward.states(said, by=by, access=name, lot=lot)
    shut(ward, at)
    assert ward.access(name).phase == "settled"


def verdicts(ward: Ward) -> list[tuple[str, int | None, str]]:
    """What was made of the weights after accesses, the newest last."""
    return [(fact.verdict, fact.units, fact.why) for fact in ward.facts if isinstance(fact, PocketWeighed) and fact.moment == "after"]


def faults(ward: Ward) -> set[tuple[str, str]]:
    """Where something is wrong, and what."""
    return {(fault.place, fault.code) for fault in ward.state.faults.values() if not fault.is_of_device}


def scaled(*names: str) -> World:
    """The ward with these lidded pockets, and the matrix pockets p1 and p2, each on a scale of its own with pieces of 0.3 g."""
    plain = layout()
    furniture = []
    for one in plain.drawers:
        pockets = tuple(
            replace(each, weighed=Weighed(BoardId(f"scale-{each.id}"), TABLET, TRAY_MG)) if each.id in names else each
            for each in one.pockets
        )  # fmt: skip
        furniture.append(replace(one, pockets=pockets))
    return world(layout=layout(*furniture))


class TestWhenItIsRead:
    """Only at rest: no unlock waits for a scale, and no pulse shakes the weight that it is compared with."""

    def test_a_start_weighs_what_stands_still(self) -> None:
        """So that whoever comes first finds a weight from before."""
        assert {command.pocket for command in Ward().commands if isinstance(command, WeighPocket)} == {"oxy"}

    def test_a_person_who_comes_finds_a_fresh_weight(self) -> None:
        """An old one is read again at the sign-in, while the person still chooses."""
        ward = Ward()
        ward.weighs(FULL)
        assert not [command for command in ward.signs_in().commands if isinstance(command, WeighPocket)]
        ward.tick(120)
        assert [command for command in ward.signs_in("noor").commands if isinstance(command, WeighPocket)]

    def test_a_sick_scale_is_left_alone_while_somebody_comes(self) -> None:
        """On a line that it shares with the locks, its time-outs would stand before the first unlock. After closings it is tried."""
        ward = Ward()
        ward.weighs(None)
        assert not [command for command in ward.signs_in().commands if isinstance(command, WeighPocket)]
        ward.tick(301)
        assert [command for command in ward.signs_in("noor").commands if isinstance(command, WeighPocket)]

    def test_the_release_waits_for_no_scale(self) -> None:
        """The touch that asks for the pocket leads to the pulse, whatever the scale does; and to no weighing of a frame that shakes."""
        ward = Ward()
        ward.signs_in()
        step = ward.wants("withdraw", "oxy")
        assert [command for command in step.commands if isinstance(command, ReleaseLock)]
        assert not [command for command in step.commands if isinstance(command, WeighPocket)]

    def test_what_is_read_while_a_drawer_moves_is_dropped_and_read_again(self) -> None:
        """Asked for at the sign-in, answered after the pulse: that is no weight from before."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.weighs(FULL + 777, after_s=0.05)
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        ward.states(2)
        step = shut(ward, "oxy")
        assert [command.is_after for command in step.commands if isinstance(command, WeighPocket)] == [True]
        again = ward.weighs(FULL - 2 * PIECE, after_s=0.1)
        assert [command.timer for command in again.commands if isinstance(command, StartTimer)] == [weighing.TIMER]
        again = ward.due(weighing.TIMER)
        assert [command.pocket for command in again.commands if isinstance(command, WeighPocket)] == ["oxy"]
        ward.weighs(FULL - 2 * PIECE)
        assert verdicts(ward) == [("refused", None, Doubt.NO_BEFORE)]

    def test_who_opens_again_at_once_has_no_weight_from_before(self) -> None:
        """What was weighed before the first of two visits is no weight from before the second; the first has none from after."""
        ward = Ward()
        ward.weighs(FULL)
        go(ward, 2)
        go(ward, 1, name="b")
        ward.weighs(FULL - 3 * PIECE)
        assert verdicts(ward) == [("refused", None, Doubt.REOPENED), ("refused", None, Doubt.NO_BEFORE)]

    def test_a_pocket_without_a_scale_is_not_weighed(self) -> None:
        """Every workflow works without one."""
        assert "keta" not in {command.pocket for command in opened("withdraw", "keta").commands if isinstance(command, WeighPocket)}


class TestAgainstAPersonsWord:
    """The mass that left or came, in the units of the item."""

    def test_agreement_is_recorded_and_asks_nothing(self) -> None:
        """Two taken, two gone."""
        ward = visited(FULL, FULL - 2 * PIECE)
        assert verdicts(ward) == [("confident", 2, "")]
        assert ward.line("oxy").owes == []

    @pytest.mark.parametrize(("gone", "said"), [(3, 2), (1, 2), (2, 0)])
    def test_a_confident_difference_owes_a_count_and_leaves_the_balance(self, gone: int, said: int) -> None:
        """A scale is no witness: it sends somebody to count."""
        ward = visited(FULL, FULL - gone * PIECE, said=said)
        assert ward.line("oxy").owes == [weight.DIFFERS]
        assert ward.line("oxy").units == 20 - said
        assert not ward.facts_of(DiscrepancyFound)

    def test_units_that_went_the_wrong_way_are_seen(self) -> None:
        """Two stated as taken while two were put in is not agreement."""
        assert visited(FULL, FULL + 2 * PIECE).line("oxy").owes == [weight.DIFFERS]

    def test_a_cancelled_access_should_weigh_the_same(self) -> None:
        """Nothing was stated, so nothing may be gone."""
        ward = Ward()
        ward.weighs(FULL)
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.cancels()
        ward.counts(20)
        shut(ward, "oxy")
        ward.weighs(FULL - PIECE)
        assert ward.line("oxy").owes == [weight.DIFFERS]

    @pytest.mark.parametrize(("before", "after"), [(None, FULL), (FULL, None), (None, None)])
    def test_a_silent_scale_refuses_and_stops_nobody(self, before: int | None, after: int | None) -> None:
        """No weight, no opinion; a technician hears of it, once."""
        ward = visited(before, after)
        assert [verdict for verdict, *_ in verdicts(ward)] == ["refused"]
        assert ward.line("oxy").owes == []
        assert len(ward.facts_of(FaultRaised)) == 1

    def test_more_than_the_scale_can_count_asks_nothing(self) -> None:
        """The count of the person stands alone."""
        ward = visited(FULL + 60 * PIECE, FULL)
        assert verdicts(ward) == [("refused", None, Doubt.TOO_MANY)]
        assert ward.line("oxy").owes == []

    def test_nothing_of_a_weight_is_told_before_a_blind_count(self) -> None:
        """The weight from before carries no number of units, and no sentence of a debt or doubt holds a digit."""
        ward = visited(FULL, FULL - 3 * PIECE)
        before = [fact for fact in ward.facts if isinstance(fact, PocketWeighed) and fact.moment == "before"]
        assert [fact.units for fact in before] == [None]
        assert not any(sign.isdigit() for why in [*ward.line("oxy").owes, *Doubt] for sign in why)

    def test_no_weight_ever_moves_units(self) -> None:
        """Whatever the scale reads, the journal's units move by people's words alone."""
        for after in (FULL, FULL - PIECE, FULL - 7 * PIECE, FULL + 12_345, 0):
            ward = visited(FULL, after, said=2)
            assert [fact.units for fact in ward.facts_of(UnitsMoved) if isinstance(fact, UnitsMoved) and fact.target == "patient"] == [2]
            assert ward.line("oxy").units == 18

    def test_a_weight_of_no_known_pocket_is_dropped(self) -> None:
        """The site may have changed."""
        assert not Ward().weighs(FULL, "ghost").drafts


class TestWhatLiesOnScales:
    """The things that happen, by name."""

    def test_a_hand_on_the_tray(self) -> None:
        """It does not come to rest."""
        ward = Ward()
        ward.weighs(FULL)
        go(ward, 2)
        ward.weighs(FULL, is_steady=False)
        assert verdicts(ward) == [("refused", None, Doubt.UNSTEADY)]
        assert ward.line("oxy").owes == []

    def test_another_item(self) -> None:
        """Pieces of another mass: the label is to be read, and somebody counts."""
        ward = visited(FULL, FULL - 2 * (PIECE + PIECE // 4))
        assert verdicts(ward) == [("refused", None, Doubt.MISFIT)]
        assert faults(ward) == {("oxy", weight.LABEL)}
        assert ward.line("oxy").owes == [weight.OTHER]
        assert ward.line("oxy").units == 18

    def test_an_opened_pack(self) -> None:
        """A pack with less in it weighs a piece and a half."""
        assert verdicts(visited(FULL, FULL - PIECE - PIECE // 2, said=2))[0][2] == Doubt.MISFIT

    def test_a_rubber_band_around_a_bundle(self) -> None:
        """Ten pieces and the band: not another item, so no nurse is asked to read a label; nothing is learned of it."""
        ward = visited(FULL, FULL + 10 * PIECE + PIECE // 2, said=10, kind="refill", lot="lot-0")
        assert verdicts(ward) == [("refused", None, Doubt.FOREIGN)]
        assert faults(ward) == {("scale", "scale.foreign")}
        assert len(ward.facts_of(MassTaught)) == 1

    def test_something_that_was_left_in_the_pocket(self) -> None:
        """Nothing was said to move, and half a piece came."""
        ward = visited(FULL, FULL + PIECE // 2, said=0)
        assert verdicts(ward) == [("refused", None, Doubt.FOREIGN)]
        assert ward.line("oxy").owes == []
        ward.weighs(FULL + PIECE // 2)
        go(ward, 2, name="b")
        ward.weighs(FULL + PIECE // 2 - 2 * PIECE)
        assert verdicts(ward)[-1] == ("confident", 2, "")
        assert not faults(ward), "what lies there lies there before and after"

    def test_a_frozen_scale(self) -> None:
        """The very same weight although two were taken: a count is owed once, a technician looks, and until then it is advisory."""
        ward = visited(FULL, FULL)
        assert verdicts(ward) == [("refused", None, Doubt.FROZEN)]
        assert faults(ward) == {("scale", "scale.frozen")}
        assert ward.line("oxy").owes == [weight.DIFFERS]
        ward.wants("count", "oxy", access="b")
        ward.opens(*WAY["oxy"])
        ward.counts(18, access="b")
        shut(ward, "oxy")
        ward.weighs(FULL)
        go(ward, 2, name="c")
        ward.weighs(FULL - PIECE)
        assert verdicts(ward)[-1] == ("advisory", 1, Doubt.DOUBTED)
        assert ward.line("oxy").owes == []

    def test_creep_while_a_drawer_stands_open_is_not_taken_for_a_piece(self) -> None:
        """Forty minutes open, two fifths of a piece of creep: no confident count of it."""
        ward = Ward()
        ward.weighs(FULL)
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.opens(*WAY["oxy"])
        ward.tick(2400)
        ward.counts(20)
        ward.states(2)
        shut(ward, "oxy")
        ward.weighs(FULL - 2 * PIECE + 120)
        assert verdicts(ward)[0][0] in {"ambiguous", "refused"}
        assert ward.line("oxy").owes in ([], [weight.OTHER])

    def test_a_zero_that_drifts_overnight_is_allowed_for(self) -> None:
        """What a scale may wander in eight hours says nothing about it."""
        ward = Ward()
        ward.weighs(FULL)
        ward.tick(8 * 3600)
        ward.signs_in()
        ward.weighs(FULL + PIECE)
        assert not faults(ward)
        assert ward.line("oxy").owes == []

    def test_a_zero_that_runs_away_is_a_technicians_matter(self) -> None:
        """Three pieces more within minutes, and nobody opened anything."""
        ward = Ward()
        ward.weighs(FULL)
        ward.tick(120)
        ward.signs_in()
        ward.weighs(FULL + 3 * PIECE)
        assert faults(ward) == {("scale", "scale.wandered")}
        assert ward.line("oxy").owes == []

    def test_pieces_that_vanish_from_a_shut_pocket_are_counted(self) -> None:
        """A scale sees what a defeated door switch does not."""
        ward = Ward()
        ward.weighs(FULL)
        ward.tick(120)
        ward.signs_in()
        ward.weighs(FULL - 3 * PIECE)
        assert ward.line("oxy").owes == [weight.SHUT]

    def test_a_change_across_a_restart_is_seen(self) -> None:
        """The journal remembers the last weight."""
        ward = visited(FULL, FULL - 2 * PIECE)
        ward.restart()
        ward.weighs(FULL - 4 * PIECE)
        assert faults(ward) == {("scale", "scale.wandered")}

    def test_a_scale_whose_board_is_lost_is_told_of_once(self) -> None:
        """By the loss of its board, which is over when it is back; a fault of its own would wait for the next weight."""
        ward = Ward()
        ward.loses("scale")
        ward.tick(120)
        ward.signs_in()
        ward.weighs(None)
        ward.regains("scale")
        assert not faults(ward)

    def test_a_weight_from_before_an_opening_says_nothing_after_a_restart(self) -> None:
        """A kill between an opening and the next weight: somebody was at the pocket, and no scale is to say that nobody was."""
        ward = visited(FULL, FULL - 2 * PIECE)
        ward.tick(5)
        go(ward, 2, name="b")
        ward.restart()
        ward.weighs(FULL - 4 * PIECE)
        assert not faults(ward)
        assert ward.line("oxy").owes == []


class TestNeighbours:
    """A change that shows on another pocket than the one that was asked for."""

    def test_swapped_sensors(self) -> None:
        """Two taken from one, and the other's scale shows it: both scales are in doubt, and neither pocket owes a count."""
        ward = Ward(scaled("oxy", "keta"))
        for name in ("oxy", "keta"):
            ward.weighs(FULL, name)
        go(ward, 2)
        ward.weighs(FULL - 2 * PIECE - 4, "keta")
        ward.weighs(FULL + 10)
        assert verdicts(ward)[0] == ("refused", None, Doubt.SWAPPED)
        assert faults(ward) == {("scale-oxy", "scale.swapped"), ("scale-keta", "scale.swapped")}
        assert ward.line("oxy").owes == ward.line("keta").owes == []

    def test_cross_talk_from_a_neighbour(self) -> None:
        """A shut pocket whose tray touches the next one is a technician's matter; the access itself is judged as ever."""
        ward = Ward(scaled("oxy", "keta"))
        for name in ("oxy", "keta"):
            ward.weighs(FULL, name)
        go(ward, 2)
        ward.weighs(FULL - 2 * PIECE)
        ward.weighs(FULL + PIECE // 2, "keta")
        assert verdicts(ward)[0] == ("confident", 2, "")
        assert faults(ward) == {("scale-keta", "scale.wandered")}
        assert ward.line("keta").owes == []

    def test_a_hand_that_strays_into_the_next_pocket(self) -> None:
        """Asked for p2, took one from p1 as well: p1 owes a count, and no access is named for it."""
        ward = Ward(scaled("p1", "p2"))
        for name in ("p1", "p2"):
            ward.weighs(FULL, name)
        go(ward, 2, at="p2")
        ward.weighs(FULL - PIECE, "p1")
        ward.weighs(FULL - 2 * PIECE, "p2")
        ward.weighs(FULL)
        assert ward.line("p1").owes == [weight.PASSING]
        assert ward.line("p2").owes == []

    def test_a_scale_that_never_answers_is_waited_for_ten_seconds(self) -> None:
        """Whatever became of the question."""
        ward = Ward(scaled("oxy", "keta"))
        ward.weighs(FULL)
        ward.tick(11)
        go(ward, 2)
        ward.tick(11)
        ward.weighs(FULL - 2 * PIECE)
        assert verdicts(ward) == [("confident", 2, "")]

    def test_a_scale_that_is_sick_keeps_no_other_waiting_for_ever(self) -> None:
        """The batch is judged when all have answered, and a scale that failed has answered."""
        ward = Ward(scaled("oxy", "keta"))
        for name in ("oxy", "keta"):
            ward.weighs(FULL, name)
        go(ward, 2)
        ward.weighs(FULL - 2 * PIECE)
        ward.weighs(None, "keta")
        assert verdicts(ward) == [("confident", 2, "")]


class TestChecks:
    """A test mass, and its history."""

    def test_a_check_that_is_passed_is_kept_and_ends_doubts(self) -> None:
        """Within two divisions; by whom and when."""
        ward = visited(FULL, FULL)
        ward.signs_in("tom")
        assert ward.checks("scale", 100_000, 100_010, by="tom").refusal is None
        check = ward.state.scales["scale"].checks[0]
        assert (check.staff, check.error_mg, check.has_passed) == ("tom", 10, True)
        assert not faults(ward)

    def test_a_check_that_fails_makes_the_scale_advisory(self) -> None:
        """And tells a technician; it refuses nothing."""
        ward = Ward()
        ward.signs_in("tom")
        ward.checks("scale", 100_000, 100_050, by="tom")
        assert faults(ward) == {("scale", "scale.check_failed")}
        visited(FULL, FULL - PIECE, ward=ward)
        assert verdicts(ward) == [("advisory", 1, Doubt.DOUBTED)]
        assert ward.line("oxy").owes == []

    def test_a_scale_in_doubt_teaches_nothing(self) -> None:
        """However well it seems to fit."""
        ward = Ward()
        ward.signs_in("tom")
        ward.checks("scale", 100_000, 100_050, by="tom")
        visited(FULL, FULL + 10 * PIECE, said=10, kind="refill", lot="lot-0", ward=ward)
        assert len(ward.facts_of(MassTaught)) == 1

    def test_an_overdue_check_is_told_and_refuses_nothing(self) -> None:
        """A month after the last one."""
        ward = visited(FULL, FULL - 2 * PIECE, ward=Ward(world(policy=replace(POLICY, scale_check_days=30))))
        ward.tick(31 * 86_400)
        ward.signs_in("noor")
        ward.weighs(FULL - 2 * PIECE)
        go(ward, 2, by="noor", name="b")
        ward.weighs(FULL - 5 * PIECE)
        assert verdicts(ward)[-1] == ("advisory", 3, Doubt.OVERDUE)
        assert ("scale", "scale.check_overdue") in faults(ward)
        ward.signs_in("tom")
        ward.checks("scale", 100_000, 100_000, by="tom")
        assert ("scale", "scale.check_overdue") not in faults(ward)

    @pytest.mark.parametrize(
        ("by", "scale", "mass", "code"),
        [("nina", "scale", 100_000, "policy.role"), ("tom", "ghost", 100_000, "scale.unknown"), ("tom", "scale", 100, "scale.test_mass")],
    )
    def test_what_is_no_check_is_refused(self, by: str, scale: str, mass: int, code: str) -> None:
        """Not by anybody, not of nothing, not with a crumb."""
        ward = Ward()
        ward.signs_in(by)
        step = ward.checks(scale, mass, mass, by=by)
        assert step.refusal is not None
        assert step.refusal.code == code
        assert not step.drafts
