"""The truth about a bench as JSON, for the page, for scripts and for checks from outside.

Alone knows: the shape of `/api/v1/plant` and `/api/v1/lines`.
Must not know: who reads it, or over what.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from firmware_sim.assembly import Bench
from firmware_sim.conversation import Tally
from firmware_sim.fault import KINDS, Fault
from firmware_sim.osdp import OsdpReader
from firmware_sim.plant import Drawer, Pocket
from firmware_sim.scanner import Scanner

Json = dict[str, Any]
LAST_PULSES = 20
_MS = 1000.0


def plant_view(bench: Bench, labels: Mapping[str, str]) -> Json:
    """Everything that is really so now. `labels` names what a pocket is meant to hold."""
    plant = bench.plant
    now_s = plant.advance()
    return {
        "at_s": round(now_s, 3),
        "drawers": [_drawer(bench, drawer, now_s) for drawer in plant.drawers.values()],
        "pockets": [_pocket(pocket, labels.get(pocket.id, ""), now_s) for pocket in plant.pockets.values()],
        "buses": list(bench.segments),
        "boards": [board.id for board in bench.boards],
        "channels": sorted({*plant.coils, *plant.inputs, *plant.probes}),
        "probes": {channel: _milli_c(probe(now_s)) for channel, probe in plant.probes.items()},
        "energised": sorted(plant.energised()),
        "pulses": [asdict(pulse) for pulse in plant.pulses[-LAST_PULSES:]],
        "readers": [_reader(device) for device in bench.devices.values() if isinstance(device, OsdpReader)],
        "scanners": [device.id for device in bench.devices.values() if isinstance(device, Scanner)],
        "faults": [asdict(fault) for fault in bench.faults.active()],
    }


def _reader(reader: OsdpReader) -> Json:
    return {"id": reader.id, "light": reader.light, "beeps": reader.beeps, "is_secure": reader.is_secure}


def _drawer(bench: Bench, drawer: Drawer, now_s: float) -> Json:
    return {
        "id": drawer.id,
        "name": drawer.name,
        "kind": drawer.kind,
        "is_open": drawer.bolt.is_open,
        "is_released": drawer.bolt.is_withdrawn,
        "is_energised": bench.plant.coils[drawer.lock].is_energised,
        "pockets": list(drawer.pockets),
        "milli_c": None if drawer.probe is None else _milli_c(drawer.probe(now_s)),
    }


def _pocket(pocket: Pocket, label: str, now_s: float) -> Json:
    return {
        "id": pocket.id,
        "drawer": pocket.drawer,
        "label": label,
        "pieces": len(pocket.pile),
        "mass_mg": pocket.pile.mass_mg,
        "lid": None if pocket.lid is None else "open" if pocket.lid.is_open else "shut",
        "is_lit": None if pocket.light is None else pocket.light.is_energised,
        "is_seen": None if pocket.is_seen is None else pocket.is_seen(now_s),
        "is_weighed": pocket.cell is not None,
    }


def _milli_c(shown: float | None) -> int | None:
    return None if shown is None else round(shown)


def kinds_view() -> list[Json]:
    """Every kind of fault, with what the page proposes for its knob."""
    usual = Fault("")
    return [
        {"kind": kind.name, "scope": kind.scope, "sentence": kind.sentence, "knob": kind.knob,
         "usual": kind.usual or getattr(usual, kind.knob, None)}
        for kind in KINDS.values()
    ]  # fmt: skip


def line_view(bus: str, tally: Tally) -> Json:
    """How busy a line is, and how late the simulator itself spoke (ms)."""
    late = sorted(late_s * _MS for _, late_s in tally.lateness_s)
    return {
        "bus": bus,
        "requests": tally.requests,
        "replies": tally.replies,
        "late_ms": {"p50": _quantile(late, 0.50), "p99": _quantile(late, 0.99), "max": late[-1] if late else None},
    }


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))] if ordered else None
