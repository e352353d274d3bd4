"""The status of a pocket and the rule of a restock need, word by word as the contract says them."""

import pytest

from cabinet.domain.state import Batch, Line
from cabinet.domain.stock import need, status
from tests.domain.ward import TODAY


def line(*batches: tuple[int, str | None], par: int = 40, least: int = 10, critical: int = 5) -> Line:
    """A pocket with batches of (units, expiry)."""
    return Line("p", "x", par, least, critical, "units", [Batch(units, None, expiry) for units, expiry in batches])


class TestStatus:
    """The first that holds: failed, expired, out, critical, low, over, ok."""

    @pytest.mark.parametrize(
        ("units", "expected"),
        [(0, "out"), (1, "critical"), (5, "critical"), (6, "low"), (10, "low"), (11, "ok"), (40, "ok"), (41, "over")],
    )
    def test_by_number(self, units: int, expected: str) -> None:
        """Each level belongs to the worse side."""
        assert status(line((units, None)), TODAY) == expected

    @pytest.mark.parametrize(("expiry", "expected"), [("2026-03-01", "expired"), ("2026-03-02", "low"), ("2026-03-03", "low")])
    def test_expired_comes_before_the_number(self, expiry: str, expected: str) -> None:
        """One expired unit blocks the pocket; it is good until the end of its day."""
        assert status(line((2, expiry), (5, "2027-01-01")), TODAY) == expected

    def test_failed_comes_before_everything(self) -> None:
        """What cannot be opened is not in stock, whatever lies in it."""
        assert status(line((2, "2020-01-01")), TODAY, is_failed=True) == "failed"

    def test_where_all_levels_are_one_the_worst_word_is_used(self) -> None:
        """critical_low <= min <= par may be equal."""
        assert status(line((5, None), par=5, least=5, critical=5), TODAY) == "critical"

    def test_an_expired_batch_that_is_used_up_expires_nothing(self) -> None:
        """Only what is there counts."""
        assert status(line((0, "2020-01-01"), (20, None)), TODAY) == "ok"


class TestNeed:
    """Units <= min, or units that expire before the next refill."""

    @pytest.mark.parametrize(
        ("units", "why", "urgency"),
        [
            (0, "stock_out", "stat"),
            (1, "critical_low", "soon"),
            (5, "critical_low", "soon"),
            (6, "below_min", "routine"),
            (10, "below_min", "routine"),
        ],
    )
    def test_a_low_pocket_is_brought_to_par(self, units: int, why: str, urgency: str) -> None:
        """The first reason that holds."""
        found = need(line((units, None)), TODAY, 24)
        assert found is not None
        assert (found.why, found.urgency, found.units_needed) == (why, urgency, 40 - units)

    def test_enough_that_lasts_needs_nothing(self) -> None:
        """One above min is enough."""
        assert need(line((11, "2027-01-01")), TODAY, 24) is None

    @pytest.mark.parametrize(
        ("expiry", "hours", "is_needed"),
        [
            ("2026-03-02", 24, True), ("2026-03-03", 24, False), ("2026-03-02", 12, True), ("2026-03-03", 36, True),
            ("2026-03-04", 36, False), ("2026-03-08", 168, True), ("2026-03-09", 168, False),
        ],
    )  # fmt: skip
    def test_what_expires_before_the_next_refill_is_replaced(self, expiry: str, hours: int, is_needed: bool) -> None:
        """The refill comes within `hours`; an expiry counts until the end of its day, a part of a day as a day."""
        found = need(line((12, expiry), (20, "2027-01-01")), TODAY, hours)
        assert (found is not None) == is_needed
        if found is not None:
            assert (found.why, found.urgency, found.units_needed) == ("expiring", "routine", 20)

    def test_a_low_pocket_is_brought_to_par_without_what_will_have_expired(self) -> None:
        """Six are there, four of them for the bin tomorrow."""
        found = need(line((4, "2026-03-02"), (2, "2027-01-01")), TODAY, 24)
        assert found is not None
        assert (found.why, found.units_needed) == ("below_min", 38)

    def test_an_overfull_pocket_with_expiring_units_needs_none_in_their_place(self) -> None:
        """Never less than nothing."""
        found = need(line((4, "2026-03-02"), (50, None)), TODAY, 24)
        assert found is not None
        assert found.units_needed == 0
