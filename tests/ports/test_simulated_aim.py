"""Where each kind of fault is offered: nowhere that nothing comes of it, and for every kind somewhere in the workshop."""

from pathlib import Path

import pytest

import config
from config.load import load_site
from firmware_sim.aim import AIMS, NoSuchPlace, check, names, places
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import EVERYWHERE, KINDS

SITES = Path(config.__file__).parent / "sites"


def cabinet(site: str) -> Bench:
    """The simulated cabinet of one of the project's sites."""
    return build(load_site(SITES / f"{site}.toml").site, clock=lambda: 0.0)


def test_every_kind_of_fault_has_its_places() -> None:
    """A kind that stands in one table alone could not be aimed, or not be caused."""
    assert set(AIMS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_possible_in_the_workshop(kind: str) -> None:
    """The workshop has a board of every family; every place that is offered has an id that no other place has."""
    where = places(cabinet("workshop"), kind)
    assert where
    assert len(set(where)) == len(where)


def test_what_hangs_on_a_channel_is_said_beside_its_number() -> None:
    """A technician looks for the switch of the fridge, not for `locks-b:1`."""
    bench = cabinet("demo")
    assert names(bench, "relay_dead")["locks-b:1"] == "lock of Fridge"
    assert names(bench, "input_stuck_on")["locks-b:1"] == "switch of Fridge"
    assert names(bench, "latch_sticks")["n1-01"] == "in Narcotics"


@pytest.mark.parametrize(("kind", "target"), [("board_busy", "locks-a"), ("fridge_warm", "m1"), ("bin_blind", "m9-99")])
def test_a_fault_that_changes_nothing_there_is_refused(kind: str, target: str) -> None:
    """Who breaks a fridge that is no fridge would wait for an alarm that never comes."""
    bench = cabinet("demo")
    with pytest.raises(NoSuchPlace, match=kind):
        check(bench, kind, target)
    check(bench, kind, EVERYWHERE)
