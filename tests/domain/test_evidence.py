"""Scales and photo-eyes: evidence beside a person's count, which changes no balance and accuses nobody."""

import pytest

from cabinet.domain import evidence
from cabinet.domain.commands import LookIntoPockets, WeighPocket
from cabinet.domain.facts import BinSensed, CountOwed, DiscrepancyFound, PocketWeighed
from tests.domain.ward import TABLET, TRAY_MG, WAY, Ward, opened, shut

PIECE = round(TABLET.unit_mass_mg)
FULL = TRAY_MG + 20 * PIECE


def weighed(before: int | None, after: int | None, *, said: int = 2, kind: str = "withdraw") -> Ward:
    """A whole access to the weighed pocket with what its scale read before and after."""
    by = "tom" if kind == "refill" else "nina"
    ward = opened(kind, "oxy", by=by)
    ward.weighs(before, after=False)
    ward.counts(20, by=by)
    ward.states(said, by=by)
    shut(ward, "oxy")
    ward.weighs(after, after=True)
    return ward


def verdicts(ward: Ward) -> list[tuple[str, int | None]]:
    """What the scale made of its readings."""
    return [(fact.verdict, fact.units) for fact in ward.facts_of(PocketWeighed) if isinstance(fact, PocketWeighed)]


class TestTheScale:
    """The mass that left or came, in the units of the item."""

    def test_it_is_read_before_the_release_and_after_the_closing(self) -> None:
        """Two readings of one access: creep and drift cancel."""
        ward = opened("withdraw", "oxy")
        ward.counts(20)
        ward.states(2)
        shut(ward, "oxy")
        assert [command.is_after for command in ward.commands if isinstance(command, WeighPocket)] == [False, True]

    def test_a_pocket_without_a_scale_is_not_weighed(self) -> None:
        """Every workflow works without one."""
        assert not [command for command in opened("withdraw", "keta").commands if isinstance(command, WeighPocket)]

    def test_agreement_is_recorded_and_asks_nothing(self) -> None:
        """Two taken, two gone."""
        ward = weighed(FULL, FULL - 2 * PIECE)
        assert verdicts(ward)[1] == ("confident", 2)
        assert ward.line("oxy").owes == []

    @pytest.mark.parametrize(("gone", "said"), [(3, 2), (1, 2), (2, 0), (0, 2)])
    def test_a_confident_difference_owes_a_count_and_leaves_the_balance(self, gone: int, said: int) -> None:
        """A scale is no witness: it sends somebody to count."""
        ward = weighed(FULL, FULL - gone * PIECE, said=said)
        assert ward.line("oxy").owes == [evidence.DIFFERS]
        assert ward.line("oxy").units == 20 - said
        assert ward.access().phase == "settled"
        assert not ward.facts_of(DiscrepancyFound)

    def test_units_that_went_the_wrong_way_are_seen(self) -> None:
        """Two stated as taken while two were put in is not agreement."""
        assert weighed(FULL, FULL + 2 * PIECE).line("oxy").owes == [evidence.DIFFERS]

    def test_a_refill_goes_up(self) -> None:
        """The same comparison with the other sign."""
        assert weighed(FULL, FULL + 4 * PIECE, said=4, kind="refill").line("oxy").owes == []
        assert weighed(FULL, FULL + 3 * PIECE, said=4, kind="refill").line("oxy").owes == [evidence.DIFFERS]

    def test_a_cancelled_access_should_weigh_the_same(self) -> None:
        """Nothing was stated, so nothing may be gone."""
        ward = opened("withdraw", "oxy")
        ward.weighs(FULL, after=False)
        ward.cancels()
        ward.counts(20)
        shut(ward, "oxy")
        ward.weighs(FULL - PIECE, after=True)
        assert ward.line("oxy").owes == [evidence.DIFFERS]

    @pytest.mark.parametrize(("before", "after"), [(None, FULL), (FULL, None), (None, None)])
    def test_a_silent_scale_refuses_and_stops_nobody(self, before: int | None, after: int | None) -> None:
        """No weight, no opinion."""
        ward = weighed(before, after)
        assert ("refused", None) in verdicts(ward)
        assert ward.access().phase == "settled"
        assert ward.line("oxy").owes == []

    def test_a_scale_that_does_not_come_to_rest_refuses(self) -> None:
        """A hand on the tray."""
        ward = opened("withdraw", "oxy")
        ward.weighs(FULL, after=False, is_steady=False)
        assert verdicts(ward) == [("refused", None)]
        assert ward.access().before_mg is None

    def test_between_two_numbers_it_says_so_and_asks_nothing(self) -> None:
        """One and a half of many: the count of the person stands alone."""
        ward = weighed(FULL, FULL - 60 * PIECE, said=2)
        assert verdicts(ward)[1][0] == "refused"
        assert ward.line("oxy").owes == []

    def test_what_does_not_weigh_what_this_item_weighs_owes_a_count(self) -> None:
        """Half a piece too much: a wrong item, a rubber band, a broken tablet."""
        ward = weighed(FULL, FULL - 2 * PIECE - PIECE // 2)
        assert verdicts(ward)[1] == ("refused", None)
        assert ward.line("oxy").owes == ["what lies there does not weigh what this item weighs"]
        assert ward.line("oxy").units == 18

    def test_a_weight_for_an_access_that_is_forgotten_is_dropped(self) -> None:
        """A reading that comes after everything."""
        assert not Ward().weighs(FULL, after=True).drafts


class TestThePhotoEye:
    """Empty or not empty, against the journal."""

    def test_it_is_looked_into_after_closing_and_not_while_a_quantity_is_due(self) -> None:
        """Between closing and confirming the journal has not moved yet: the last one taken would look like a loss."""
        ward = opened("withdraw", "p1", units=20)
        step = ward.closes("locks:0")
        assert not [command for command in step.commands if isinstance(command, LookIntoPockets)]
        ward.edge("eyes:0", is_on=False)
        step = ward.states(20)
        assert [command.lock for command in step.commands if isinstance(command, LookIntoPockets)] == ["locks:0"]
        ward.sees("locks:0", "eyes:0", is_empty=True)
        assert not ward.facts_of(DiscrepancyFound)

    def test_agreement_is_evidence_of_the_access(self) -> None:
        """Kept once, beside the count."""
        ward = opened("withdraw", "p1")
        ward.states(2)
        ward.closes("locks:0")
        ward.sees("locks:0", "eyes:0", is_empty=False)
        ward.sees("locks:0", "eyes:0", is_empty=False)
        assert len(ward.facts_of(BinSensed)) == 1

    @pytest.mark.parametrize(("taken", "is_empty"), [(2, True), (20, False)])
    def test_a_contradiction_is_a_discrepancy_and_leaves_the_balance(self, taken: int, is_empty: bool) -> None:
        """Empty where eighteen should be, or something where nothing should be."""
        ward = opened("withdraw", "p1")
        ward.states(taken)
        ward.closes("locks:0")
        ward.sees("locks:0", "eyes:0", is_empty=is_empty)
        found = next(iter(ward.state.discrepancies.values()))
        assert (found.expected, found.counted, found.basis, found.access) == (20 - taken, None, "bin_sensor", "a")
        assert ward.line("p1").units == 20 - taken
        assert ward.line("p1").owes == ["the bin sensor and the journal differ"]

    def test_it_is_raised_once(self) -> None:
        """An eye that is looked at after every closing would fill the list with one loss."""
        ward = Ward()
        ward.edge("eyes:0", is_on=False)
        ward.edge("eyes:0", is_on=True)
        ward.edge("eyes:0", is_on=False)
        assert len(ward.facts_of(DiscrepancyFound)) == 1
        assert len(ward.facts_of(CountOwed)) == 1

    def test_it_is_raised_once_across_a_restart(self) -> None:
        """The journal remembers what was raised."""
        ward = Ward()
        ward.edge("eyes:0", is_on=False)
        ward.restart()
        ward.edge("eyes:0", is_on=False)
        assert len(ward.facts_of(DiscrepancyFound)) == 1

    def test_a_shut_pocket_that_empties_by_itself_is_told_at_once(self) -> None:
        """Nobody opened anything, and it is gone: no person is named."""
        ward = Ward()
        step = ward.edge("eyes:1", is_on=False)
        assert [draft.staff for draft in step.drafts] == [None, None]
        assert ward.line("oxy").owes

    def test_in_an_open_drawer_it_says_nothing(self) -> None:
        """A hand is in the way."""
        ward = opened("withdraw", "p2")
        assert not ward.edge("eyes:0", is_on=False).drafts
        assert not ward.sees("locks:0", "eyes:0", is_empty=True).drafts

    def test_the_neighbours_pocket_is_looked_into_too(self) -> None:
        """Asked for p2, took from p1: the eye of p1 tells, and no access is named for it."""
        ward = opened("withdraw", "p2")
        step = ward.closes("locks:0")
        assert [command.bins for command in step.commands if isinstance(command, LookIntoPockets)]
        ward.sees("locks:0", "eyes:0", is_empty=True)
        assert next(iter(ward.state.discrepancies.values())).access is None

    def test_a_lost_eye_says_nothing(self) -> None:
        """Unknown is not empty."""
        ward = Ward()
        ward.edge("eyes:0", is_on=True)
        step = ward.loses("eyes")
        assert "p1" not in ward.core.bins
        assert not [draft for draft in step.drafts if isinstance(draft.fact, DiscrepancyFound)]

    def test_a_person_counts_and_the_debt_is_paid(self) -> None:
        """The eye sends somebody; the somebody decides."""
        ward = Ward()
        ward.edge("eyes:1", is_on=False)
        ward.signs_in()
        ward.wants("count", "oxy")
        ward.opens(*WAY["oxy"])
        ward.counts(20)
        shut(ward, "oxy")
        assert ward.line("oxy").owes == []
