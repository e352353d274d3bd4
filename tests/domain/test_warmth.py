"""How warm it is beside a scale: kept with each weight, believed while it can be, and never to the scale's advantage."""

from dataclasses import replace

import pytest

from cabinet.domain import events
from cabinet.domain.core import World
from cabinet.domain.facts import PocketWeighed
from cabinet.domain.layout import Climate, Weighed
from cabinet.domain.scale.counting import Doubt, Wander
from cabinet.domain.vocabulary import BoardId, Channel, DrawerId, FaultCode, MilliC, ProbeFault
from tests.domain.test_weight import FULL, PIECE, faults, go, verdicts
from tests.domain.ward import TABLET, TRAY_MG, Ward, layout, world

PROBE = Channel.parse("room:0")
DEAD = ProbeFault(FaultCode("probe.dead"), "its register holds 8000")
HOUR_S = 3600.0


def warm_world(probe: Channel | None = PROBE) -> World:
    """The ward with a probe beside its scale, which wanders by warmth alone: a fifth of a piece for each kelvin."""
    weighed = Weighed(BoardId("scale"), TABLET, TRAY_MG, Wander(mg_per_kelvin=60), probe)
    drawers = []
    for one in layout().drawers:
        pockets = tuple(replace(each, weighed=weighed) if each.weighed is not None else each for each in one.pockets)
        drawers.append(replace(one, pockets=pockets))
    return world(layout=layout(*drawers))


class Warm(Ward):
    """A ward in which it has a temperature."""

    def is_warm(self, reading: int | ProbeFault, probe: Channel = PROBE) -> None:
        """The probe shows so many thousandths of a degree, or nothing."""
        value = reading if isinstance(reading, ProbeFault) else MilliC(reading)
        self.happen(events.TemperatureRead(self.tick(), probe, value))


def night(before: int | ProbeFault, after: int | ProbeFault, *, net_mg: int, hours: float = 4.0, probe: Channel | None = PROBE) -> Warm:
    """Weighed in the evening, and asked for in the morning before the scale was read again: two were taken, and said."""
    ward = Warm(warm_world(probe))
    ward.is_warm(before)
    ward.weighs(FULL)
    ward.tick(hours * HOUR_S)
    go(ward, 2)
    ward.is_warm(after)
    ward.weighs(FULL + net_mg)
    return ward


def temperatures(ward: Ward) -> list[int | None]:
    """What each weight's fact says of warmth."""
    return [fact.milli_c for fact in ward.facts if isinstance(fact, PocketWeighed)]


def test_a_weight_says_how_warm_it_was() -> None:
    """Before and after, in thousandths of a degree."""
    assert temperatures(night(22_000, 21_900, net_mg=-2 * PIECE)) == [22_000, 21_900]


def test_a_room_that_kept_its_warmth_leaves_the_weight_its_word() -> None:
    """The same as a minute later, for warmth is all that this scale wanders by."""
    assert verdicts(night(22_000, 22_000 + 100, net_mg=-2 * PIECE)) == [("confident", 2, "")]


@pytest.mark.parametrize("drift_mg", [-480, -150, 0, 150, 480])
@pytest.mark.parametrize("after", [14_000, DEAD], ids=["measured", "dead"])
def test_a_cold_morning_is_never_counted_wrongly(drift_mg: int, after: int | ProbeFault) -> None:
    """Eight kelvin colder, up to a piece and a half of drift: no confident count, and no pocket owes one for it."""
    ward = night(22_000, after, net_mg=drift_mg - 2 * PIECE)
    assert verdicts(ward)[0][0] in {"ambiguous", "refused"}
    assert ward.line("oxy").owes == []


@pytest.mark.parametrize(
    ("before", "after", "probe"),
    [(DEAD, 22_000, PROBE), (22_000, DEAD, PROBE), (22_000, 22_000, None), (22_000, 22_000, Channel.parse("room:1"))],
    ids=["dead before", "dead after", "no probe", "never read"],
)
def test_what_was_not_measured_is_assumed(before: int | ProbeFault, after: int | ProbeFault, probe: Channel | None) -> None:
    """Four hours in which nobody knows how warm it was: too long for a tablet."""
    assert verdicts(night(before, after, net_mg=-2 * PIECE, probe=probe)) == [("refused", None, Doubt.STALE)]


def test_an_old_temperature_is_none() -> None:
    """The probe says nothing for a quarter of an hour: what it said is no longer so."""
    ward = Warm(warm_world())
    ward.is_warm(22_000)
    ward.tick(900)
    ward.weighs(FULL)
    go(ward, 2)
    ward.weighs(FULL - 2 * PIECE)
    assert temperatures(ward) == [None, None]


def test_a_probe_that_never_moves_is_not_believed() -> None:
    """Half an hour of the very same: it may be stuck, and then the morning looks as warm as the evening."""
    ward = Warm(warm_world())
    for _ in range(60):
        ward.tick(40)
        ward.is_warm(22_000)
    ward.weighs(FULL)
    ward.is_warm(22_100)
    go(ward, 2)
    ward.weighs(FULL - 2 * PIECE)
    assert temperatures(ward) == [None, 22_100]


def test_a_lost_thermometer_takes_its_temperatures_with_it() -> None:
    """At once, and by its board: nothing more is told."""
    ward = Warm(warm_world())
    ward.is_warm(22_000)
    ward.loses("room")
    ward.weighs(FULL)
    go(ward, 2)
    ward.weighs(FULL - 2 * PIECE)
    assert temperatures(ward) == [None, None]
    assert not faults(ward)


def test_a_dead_probe_is_told_once_and_told_when_it_is_over() -> None:
    """A technician's matter: without it the scale knows less."""
    ward = Warm(warm_world())
    for _ in range(3):
        ward.is_warm(DEAD)
    assert faults(ward) == {("room:0", "probe.dead")}
    assert len([fact for fact in ward.facts if fact.type == "fault_raised"]) == 1
    ward.is_warm(22_000)
    assert not faults(ward)


def test_a_probe_that_hangs_in_a_fridge_is_the_fridges_to_tell_of() -> None:
    """One fault for one probe, and the scale in there has its temperature."""
    setting = warm_world()
    cold = replace(next(one for one in setting.layout.drawers if one.id == "fridge"), climate=Climate(PROBE, 2000, 8000, 600, 1800))
    drawers = tuple(cold if one.id == DrawerId("fridge") else one for one in setting.layout.drawers)
    ward = Warm(replace(setting, layout=layout(*drawers)))
    ward.is_warm(DEAD)
    ward.is_warm(5_000)
    assert len([fact for fact in ward.facts if fact.type == "fault_raised"]) == 1
    ward.weighs(FULL)
    go(ward, 2)
    assert temperatures(ward) == [5_000]


def test_the_temperature_of_the_last_weight_outlives_a_restart() -> None:
    """Eight kelvin between the last weight and the first: three pieces and more may be warmth, and no scale is in doubt for them."""
    for after, has_wandered in ((14_000, False), (21_900, True)):
        ward = Warm(warm_world())
        ward.is_warm(22_000)
        ward.weighs(FULL)
        go(ward, 2)
        ward.weighs(FULL - 2 * PIECE)
        ward.tick(2 * HOUR_S)
        ward.restart()
        ward.is_warm(after)
        ward.weighs(FULL - 2 * PIECE + 500)
        assert (("scale", "scale.wandered") in faults(ward)) is has_wandered
