"""Photo-eyes: evidence beside a person's count, which changes no balance and accuses nobody."""

import pytest

from cabinet.domain.commands import LookIntoPockets
from cabinet.domain.facts import BinSensed, CountOwed, DiscrepancyFound
from tests.domain.ward import WAY, Ward, opened, shut


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
