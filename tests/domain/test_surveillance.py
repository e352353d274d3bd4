"""Surveillance that is fair: who is unlike their peers asks to be looked at; who has the hard shifts or few accesses does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from cabinet.domain.vocabulary import utc_text
from central.activity.line import Line
from central.surveillance.peer import Grouping, compare
from central.surveillance.shrink import shrink
from central.surveillance.signal import Given, cases
from central.surveillance.standing import ASKS_ABOVE, Standing, standings

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
SHIFTS = ((7, "day"), (15, "evening"), (23, "night"))
OVERRIDE = {"day": 0.04, "evening": 0.08, "night": 0.2}


def shift_of(hour: int) -> str:
    return "night" if hour >= 23 or hour < 7 else "evening" if hour >= 15 else "day"


class House:
    """Two wards of nurses over ninety days, some of whom work nights; each takes as honestly as the others unless said otherwise."""

    def __init__(self, seed: int, nurses: int = 30) -> None:
        self.chance = Random(f"house {seed}")
        self.nurses = [f"nurse-{number}" for number in range(nurses)]
        self.lines: list[Line] = []
        self.given: list[Given] = []

    def work(self, nurse: str, number: int, *, ward: str, hours: tuple[int, int], diverts: float = 0.0) -> None:
        """So many withdrawals of one person on one ward, between these hours (of a day that may end after midnight)."""
        for _ in range(number):
            hour = self.chance.randrange(*hours) % 24
            at = BEGIN + timedelta(days=self.chance.randrange(90), hours=hour, minutes=self.chance.randrange(60))
            self._take(nurse, ward, at, self.chance.random() < diverts)

    def _take(self, nurse: str, ward: str, at: datetime, is_diverted: bool) -> None:
        patient = f"patient-{self.chance.randrange(60)}"
        line = Line(ward, 1, len(self.lines) + 1, 0, f"a{len(self.lines)}", utc_text(at), "withdraw", "oxy", "p", nurse, patient=patient)
        line.authority, line.phase, line.asked, line.units, line.open_ms = "order", "settled", 1, 1, 3000
        roll = self.chance.random()
        if roll < 0.03:
            line.phase, line.units = "cancelled", 0
        elif roll < 0.05:
            line.units = 0
        if self.chance.random() < OVERRIDE[shift_of(at.hour)]:
            line.authority = "override"
        if line.units and self.chance.random() < 0.08:
            line.waste_m = 500
        if line.units and not is_diverted and self.chance.random() < 0.95:
            self.given.append(Given(patient, "oxy", utc_text(at + timedelta(minutes=self.chance.randrange(90)))))
        self.lines.append(line)

    def standings(self, roles: dict[str, str] | None = None) -> list[Standing]:
        """Everybody beside their peers."""
        grouping = Grouping(roles or dict.fromkeys([line.staff for line in self.lines], "nurse"), {}, SHIFTS, lambda at: at)
        return standings(compare(cases(self.lines, self.given), grouping))


def honest(seed: int) -> House:
    house = House(seed)
    for place, nurse in enumerate(house.nurses):
        ward = ("north", "south")[place % 2]
        hours = ((7, 15), (15, 23), (23, 31))[place % 3]
        house.work(nurse, house.chance.randrange(60, 250), ward=ward, hours=hours)
    return house


def by_name(found: list[Standing], person: str) -> Standing:
    return next(one for one in found if one.person == person)


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_diverter_stands_first(seed: int) -> None:
    """One in four of their doses is charted for nobody: of thirty, this is whom a person should look at."""
    house = honest(seed)
    house.work("mallory", 160, ward="north", hours=(7, 15), diverts=0.25)
    found = house.standings()
    assert found[0].person == "mallory"
    assert [mark.compared.signal for mark in found[0].marks if mark.asks] == ["not_given"]


def test_small_samples_ask_for_nothing() -> None:
    """Three doses of which two were not charted are a bad day: the same share of a hundred would not be."""
    house = honest(7)
    house.work("new", 3, ward="north", hours=(7, 15), diverts=1.0)
    few = by_name(house.standings(), "new")
    assert not few.asks
    mark = next(one for one in few.marks if one.compared.signal == "not_given")
    assert mark.compared.observed >= 2
    assert mark.ratio.low < 1 < mark.ratio.high  # what is not known is shown as not known
    assert mark.compared.peers >= 4
    house.work("new", 97, ward="north", hours=(7, 15), diverts=1.0)
    assert by_name(house.standings(), "new").asks


def test_who_works_nights_is_compared_with_nights() -> None:
    """Five times the overrides of the day shift are what nights are like; against all, each of them would stand out."""
    found = honest(3).standings()
    nights = [
        mark for one in found for mark in one.marks if mark.compared.signal == "override" and mark.compared.groups[0].shift == "night"
    ]
    assert len(nights) == 10
    assert not any(mark.asks for mark in nights)
    assert 0.8 < sum(mark.ratio.middle for mark in nights) / len(nights) < 1.25


def test_another_role_is_another_group() -> None:
    """Whoever gives anaesthetics wastes most of what they take, and is compared with those who do the same."""
    house = honest(4)
    people = [f"anaesthetist-{number}" for number in range(6)]
    for person in people:
        house.work(person, 120, ward="north", hours=(7, 15))
    for line in house.lines:
        if line.staff in people and line.units:
            line.waste_m = 700
    roles = dict.fromkeys(house.nurses, "nurse") | dict.fromkeys(people, "anaesthetist")
    found = house.standings(roles)
    assert not any(mark.asks for one in found if one.person in people for mark in one.marks if mark.compared.signal == "waste")


def test_honest_people_are_hardly_ever_asked_about() -> None:
    """Of ninety honest people in three houses no more than one may be asked about by chance."""
    found = [one for seed in range(10, 13) for one in honest(seed).standings()]
    assert len(found) == 90
    assert sum(one.asks for one in found) <= 1


def test_where_administrations_are_not_heard_silence_says_nothing() -> None:
    """A ward without bedside charting is no ward of thieves."""
    house = honest(5)
    house.given.clear()
    assert not any(mark.compared.signal == "not_given" for one in house.standings() for mark in one.marks)


def test_one_administration_stands_for_one_withdrawal() -> None:
    """Two doses taken and one charted leave one; what came back whole was not to be given."""
    house = House(1, 1)

    def taken(minute: int, **said: int) -> Line:
        line = Line(
            "n", 1, minute, 0, f"a{minute}", utc_text(BEGIN + timedelta(minutes=minute)), "withdraw", "oxy", "p", "ana", patient="pat"
        )
        line.phase, line.units, line.asked = "settled", 1, 1
        line.back_m = said.get("back_m", 0)
        return line

    def missing(*lines: Line) -> list[bool]:
        return [
            case.is_one
            for case in cases(lines, [Given("pat", "oxy", utc_text(BEGIN + timedelta(minutes=20)))])
            if case.signal == "not_given"
        ]

    assert sorted(missing(taken(10), taken(15))) == [False, True]
    assert missing(taken(10), taken(15, back_m=1000)) == [False, False]
    assert house.lines == []


def test_a_dose_that_was_not_charted_puts_nobody_else_in_the_wrong() -> None:
    """Ana's is not charted, Ben's and Cleo's are: it is Ana's that is missing, whoever took first."""
    taken = []
    for number, staff in enumerate(("ana", "ben", "cleo")):
        at = utc_text(BEGIN + timedelta(hours=2 * number))
        line = Line("n", 1, number, 0, f"a{number}", at, "withdraw", "oxy", "p", staff, patient="pat")
        line.phase, line.units, line.asked = "settled", 1, 1
        taken.append(line)
    charted = [Given("pat", "oxy", utc_text(BEGIN + timedelta(hours=2 * number, minutes=10))) for number in (1, 2)]
    assert [case.line.staff for case in cases(taken, charted) if case.is_one] == ["ana"]
    late = [Given("pat", "oxy", utc_text(BEGIN + timedelta(hours=3)), "ana"), charted[1]]
    assert [case.line.staff for case in cases(taken, late) if case.is_one] == ["ben"]


def test_shrinkage_draws_the_few_to_the_usual_and_leaves_the_many() -> None:
    """Empirical Bayes: twice the usual of two is no news, twice the usual of two hundred is."""
    few, many, *_ = shrink([4, 400, *([20] * 20)], [2.0, 200.0, *([20.0] * 20)])
    assert few.middle < 1.6
    assert few.low < 1
    assert 1.8 < many.middle < 2.1
    assert many.low > ASKS_ABOVE
    assert shrink([], []) == []


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Nineteen times of twenty: people whose true ratio is known, as spread as people are."""
    chance = Random("truth")

    def poisson(mean: float) -> int:
        number, left = 0, chance.expovariate(1)
        while left < mean:
            number, left = number + 1, left + chance.expovariate(1)
        return number

    def people() -> Iterator[tuple[float, int, float]]:
        for _ in range(600):
            truth, usual = chance.gammavariate(8, 1 / 8), chance.uniform(1, 40)
            yield truth, poisson(truth * usual), usual

    house = list(people())
    ratios = shrink([seen for _, seen, _ in house], [usual for _, _, usual in house])
    held = sum(one.low <= truth <= one.high for (truth, _, _), one in zip(house, ratios, strict=True))
    assert 0.92 < held / len(house) < 0.98
