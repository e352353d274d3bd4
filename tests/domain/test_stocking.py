"""What fills and empties pockets and the return bin: load, unload, pull, transfer, sheets, a look."""

from cabinet.domain.facts import Account, DiscrepancyFound
from cabinet.domain.vocabulary import AccessId, Units
from tests.domain.kind_bench import code, last, moved, ready, through, withdrawn
from tests.domain.ward import WAY, shut


class TestStocking:
    """Load, unload, pull, send away, look."""

    def test_an_empty_pocket_gets_its_item_by_loading(self) -> None:
        """And keeps it over a restart, whatever the site says of it."""
        ward = ready("tom")
        ward.wants("load", "p4", 10, by="tom", item="insulin", levels=(Units(30), Units(8), Units(2)))
        ward.opens("locks:0")
        ward.counts(0, by="tom")
        ward.states(10, by="tom", lot="L9", expiry="2027-06-30")
        ward.closes("locks:0")
        line = ward.line("p4")
        assert (line.item, line.units, line.par, line.min, line.critical_low) == ("insulin", 10, 30, 8, 2)
        ward.restart()
        assert ward.line("p4").item == "insulin"

    def test_a_pocket_without_an_item_is_for_loading_only(self) -> None:
        """And a load says of what."""
        ward = ready("tom")
        assert code(ward.wants("refill", "p4", 1, by="tom")) == "pocket.unassigned"
        assert code(ward.wants("load", "p4", 1, by="tom")) == "pocket.unassigned"
        assert code(ward.wants("load", "p4", 1, by="tom", item="ghost")) == "item.unknown"

    def test_unloading_everything_leaves_the_pocket_empty_and_unassigned(self) -> None:
        """Two strengths never share a pocket, so nothing of the first may be left."""
        ward = ready("tom")
        through(ward, "unload", "p2", 20, by="tom")
        assert "p2" not in ward.state.lines
        assert moved(ward, "paracetamol")[-1] == (20, 0, Account.POCKET, Account.PHARMACY)
        ward.restart()
        assert "p2" not in ward.state.lines, "it was unloaded by hand, and stays so"

    def test_a_pull_of_expired_stock_says_what_is_left(self) -> None:
        """Quantity taken out (zero is allowed), then the shortest expiry of what remains (domain 2.13)."""
        ward = ready("tom")
        ward.wants("expire", "p2", 20, by="tom")
        ward.opens("locks:0")
        ward.counts(20, by="tom")
        ward.states(5, by="tom", expiry="2027-03-31")
        ward.closes("locks:0")
        assert moved(ward, "paracetamol")[-1] == (5, 0, Account.POCKET, Account.EXPIRED)
        assert (ward.line("p2").units, ward.line("p2").earliest_expiry) == (15, "2027-03-31")

    def test_what_goes_to_another_cabinet_is_on_its_way(self) -> None:
        """Issued minus received is what is missing in transit."""
        ward = ready("tom")
        through(ward, "transfer", "p1", 4, by="tom", sheet="S-17", place="icu-2")
        assert moved(ward, "paracetamol")[-1] == (4, 0, Account.POCKET, Account.TRANSIT)

    def test_a_refill_by_sheet_comes_out_of_transit(self) -> None:
        """Controlled lines leave the vault on a numbered sheet and are received by count."""
        ward = ready("tom")
        through(ward, "refill", "oxy", 4, by="tom", sheet="S-18")
        assert moved(ward, "oxycodone")[-1] == (4, 0, Account.TRANSIT, Account.POCKET)

    def test_the_bin_is_emptied_against_what_was_laid_into_it(self) -> None:
        """Contents expected, counted, reconciled (domain 2.10)."""
        ward = withdrawn("p1", 3, "tom")
        ward.wants("return", None, 3, access="r", withdrawal=AccessId("w"))
        step = ward.wants("empty_bin", None, 2, by="tom", access="b", item="paracetamol")
        assert code(step) == ""
        assert ward.access("b").phase == "disputed"
        assert not ward.state.places["bin"]
        found = last(ward, DiscrepancyFound)
        assert isinstance(found, DiscrepancyFound)
        assert (found.pocket, found.expected, found.counted) == ("bin", 3, 2)
        assert code(ward.wants("empty_bin", None, -1, by="tom", access="c", item="paracetamol")) == "access.units"

    def test_a_look_into_a_pocket_moves_nothing(self) -> None:
        """And still counts what is controlled."""
        ward = ready("tom")
        ward.wants("inspect", "oxy", 0, by="tom")
        ward.opens(*WAY["oxy"])
        assert ward.asks() == ("count_before", "close")
        ward.counts(20, by="tom")
        shut(ward, "oxy")
        assert (ward.access().phase, moved(ward, "oxycodone")) == ("settled", [])
