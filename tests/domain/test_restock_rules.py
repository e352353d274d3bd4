"""The rules of restocking at the pharmacy: what comes first, when rounds are, and what a pick list may become."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from central.restock.product import with_check_digit
from central.restock.rule import picking
from central.restock.rule.course import Memory, heard, read
from central.restock.rule.need import Need, each_once
from central.restock.rule.picking import Picked
from central.restock.rule.picklist import NEXT, OVER, Line, NotDone, PickList, Stage, Step, moved
from central.restock.rule.round import Round, next_turns, turns

AT = "2026-03-02T05:00:00.000000Z"
PLAIN = Line(1, "p1", "acetaminophen", 20, 4, "below_min")
NEWER = "c", "p2", "a word of a newer cabinet"
STRONG = Line(2, "p2", "oxycodone", 10, 0, "stock_out", needs_check=True, needs_sheet=True)
NEW_YORK = ZoneInfo("America/New_York")


def made(*lines: Line) -> PickList:
    """A list as it is made."""
    return PickList("p260302-001", "ward-1", "morning", 1, Stage.MADE, lines or (PLAIN, STRONG), (Step("made", AT, "the calendar"),))


def picked(by: str = "tom") -> PickList:
    """Both lines on the trolley."""
    one = picking.pick(made(), 1, Picked(20, by, lot="L1", expiry="2027-01-31"), AT)
    return picking.finish(picking.pick(one, 2, Picked(8, by, "too_few"), AT), by, AT)


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal, or nothing."""
    try:
        act()
    except NotDone as why:
        return why.code
    return ""


class TestNeeds:
    """What is lacking, and what comes first."""

    def test_a_pocket_has_one_need_the_most_urgent_first(self) -> None:
        """Out before critically low, before low, before what somebody asked for, before a mere top-up."""
        said = [
            Need("b", "p1", "i", 9, 10, 1, "below_par"), Need("a", "p1", "i", 5, 10, 5, "asked"),
            Need("a", "p2", "i", 0, 10, 10, "stock_out"), Need("a", "p1", "i", 5, 10, 5, "below_min"),
            Need("b", "p2", "i", 1, 10, 9, "critical_low"), Need("c", "p1", "i", 10, 10, 0, "asked"),
            Need("c", "p2", "i", 1, 10, 9, "a word of a newer cabinet"),
        ]  # fmt: skip
        found = [(one.cabinet, one.pocket, one.why) for one in each_once(said)]
        assert found == [("a", "p2", "stock_out"), ("b", "p2", "critical_low"), ("a", "p1", "below_min"), NEWER, ("b", "p1", "below_par")]


class TestRounds:
    """When lists are made, and for whom."""

    def test_a_round_keeps_the_hospitals_hour_when_the_clocks_change(self) -> None:
        """04:45 in New York is 09:45 in UTC until 8 March 2026, and 08:45 from then on."""
        morning = Round("m", "Morning", time(4, 45))
        found = turns([morning], datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC), NEW_YORK)
        assert [turn.due.isoformat() for turn in found] == ["2026-03-07T09:45:00+00:00", "2026-03-08T08:45:00+00:00"]

    def test_a_round_is_due_on_its_days_alone_and_once(self) -> None:
        """What was due at the very moment of the last look is not due again."""
        friday = Round("f", "Friday", time(8), frozenset({4}))
        due = datetime(2026, 3, 6, 8, tzinfo=UTC)
        assert [turn.due for turn in next_turns([friday], datetime(2026, 3, 2, tzinfo=UTC), UTC)] == [due]
        assert turns([friday], due, datetime(2026, 3, 12, tzinfo=UTC), UTC) == []

    def test_the_way_names_areas_and_cabinets_and_visits_each_once(self) -> None:
        """Without a way all are visited by name; what has not reported is not visited."""
        areas = {"medical": ("med-2", "med-1")}
        there = ("icu", "med-1", "med-2")
        assert Round("r", "r", time(4), route=("icu", "medical", "med-1", "gone")).stops(areas, there) == ["icu", "med-2", "med-1"]
        assert Round("r", "r", time(4)).stops(areas, there) == ["icu", "med-1", "med-2"]


