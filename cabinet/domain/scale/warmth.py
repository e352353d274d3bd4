"""How warm it is beside the scales, as far as their probes are believed.

Alone knows: that a temperature is good for a while only, and that a probe which shows the very same for half an hour may be stuck. What is
not known is assumed (`counting.py`), and never to a scale's advantage.
Must not know: what warmth does to a scale, or what is too warm for a medicine.
"""

from cabinet.domain import events
from cabinet.domain.facts import FaultCleared, FaultRaised
from cabinet.domain.layout import Pocket
from cabinet.domain.scale.memory import Felt
from cabinet.domain.scene import Scene
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import BoardId, Instant, MilliC, ProbeFault

STALE_S = 600.0
"""An older temperature is none: a room may have warmed by half a kelvin since."""

STUCK_S = 1800.0
"""A probe that has shown exactly the same for so long may be stuck; where the room is that calm, little is lost by not believing it."""


def read(scene: Scene, turn: Turn, event: events.TemperatureRead) -> None:
    """A probe beside a scale was read. One that gives no temperature is told of once; of one in a fridge that is told already."""
    if not any(pocket.weighed is not None and pocket.weighed.probe == event.probe for pocket in scene.world.layout.pockets.values()):
        return
    felt = scene.bench.felt
    place, is_told_already = str(event.probe), event.probe in scene.world.layout.drawer_by_probe
    if isinstance(event.reading, ProbeFault):
        felt.pop(event.probe, None)
        if not is_told_already and not any(fault.code == event.reading.code for fault in scene.state.faults_at(place)):
            turn.record(FaultRaised(place, event.reading.code, event.reading.detail))
        return
    before = felt.get(event.probe)
    is_same = before is not None and before.milli_c == event.reading
    felt[event.probe] = Felt(event.reading, event.at.mono_s, before.since_s if before is not None and is_same else event.at.mono_s)
    for fault in [] if is_told_already else scene.state.faults_at(place):
        turn.record(FaultCleared(place, fault.code, "it gives a temperature again"))


def board_lost(scene: Scene, board: BoardId) -> None:
    """A thermometer does not answer: what its probes said is no longer so."""
    for probe in [probe for probe in scene.bench.felt if probe.board == board]:
        del scene.bench.felt[probe]


def beside(scene: Scene, pocket: Pocket, at: Instant) -> MilliC | None:
    """How warm it was beside a pocket's scale when it was read; None where no probe hangs there, or none that is believed."""
    probe = None if pocket.weighed is None else pocket.weighed.probe
    felt = None if probe is None else scene.bench.felt.get(probe)
    if felt is None or at.mono_s - felt.at_s > STALE_S or at.mono_s - felt.since_s >= STUCK_S:
        return None
    return felt.milli_c
