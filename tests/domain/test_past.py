"""What counts as asked when a history is made of what people did: refusals are demand, and the same wish twice is one."""

import json
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from central.activity.line import Line
from central.par.history import Demand, Outage
from central.par.rule import Levels
from central.plan.past import Clock, histories, sent
from central.plan.rounds import calendar_of
from central.plan.share import shared
from config.pars import Pars
from config.restock import Restock

CLOCK = Clock(UTC)
SINCE = {"x": "2026-03-02T00:00:00.000000Z"}
TO_MIN = CLOCK.minute("2026-03-09T00:00:00.000000Z")
FROM_MIN = TO_MIN - 7 * 1440


def line(minute: int, **said: object) -> Line:
    at = f"2026-03-02T{minute // 60:02}:{minute % 60:02}:00.000000Z"
    made = Line("c", 1, minute, 0, f"a{minute}", at, "withdraw", "x", "p", "ana", patient="pat", phase="settled", asked=1, units=1)
    return replace(made, **said)  # type: ignore[arg-type]


def refusal(minute: int, **said: object) -> Line:
    return line(minute, **{"access": "", "phase": "refused", "code": "stock.out", "units": 0, "patient": "", **said})


def asked(*lines: Line) -> list[tuple[int, int, bool]]:
    found = histories(lines, [], SINCE, TO_MIN, CLOCK)[0]
    return [(demand.at_min - FROM_MIN, demand.units, demand.is_met) for demand in found.demands]


def test_what_was_refused_for_want_of_stock_was_asked_for() -> None:
    """Else the pocket that is always empty would look like one that nobody needs."""
    assert asked(line(10), refusal(60, asked=3)) == [(10, 1, True), (60, 3, False)]


def test_who_tries_again_wants_it_once() -> None:
    """Three touches in a hurry are one patient's dose; what another person asks for is another's."""
    assert asked(refusal(60), refusal(65), refusal(80), refusal(82, staff="ben")) == [(60, 1, False), (82, 1, False)]


def test_who_was_served_meanwhile_was_not_refused() -> None:
    """The cabinet offers another pocket: the dose was there."""
    assert asked(refusal(60), line(70)) == [(70, 1, True)]


def test_what_emptied_the_pocket_and_was_too_little_was_asked_for_whole() -> None:
    """Taking two of the four that were wanted leaves a demand of four; taking fewer by choice does not."""
    assert asked(line(60, asked=4, units=2, left_units=0), line(90, asked=4, units=2, left_units=5)) == [(60, 4, False), (90, 2, True)]


def test_refusals_for_other_reasons_cancelled_and_empty_withdrawals_are_no_demand() -> None:
    """A wrong PIN says nothing about stock."""
    others = (refusal(60, code="policy.role"), line(70, phase="cancelled", units=0), line(80, units=0), line(90, kind="count"))
    assert histories(others, [], SINCE, TO_MIN, CLOCK)[0].demands == ()


def test_outages_are_those_of_the_item_and_an_open_one_lasts_until_now() -> None:
    """While nobody could take any, what was asked is known in part only."""
    spells = [
        ("x", "2026-03-03T00:00:00.000000Z", "2026-03-03T01:00:00.000000Z"),
        ("x", "2026-03-08T00:00:00.000000Z", None),
        ("y", "2026-03-08T00:00:00.000000Z", None),
    ]
    found = histories([line(10)], spells, SINCE, TO_MIN, CLOCK)[0]
    assert found.outages == (Outage(FROM_MIN + 1440, FROM_MIN + 1500), Outage(FROM_MIN + 6 * 1440, TO_MIN))


def test_lists_are_drawn_up_by_the_wards_clock() -> None:
    """Three in the morning in Chicago is not three in the morning in UTC, and Monday begins later."""
    assert Clock(ZoneInfo("America/Chicago")).minute("2026-03-02T09:00:00.000000Z") == CLOCK.minute("2026-03-02T03:00:00.000000Z")


def test_what_the_pharmacy_sends_and_what_is_sought_in_vain_is_of_items_not_held() -> None:
    """Both say that an item may belong into the cabinet."""
    lines = [line(10, kind="sent", asked=5, patient=""), line(20, access="", phase="refused", code="stock.not_here", units=0, patient="")]
    assert sent(lines, FROM_MIN, TO_MIN, CLOCK)[0].demands == (Demand(FROM_MIN + 10, 5), Demand(FROM_MIN + 20, 1, "", is_met=False))


@given(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).map(sorted),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 80)), min_size=2, max_size=4),
)
def test_levels_of_several_pockets_add_up_and_fit(levels: list[int], pockets: list[tuple[int, int]]) -> None:
    """Nobody is told to fill in more than fits, and nothing of the advice is lost that fits."""
    rooms = [room for _, room in pockets]
    parts = shared(Levels(levels[2], levels[1], levels[0]), [Levels(par, 0, 0) for par, _ in pockets], rooms)
    assert all(part.par <= room for part, room in zip(parts, rooms, strict=True))
    assert sum(part.par for part in parts) == min(levels[2], sum(rooms))
    assert sum(part.min for part in parts) == min(levels[1], levels[2], sum(rooms))


def test_the_rounds_of_the_pharmacy_are_the_calendar_of_its_pars() -> None:
    """Whoever changes a round changes what a pocket has to last; it is said in one place."""
    morning = {"id": "am", "name": "Morning", "at": ["05:00:00"], "days": ["mon", "wed"]}
    south = {"id": "s", "name": "South", "at": ["13:00:00"], "route": ["ward-south"]}
    restock = Restock.model_validate_json(json.dumps({"round": [morning, south]}))
    assert calendar_of(Pars(), restock, "north", "ward-north").lists_min == (300, 2 * 1440 + 300)
    assert len(calendar_of(Pars(), restock, "x", "ward-south").lists_min) == 9
    assert calendar_of(Pars(), Restock(), "north").lists_min == tuple(day * 1440 + 180 for day in range(7))
    hourly = Restock.model_validate_json(json.dumps({"round": [{**morning, "at": ["05:00:00", "06:00:00"]}]}))
    assert calendar_of(Pars(), hourly, "north").lead_min == 59  # what is listed is on the shelf before the next list
