"""The truth about a bench as JSON, for the page, for scripts and for checks from outside.

Alone knows: the shape of `/api/v1/plant` and `/api/v1/lines`.
Must not know: who reads it, or over what.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from firmware_sim.aim import AIMS, names
from firmware_sim.assembly import Bench
from firmware_sim.conversation import Tally
from firmware_sim.display import OFF
from firmware_sim.fault import KINDS, Fault
from firmware_sim.fitting import Weighing
from firmware_sim.nut import Nut
from firmware_sim.osdp import OsdpReader
from firmware_sim.plant import Drawer, Pocket
from firmware_sim.scanner import Scanner
from firmware_sim.scenery import Box

Json = dict[str, Any]
LAST_PULSES = 20
_MS = 1000.0
_NO_BOX = Box("", "")


def plant_view(bench: Bench, boxes: Mapping[str, Box]) -> Json:
    """Everything that is really so now. `boxes` say how the items of this cabinet are labelled."""
    plant = bench.plant
    now_s = plant.advance()
    return {
        "at_s": round(now_s, 3),
        "drawers": [_drawer(bench, drawer, now_s) for drawer in plant.drawers.values()],
        "pockets": [_pocket(bench, pocket, boxes, now_s) for pocket in plant.pockets.values()],
        "bin": [{"item": item, "label": boxes.get(item, Box(item, item)).label, "pieces": pieces} for item, pieces in plant.bin.items()],
        "buses": list(bench.segments),
        "boards": [board.id for board in bench.boards],
        "wiring": [_wires(bench, bus) for bus in bench.segments],
        "channels": sorted({*plant.coils, *plant.inputs, *plant.probes}),
        "probes": {channel: _milli_c(probe(now_s)) for channel, probe in plant.probes.items()},
        "energised": sorted(plant.energised()),
        "pulses": [asdict(pulse) for pulse in plant.pulses[-LAST_PULSES:]],
        "scales": [_scale(bench, name, device, now_s) for name, device in bench.devices.items() if isinstance(device, Weighing)],
        "supplies": [_supply(device, now_s) for device in bench.devices.values() if isinstance(device, Nut)],
        "readers": [_reader(device) for device in bench.devices.values() if isinstance(device, OsdpReader)],
        "scanners": [device.id for device in bench.devices.values() if isinstance(device, Scanner)],
        "faults": [asdict(fault) | {"has_struck": bench.faults.has_struck(fault)} for fault in bench.faults.active()],
    }


def apparent(view: Json) -> Json:
    """What an onlooker can tell from another moment: time passes unseen, and warmth by a tenth of a degree."""
    drawers = [drawer | {"milli_c": _tenth(drawer["milli_c"])} for drawer in view["drawers"]]
    supplies = [supply | {"left_s": supply["left_s"] // 60} for supply in view["supplies"]]
    return view | {"at_s": 0, "drawers": drawers, "supplies": supplies, "probes": [_tenth(shown) for shown in view["probes"].values()]}


def _tenth(milli_c: int | None) -> int | None:
    return None if milli_c is None else round(milli_c / 100)


def _wires(bench: Bench, bus: str) -> Json:
    """One line's cable, and the boards that hang on it."""
    return {"bus": bus, "boards": [{"id": board.id, "model": board.model} for board in bench.boards if board.bus == bus]}


def _reader(reader: OsdpReader) -> Json:
    return {"id": reader.id, "light": reader.light, "beeps": reader.beeps, "is_secure": reader.is_secure}


def _supply(supply: Nut, now_s: float) -> Json:
    battery = supply.battery
    return {
        "id": supply.id, "is_on_mains": battery.is_on_mains, "percent": math.floor(battery.percent(now_s)), "left_s": battery.left_s(now_s),
    }  # fmt: skip


def _scale(bench: Bench, name: str, board: Weighing, now_s: float) -> Json:
    """What a scale's own face shows; `pockets` are those that stand on it."""
    shown = OFF if bench.faults.is_on("board_silent", name) else board.face(now_s)
    cell = bench.plant.cells[name]
    pockets = [pocket.id for pocket in bench.plant.pockets.values() if pocket.cell is cell]
    return {"id": name, "pockets": pockets, "state": shown.state, "digits": shown.digits, "unit": shown.unit, "is_steady": shown.is_steady}


def _drawer(bench: Bench, drawer: Drawer, now_s: float) -> Json:
    return {
        "id": drawer.id,
        "name": drawer.name,
        "kind": drawer.kind,
        "is_open": drawer.bolt.is_open,
        "is_released": drawer.bolt.is_withdrawn,
        "is_energised": bench.plant.coils[drawer.lock].is_energised,
        "pockets": list(drawer.pockets),
        "lock": drawer.lock,
        "switches": list(drawer.bolt.switches),
        "milli_c": None if drawer.probe is None else _milli_c(drawer.probe(now_s)),
    }


def _pocket(bench: Bench, pocket: Pocket, boxes: Mapping[str, Box], now_s: float) -> Json:
    own = boxes.get(pocket.item, _NO_BOX)
    return {
        "id": pocket.id,
        "drawer": pocket.drawer,
        "item": pocket.item,
        "label": own.label,
        "form": own.form,
        "pieces": len(pocket.pile),
        "strangers": [{"item": item, "label": boxes.get(item, Box(item, item)).label, "pieces": pieces}
                      for item, pieces in pocket.pile.strangers.items()],
        "mass_mg": pocket.pile.mass_mg,
        "lid": None if pocket.lid is None else "open" if pocket.lid.is_open else "shut",
        "is_lid_released": None if pocket.lid is None else pocket.lid.is_withdrawn,
        "is_lid_energised": None if pocket.lid is None else bench.plant.coils[pocket.lock].is_energised,
        "lock": pocket.lock or None,
        "switches": [] if pocket.lid is None else list(pocket.lid.switches),
        "light": None if pocket.light is None else pocket.light.channel,
        "is_lit": None if pocket.light is None else pocket.light.is_energised,
        "is_seen": None if pocket.is_seen is None else pocket.is_seen(now_s),
        "is_weighed": pocket.cell is not None,
    }  # fmt: skip


def _milli_c(shown: float | None) -> int | None:
    return None if shown is None else round(shown)


def kinds_view(bench: Bench) -> list[Json]:
    """Every kind of fault in the order of its group, with where it is possible here and what the page proposes for its knob."""
    usual = Fault("")
    return [
        {
            "kind": kind.name, "group": aim.group, "scope": kind.scope, "sentence": kind.sentence, "knob": kind.knob,
            "usual": kind.usual or getattr(usual, kind.knob, None),
            "places": [{"id": place, "name": names(bench, kind.name).get(place, "")} for place in aim.places(bench)],
        }
        for kind, aim in ((KINDS[name], aim) for name, aim in AIMS.items())
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
