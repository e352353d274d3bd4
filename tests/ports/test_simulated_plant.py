"""The physics of the simulated cabinet, with time as an argument: bolts, springs, hands, contacts, pieces, scales."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.agenda import Agenda
from firmware_sim.assembly import Bench, build
from firmware_sim.cell import LoadCell
from firmware_sim.contact import BOUNCE_S
from firmware_sim.fault import Fault, UnknownFault
from firmware_sim.pile import Pile
from firmware_sim.store import keep, snapshot
from tests.simulated_site import small_site

PULSE_S = 0.3


def _masses_mg(pile: Pile) -> tuple[int, ...]:
    return tuple(piece.mass_mg for piece in pile.pieces)


class Scene:
    """A bench with a hand on its clock and on its coils."""

    def __init__(self, seed: int = 1) -> None:
        self.now_s = 100.0
        self.bench: Bench = build(small_site(), seed, lambda: self.now_s)
        self.plant, self.hand, self.faults = self.bench.plant, self.bench.hand, self.bench.faults

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds
        self.plant.advance()

    def pulse(self, channel: str, length_s: float = PULSE_S) -> None:
        """Energise a coil for a while and wait until it is over."""
        coil = self.plant.coils[channel]
        coil.switch(True, self.plant.advance())
        self.wait(length_s)
        coil.switch(False, self.now_s)

    def reads(self, channel: str) -> bool:
        """What an input carries now."""
        self.plant.advance()
        return self.plant.inputs[channel](self.now_s)

    def opened(self, drawer: str, lock: str) -> None:
        """Have a spring drawer open and at rest."""
        self.pulse(lock)
        self.wait(1.0)
        assert self.plant.is_open(drawer)


@pytest.fixture
def scene() -> Scene:
    """A fresh cabinet."""
    return Scene()


def test_a_released_drawer_springs_open_and_its_switch_says_so(scene: Scene) -> None:
    """The bolt takes 40 ms and the spring 120 ms more; the feedback switch reports the drawer, not the order."""
    assert scene.reads("a:0")
    scene.plant.coils["a:0"].switch(True, scene.now_s)
    scene.wait(0.150)
    assert not scene.plant.is_open("m")
    scene.wait(0.015)
    assert scene.plant.is_open("m")
    scene.wait(BOUNCE_S)
    assert not scene.reads("a:0")


def test_a_pulse_shorter_than_the_bolt_opens_nothing(scene: Scene) -> None:
    """A spike on the coil is no release."""
    scene.pulse("a:0", 0.030)
    scene.wait(1.0)
    assert not scene.plant.is_open("m")


def test_a_drawer_latches_when_it_is_pushed_and_only_then(scene: Scene) -> None:
    """It stays open until a person shuts it, and does not stay shut while its bolt is held back."""
    scene.opened("m", "a:0")
    scene.wait(60.0)
    assert scene.plant.is_open("m")
    scene.plant.coils["a:0"].switch(True, scene.now_s)
    scene.wait(0.1)
    assert not scene.hand.push("m")
    scene.plant.coils["a:0"].switch(False, scene.now_s)
    scene.wait(0.1)
    assert scene.hand.push("m")
    assert not scene.hand.pull("m")


def test_a_fridge_door_waits_for_a_hand_and_latches_again(scene: Scene) -> None:
    """Without a spring a release opens nothing by itself, and is gone after a few seconds."""
    scene.pulse("a:2")
    scene.wait(2.0)
    assert not scene.plant.is_open("f")
    assert scene.reads("a:2")
    assert scene.hand.pull("f")
    assert scene.hand.push("f")
    assert not scene.hand.pull("f")
    scene.pulse("a:2")
    scene.wait(3.0)
    assert not scene.hand.pull("f")


def test_a_lid_is_reached_through_its_open_drawer_only(scene: Scene) -> None:
    """A lid has no room to open under a closed drawer, and no hand gets at it."""
    scene.pulse("b:0")
    scene.wait(1.0)
    assert not scene.plant.is_lid_open("n1")
    assert scene.hand.take("n1", 1) == 0
    scene.opened("n", "a:1")
    assert not scene.hand.lift_lid("n1")
    assert scene.hand.take("n1", 1) == 0
    scene.pulse("b:0")
    scene.wait(1.0)
    assert scene.plant.is_lid_open("n1")
    assert not scene.plant.is_lid_open("n2")
    assert scene.hand.take("n1", 9) == 5
    assert scene.hand.close_lid("n1")
    assert scene.reads("b:0")


def test_a_hand_moves_what_is_there_and_no_more(scene: Scene) -> None:
    """What a person took is what the pocket lost."""
    assert scene.hand.put("m1", 3) == 0
    scene.opened("m", "a:0")
    assert (scene.hand.take("m1", 5), scene.plant.pieces("m1")) == (5, 7)
    assert (scene.hand.put("m1", 2), scene.plant.pieces("m1")) == (2, 9)
    assert (scene.hand.take("m1", 99), scene.plant.pieces("m1")) == (9, 0)


def test_a_photo_eye_sees_something_or_nothing(scene: Scene) -> None:
    """It never counts: one piece and a hundred look alike."""
    assert scene.reads("c:0")
    scene.opened("m", "a:0")
    scene.hand.take("m1", 11)
    assert scene.reads("c:0")
    scene.hand.take("m1", 1)
    assert not scene.reads("c:0")


def test_a_forced_drawer_opens_without_a_pulse(scene: Scene) -> None:
    """Nothing of it shows on the coils; only the switch tells."""
    assert scene.hand.force("n")
    scene.wait(0.1)
    assert not scene.reads("a:1")
    assert scene.plant.pulses == []


def test_contacts_bounce_and_come_to_rest(scene: Scene) -> None:
    """Some seed shows more than one edge, and 8 ms later every contact is at rest."""
    edges = []
    for seed in range(10):
        tried = Scene(seed)
        tried.hand.force("m")
        seen = []
        for _ in range(100):
            tried.wait(0.0001)
            seen.append(tried.reads("a:0"))
        edges.append(sum(a != b for a, b in pairwise([True, *seen])))
        assert not tried.reads("a:0")
    assert max(edges) > 1
    assert all(count % 2 == 1 for count in edges)


def test_a_pocket_weighs_what_its_pieces_weigh(scene: Scene) -> None:
    """Every piece has its own mass, near the one that was learned."""
    pile = scene.plant.pockets["m2"].pile
    assert len(set(_masses_mg(pile))) > 5
    assert pile.mass_mg == sum(_masses_mg(pile))
    assert pile.mass_mg / 40 == pytest.approx(300, rel=0.02)


def weigh(scene: Scene) -> tuple[float, bool]:
    """What the cell under m2 shows."""
    cell: LoadCell = scene.plant.cells["scale"]
    sample = cell.read(scene.plant.advance())
    return sample.mass_mg, sample.is_steady


def test_a_scale_settles_after_a_change_and_says_so(scene: Scene) -> None:
    """Right after a piece is taken the reading is between before and after, and not steady; then it stands at the new mass."""
    scene.opened("m", "a:0")
    before_mg, is_steady = weigh(scene)
    assert is_steady
    scene.hand.take("m2", 10)
    truth_mg = scene.plant.pockets["m2"].pile.mass_mg + 5000
    scene.wait(0.05)
    moving_mg, is_steady = weigh(scene)
    assert not is_steady
    assert truth_mg + 100 < moving_mg < before_mg - 100
    scene.wait(2.0)
    rest_mg, is_steady = weigh(scene)
    assert is_steady
    assert rest_mg == pytest.approx(truth_mg, abs=10)


def test_a_moving_drawer_shakes_every_scale(scene: Scene) -> None:
    """A weight taken while another drawer moves is no weight."""
    scene.wait(10.0)
    scene.hand.force("n")
    _, is_steady = weigh(scene)
    assert not is_steady
    scene.wait(2.0)
    _, is_steady = weigh(scene)
    assert is_steady


@pytest.mark.parametrize(("kind", "is_released"), [("latch_sticks", False), ("drawer_jammed", False), ("latch_slack", True)])
def test_a_broken_door_does_not_obey(scene: Scene, kind: str, is_released: bool) -> None:
    """A stuck latch or a jam keeps it shut; a slack latch lets it open and never holds it again."""
    scene.faults.cause(Fault(kind, "m"))
    scene.pulse("a:0")
    scene.wait(1.0)
    assert scene.plant.is_open("m") is is_released
    assert scene.hand.push("m") is not is_released
    scene.faults.mend()
    assert scene.hand.push("m")


def test_a_bolt_that_slips_seems_to_hold_at_first(scene: Scene) -> None:
    """Its contact says closed, and a moment later it is open again with nobody near it."""
    scene.faults.cause(Fault("drawer_creeps_open", "m"))
    scene.pulse("a:0")
    scene.wait(1.0)
    assert scene.hand.push("m")
    assert scene.plant.inputs["a:0"](scene.plant.advance())
    scene.wait(2.0)
    assert scene.plant.is_open("m")


def test_a_slow_lock_opens_later(scene: Scene) -> None:
    """Wear: the same pulse, the same drawer, a tenth of a second more."""
    scene.faults.cause(Fault("lock_slow", "m", delay_ms=100))
    scene.pulse("a:0", 0.15)
    scene.wait(0.05)
    assert not scene.plant.is_open("m")
    scene.wait(0.1)
    assert scene.plant.is_open("m")


def test_a_welded_relay_holds_its_lock_open_and_reads_back_off(scene: Scene) -> None:
    """The read-back is what was commanded; only the pulse that never ends and the drawer that never latches tell."""
    scene.faults.cause(Fault("relay_welded", "a:0"))
    scene.pulse("a:0")
    scene.wait(1.0)
    coil = scene.plant.coils["a:0"]
    assert (coil.is_commanded, coil.is_energised) == (False, True)
    assert not scene.hand.push("m")
    assert scene.plant.energised() == {"a:0"}
    scene.faults.mend("relay_welded")
    assert scene.plant.energised() == frozenset()
    assert scene.plant.pulses[0].length_s == pytest.approx(1.3)


def test_sensors_can_lie(scene: Scene) -> None:
    """Stuck inputs and covered eyes keep saying the same; the truth is elsewhere."""
    scene.faults.cause(Fault("input_stuck_on", "a:0"))
    scene.faults.cause(Fault("bin_covered", "m1"))
    scene.opened("m", "a:0")
    scene.hand.take("m1", 12)
    assert scene.reads("a:0")
    assert scene.reads("c:0")
    scene.faults.mend()
    assert not scene.reads("a:0")
    assert not scene.reads("c:0")


def test_a_frozen_scale_shows_the_same_for_ever(scene: Scene) -> None:
    """To the gram the same, and calls it stable: only that nothing changes gives it away."""
    scene.opened("m", "a:0")
    scene.faults.cause(Fault("scale_frozen", "scale"))
    first = weigh(scene)
    scene.hand.take("m2", 20)
    scene.wait(3.0)
    assert weigh(scene) == first
    scene.faults.mend()
    assert weigh(scene)[0] < first[0] - 5000


def test_a_fault_that_is_not_in_the_table_is_refused(scene: Scene) -> None:
    """A misspelt fault must not look like a cabinet that survives it."""
    with pytest.raises(UnknownFault, match="latch_sticks"):
        scene.faults.cause(Fault("latch_stick", "m"))


def test_dice_fall_as_often_as_they_are_told(scene: Scene) -> None:
    """A fault of probability 0.2 strikes about every fifth time, and is counted."""
    scene.faults.cause(Fault("reply_lost", "a", probability=0.2))
    struck = sum(scene.faults.holds("reply_lost", "a") for _ in range(1000))
    assert 150 < struck < 250
    assert scene.faults.fired["reply_lost"] == struck


def test_nothing_is_due_while_all_is_shut(scene: Scene) -> None:
    """Virtual time may jump as far as the plant names; a plant at rest names nothing."""
    assert scene.plant.next_s is None
    scene.plant.coils["a:0"].switch(True, scene.now_s)
    assert scene.plant.next_s == pytest.approx(scene.now_s + 0.040)


def test_pieces_outlive_the_process(tmp_path: Path) -> None:
    """A restart of the simulator makes no pills vanish and shuts no drawer."""
    path = tmp_path / "plant.json"
    first = Scene()
    keep(first.plant, path)
    first.hand.force("m")
    first.hand.take("m2", 7)
    masses = _masses_mg(first.plant.pockets["m2"].pile)
    second = Scene(seed=99)
    keep(second.plant, path)
    assert _masses_mg(second.plant.pockets["m2"].pile) == masses
    assert second.plant.is_open("m")
    assert not second.reads("a:0")
    assert weigh(second)[0] == pytest.approx(sum(masses) + 5000, abs=10)
    assert json.loads(path.read_text()) == snapshot(second.plant)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pull", "push", "force", "lift", "close", "take", "put", "pulse", "wait"]),
        st.sampled_from(["m", "n", "f"]),
        st.sampled_from(["m1", "m2", "n1", "n2", "f1"]),
        st.integers(1, 9),
    ),
    max_size=40,
)


@given(ACTS)
def test_pieces_are_neither_made_nor_lost(acts: list[tuple[str, str, str, int]]) -> None:
    """Whatever hands do: what lies in the pockets is what lay there, less what was taken, plus what was put."""
    scene = Scene()
    hand, plant = scene.hand, scene.plant
    expected = {name: plant.pieces(name) for name in plant.pockets}
    for act, drawer, pocket, units in acts:
        scene.wait(units / 10)
        was_reachable = plant.is_reachable(pocket)
        match act:
            case "take":
                taken = hand.take(pocket, units)
                assert was_reachable or taken == 0
                expected[pocket] -= taken
            case "put":
                expected[pocket] += hand.put(pocket, units)
            case "pulse":
                scene.pulse(f"a:{'mnf'.index(drawer)}")
            case "lift":
                hand.lift_lid(pocket)
            case "close":
                hand.close_lid(pocket)
            case "wait":
                scene.wait(float(units))
            case _:
                getattr(hand, act)(drawer)
        assert {name: plant.pieces(name) for name in plant.pockets} == expected


@given(ACTS)
def test_the_same_seed_and_acts_give_the_same_world(acts: list[tuple[str, str, str, int]]) -> None:
    """A failure is its seed: nothing in the plant comes from anywhere else."""
    worlds = []
    for _ in range(2):
        scene = Scene(seed=7)
        readings = []
        for act, drawer, pocket, units in acts:
            scene.wait(units / 20)
            if act == "pulse":
                scene.pulse(f"a:{'mnf'.index(drawer)}")
            elif act in {"take", "put"}:
                getattr(scene.hand, act)(pocket, units)
            elif act in {"pull", "push", "force"}:
                getattr(scene.hand, act)(drawer)
            readings.append((weigh(scene), scene.reads("a:0")))
        worlds.append((readings, snapshot(scene.plant)))
    assert worlds[0] == worlds[1]


@given(st.lists(st.floats(0, 100), max_size=30), st.lists(st.floats(0, 100), max_size=30))
def test_an_agenda_keeps_its_order_however_it_is_advanced(times: list[float], stops: list[float]) -> None:
    """Nothing happens early, late or twice because somebody looked more often."""
    agenda, done = Agenda(), list[tuple[float, float]]()
    for at_s in times:
        agenda.at(at_s, lambda due_s: done.append((due_s, agenda.now_s)))
    for stop in [*stops, 100.0]:
        agenda.advance(stop)
    assert [due for due, _ in done] == sorted(times)
    assert all(due == now for due, now in done)