class TestPicking:
    """From the shelf to the door."""

    def test_a_short_line_says_why_and_is_a_need_again_when_nothing_of_it_goes(self) -> None:
        """The rest of the list does not wait for it."""
        assert refused(lambda: picking.pick(made(), 1, Picked(5, "tom"), AT)) == "picklist.reason"
        assert refused(lambda: picking.pick(made(), 1, Picked(21, "tom"), AT)) == "picklist.units"
        one = picking.pick(made(), 1, Picked(0, "tom", "out_of_stock"), AT)
        assert refused(lambda: picking.finish(one, "tom", AT)) == "picklist.lines_left"
        done = picking.finish(picking.pick(one, 2, Picked(10, "tom"), AT), "tom", AT)
        assert [(line.is_open, line.reason) for line in done.lines] == [(False, "out_of_stock"), (True, "")]
        assert done.stage is Stage.PICKED

    def test_a_list_of_which_nothing_can_be_picked_is_over(self) -> None:
        """No bag, no check, no delivery: only needs."""
        done = picking.finish(picking.pick(made(PLAIN), 1, Picked(0, "tom", "recalled"), AT), "tom", AT)
        assert done.stage is Stage.CLOSED

    def test_what_is_controlled_or_high_alert_is_checked_by_somebody_else(self) -> None:
        """A second pair of eyes is a second person, and the list does not leave without them."""
        one = picked()
        assert refused(lambda: picking.check(one, "pia", AT)) == "picklist.unchecked"
        assert refused(lambda: picking.check_line(one, 2, "Tom")) == "picklist.own"
        checked = picking.check(picking.check_line(one, 2, "pia"), "pia", AT)
        sent = picking.send(checked, "pia", "tom", AT)
        assert (sent.stage, sent.carried_by, sent.line(2).checked_by) == (Stage.ON_ITS_WAY, "tom", "pia")

    def test_what_is_not_what_the_line_says_goes_back_to_the_shelf(self) -> None:
        """With the checker's words; it is picked and checked again."""
        back = picking.send_back(picked(), 2, "pia", AT, "another strength")
        assert (back.stage, back.line(2).picked, back.steps[-1].said) == (Stage.PICKING, None, "line 2: another strength")
        again = picking.finish(picking.pick(back, 2, Picked(10, "tom"), AT), "tom", AT)
        assert [line.number for line in again.lacks_check] == [2]

    def test_what_has_expired_stays_here(self) -> None:
        """Of all people the picker can still see it."""
        assert refused(lambda: picking.pick(made(), 1, Picked(20, "tom", expiry="2026-03-01"), AT)) == "picklist.expired"

    @pytest.mark.parametrize("stage", sorted(OVER))
    def test_a_list_that_is_over_stays_over(self, stage: Stage) -> None:
        """Nothing follows on the last stages, and none is reached without a name."""
        assert NEXT[stage] == frozenset()
        assert refused(lambda: moved(made(), Stage.CANCELLED, AT, " ")) == "picklist.nobody"
        assert not any(line.is_open for line in moved(made(), Stage.CANCELLED, AT, "pia").lines), "its needs are free"


def fact(named: str, access: str | None = None, /, **body: Any) -> dict[str, Any]:
    """One fact of the cabinet's."""
    return {"type": named, "access": access, "staff": "tom", "at": AT, "body": body}


def refill(access: str, pocket: str, item: str, units: int, **more: Any) -> list[dict[str, Any]]:
    """A pocket is filled for the list."""
    return [
        fact("access_requested", access, kind="refill", pocket=pocket, item=item, units=units, delivery="p260302-001"),
        fact("units_moved", access, pocket=pocket, item=item, units=units, source="pharmacy", target="pocket", **more),
    ]


