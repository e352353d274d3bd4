"""Pockets that are not counted piece by piece: volumes, bulk, containers for many doses."""

from dataclasses import replace

from cabinet.domain.facts import Account, DiscrepancyFound
from tests.domain.kind_bench import code, moved, ready, rules, through
from tests.domain.ward import ITEMS, Ward


class TestCountModes:
    """Units, containers, volume and bulk, through the kinds."""

    def test_a_volume_within_what_its_item_allows_is_no_discrepancy(self) -> None:
        """Read off a bottle in mL: two more or less is the eye, and the balance follows it (ward: counting)."""
        near = {one.id: replace(one, variance_units=2) if one.id == "morphine_syrup" else one for one in ITEMS}
        ward = Ward(rules(formulary=near))
        ward.signs_in("tom")
        ward.wants("count", "syrup", 0, by="tom")
        ward.opens("locks:3")
        ward.counts(18, by="tom")
        ward.closes("locks:3")
        assert (ward.access().phase, ward.line("syrup").units) == ("settled", 18)
        assert not ward.facts_of(DiscrepancyFound)
        assert moved(ward, "morphine_syrup") == [(2, 0, Account.POCKET, Account.VARIANCE)]

    def test_a_volume_beyond_it_is_counted_once_more_and_then_a_discrepancy(self) -> None:
        """As every other controlled item."""
        ward = ready("tom")
        ward.wants("count", "syrup", 0, by="tom")
        ward.opens("locks:3")
        ward.counts(17, by="tom")
        assert "count_before" in ward.asks()
        ward.counts(17, by="tom")
        assert len(ward.facts_of(DiscrepancyFound)) == 1

    def test_a_count_of_bulk_says_how_full_it_is_and_is_never_a_discrepancy(self) -> None:
        """Full, half, low: nobody counts cream."""
        ward = ready("tom")
        ward.wants("count", "p3", 0, by="tom")
        ward.opens("locks:0")
        assert ward.asks() == ("count_before", "close")
        ward.counts(10, by="tom")
        ward.closes("locks:0")
        assert (ward.access().phase, ward.line("p3").units) == ("settled", 10)
        assert not ward.facts_of(DiscrepancyFound)

    def insulin(self) -> Ward:
        """A vial that gives many doses and keeps for 28 days once it is opened."""
        vials = {one.id: replace(one, is_multi_dose=True, open_days=28) if one.id == "insulin" else one for one in ITEMS}
        setting = rules(formulary=vials)
        custody = replace(setting.policy.custody, purposes=("discarded",))
        ward = Ward(replace(setting, policy=replace(setting.policy, custody=custody)))
        ward.signs_in("nina")
        return ward

    def test_a_vial_for_many_doses_is_put_back_and_keeps_its_balance(self) -> None:
        """Withdrawn for a dose and put back in the same access; its last day is set at the first opening."""
        ward = self.insulin()
        through(ward, "withdraw", "insulin", 0)
        assert (ward.line("insulin").units, ward.line("insulin").use_by) == (20, "2026-03-30")
        through(ward, "withdraw", "insulin", 0, access="b")
        assert ward.line("insulin").use_by == "2026-03-30", "the first opening counts"

    def test_past_its_last_day_it_is_not_withdrawn(self) -> None:
        """Beyond-use date set, printed, enforced."""
        ward = self.insulin()
        through(ward, "withdraw", "insulin", 0)
        ward.tick(29 * 86_400)
        ward.signs_in("nina")
        assert code(ward.wants("withdraw", "insulin", 0, access="b")) == "stock.expired"

    def test_the_balance_falls_when_it_is_discarded(self) -> None:
        """And the next vial has a last day of its own."""
        ward = self.insulin()
        through(ward, "withdraw", "insulin", 0)
        through(ward, "withdraw", "insulin", 1, access="b", patient=None, purpose="discarded")
        assert (ward.line("insulin").units, ward.line("insulin").use_by) == (19, None)