class TestCourse:
    """What the cabinet says."""

    def on_its_way(self) -> PickList:
        """Twenty and eight, in tom's hands."""
        return picking.send(picking.check(picking.check_line(picked(), 2, "pia"), "pia", AT), "pia", "tom", AT)

    def hears(self, facts: list[dict[str, Any]], memory: Memory | None = None) -> PickList:
        """The list after these facts."""
        one = self.on_its_way()
        for news in read(facts, memory or Memory(), {one.id}):
            one = heard(one, news)
        return one

    def test_a_refill_that_names_the_list_fills_its_line_and_its_close_closes_it(self) -> None:
        """Nobody at the pharmacy ticks anything off: the cabinet's journal does."""
        facts = [
            fact("delivery_announced", delivery="p260302-001"),
            *refill("a1", "p1", "acetaminophen", 20),
            *refill("a2", "p2", "oxycodone", 8),
        ]
        one = self.hears([*facts, fact("delivery_closed", delivery="p260302-001", missing=0)])
        assert [(line.filled, line.missing) for line in one.lines] == [(20, 0), (8, 0)]
        assert (one.stage, one.announced_at, one.steps[-1].by) == (Stage.CLOSED, AT, "tom")

    def test_a_line_that_was_not_filled_keeps_its_reason(self) -> None:
        """In the technician's words; what went in before counts."""
        facts = [
            *refill("a1", "p1", "acetaminophen", 12),
            fact("line_not_filled", pocket="p1", item="acetaminophen", reason="full", note="box crushed", delivery="p260302-001"),
        ]
        one = self.hears(facts)
        assert (one.line(1).missing, one.line(1).why_not) == (8, "full: box crushed")

    def test_a_corrected_count_fills_nothing_and_what_is_taken_back_counts_less(self) -> None:
        """A discrepancy found on the way is not a delivery."""
        correction = fact("units_moved", "a1", pocket="p1", item="acetaminophen", units=3, source="variance", target="pocket")
        back = fact("units_moved", "a1", pocket="p1", item="acetaminophen", units=2, source="pocket", target="pharmacy")
        assert self.hears([*refill("a1", "p1", "acetaminophen", 20), correction, back]).line(1).filled == 18

    def test_another_refill_of_the_same_pocket_is_not_this_list(self) -> None:
        """Somebody else's stock must not close the bag that is on its way."""
        facts = refill("a1", "p1", "acetaminophen", 20)
        facts[0]["body"]["delivery"] = None
        assert self.hears(facts).line(1).filled == 0

    def test_an_access_is_remembered_from_one_reading_to_the_next(self) -> None:
        """Between asking for a pocket and stating how many there may be minutes, and a restart."""
        memory = Memory()
        asked, filled = refill("a1", "p1", "acetaminophen", 20)
        self.hears([asked], memory)
        assert self.hears([filled], memory).line(1).filled == 20
        memory.forget({"p260302-001"})
        assert self.hears([filled], memory).line(1).filled == 0

    def test_a_code_that_nobody_knows_lets_its_line_wait(self) -> None:
        """Until it is filled, or is given up."""
        asked, filled = refill("a1", "p1", "acetaminophen", 20)
        waiting = [asked, fact("code_parked", "a1", key="gtin:04012345678901", pocket="p1", item="acetaminophen")]
        assert self.hears(waiting).line(1).waits == "gtin:04012345678901"
        assert self.hears([*waiting, filled]).line(1).waits == ""

    def test_a_cabinet_that_keeps_the_item_elsewhere_by_now_fills_the_line_there(self) -> None:
        """The line is the item's; the pocket may have changed while the bag was on its way."""
        assert self.hears(refill("a1", "p9", "acetaminophen", 20)).line(1).filled == 20


def test_a_gtin_is_made_as_gs1_says() -> None:
    """The example of GS1's own page on check digits: 629104150021 has 3."""
    assert with_check_digit("0629104150021") == "06291041500213"
