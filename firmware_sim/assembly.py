"""A site's topology -> a bench: plant, boards and lines, joined the way the site says that they are wired.

Alone knows: which channel of which board drives or senses which part of the cabinet.
Must not know: the driver's register maps, or how a line is reached from outside.

Everything random comes from `seed` and the ids, so that one part more does not change the others' luck.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from config import schema
from firmware_sim.agenda import Agenda
from firmware_sim.bin import PhotoEye
from firmware_sim.bolt import Bolt, World
from firmware_sim.cable import Cable, Refuse
from firmware_sim.cell import LoadCell
from firmware_sim.coil import Coil, Pulse
from firmware_sim.contact import Contact
from firmware_sim.fault import Faults
from firmware_sim.fitting import FAMILIES, Addressed, Board, Reading, Sensing, Socket, Warmth, sheet
from firmware_sim.frame import Frame
from firmware_sim.fridge import Fridge, Probe
from firmware_sim.hand import Hand
from firmware_sim.pace import AT_ONCE, Pace
from firmware_sim.pile import Pile
from firmware_sim.plant import Drawer, Plant, Pocket
from firmware_sim.room import Room
from firmware_sim.segment import LATENCY_S, SEGMENTS, Segment

GATEWAY_BAUD = 115_200
"""The pace behind a gateway that carries RTU frames over TCP; a site names none."""

EXCHANGED = ("reader_plain", "reader_foreign_key", "board_new")
"""Kinds that put another board in a board's place: it starts anew."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A whole simulated cabinet. `cables` join in-process; `segments` and `paces` are what other ends of lines are made of.

    `adapters` are the lines that hang on a serial adapter, which can come back under another name.
    """

    plant: Plant
    hand: Hand
    faults: Faults
    boards: tuple[schema.Board, ...]
    devices: Mapping[str, Board]
    segments: dict[str, Segment]
    paces: dict[str, Pace]
    cables: dict[str, Cable]
    adapters: tuple[str, ...]
    speed: float


def _refuse(bus: str, why: str) -> Exception:
    return ConnectionError(f"{bus}: {why}")


def build(
    site: schema.Site,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
    *,
    latency_s: float = LATENCY_S,
    speed: float = 1.0,
    refuse: Refuse = _refuse,
) -> Bench:
    """Put a cabinet together, stocked with the site's openings.

    `clock` gives the plant's seconds (default: the running loop's time); `latency_s` is how long boards think; `speed` makes lines that
    much faster than life (whoever gives it also gives a clock that runs so); `refuse(bus, why)` makes what a cable's `open` raises while
    it is unplugged.
    """
    builder = _Builder(site, seed, clock or _loop_time)
    plant = builder.plant()
    segments = dict(builder.segments(latency_s))
    paces = {bus.id: _pace(bus, speed) for bus in site.buses}
    cables = {bus.id: Cable(segments[bus.id], bus.framing, paces[bus.id], plant.clock, builder.faults, refuse, speed) for bus in site.buses}
    adapters = tuple(bus.id for bus in site.buses if isinstance(bus, schema.SerialBus))
    hand = Hand(plant, builder.powered, _known_mg(site))
    return Bench(plant, hand, builder.faults, site.boards, builder.powered, segments, paces, cables, adapters, speed)


def _known_mg(site: schema.Site) -> dict[str, int]:
    """What one piece of an item weighs, where a pocket weighs it."""
    pockets = [pocket for drawer in site.drawers for pocket in drawer.pockets]
    return {pocket.item: pocket.weighed.unit_mass_mg for pocket in pockets if pocket.item is not None and pocket.weighed is not None}


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _pace(bus: schema.SerialBus | schema.TcpBus, speed: float) -> Pace:
    if isinstance(bus, schema.SerialBus):
        return Pace.of(bus.baud, bus.parity, bus.stop_bits, speed)
    return AT_ONCE if bus.framing in {"mbap", "nut"} else Pace.of(GATEWAY_BAUD, "none", 1, speed)


@dataclass(slots=True)
class _Builder:
    site: schema.Site
    seed: int
    clock: Callable[[], float]
    agenda: Agenda = field(init=False)
    faults: Faults = field(init=False)
    frame: Frame = field(default_factory=Frame)
    record: list[Pulse] = field(default_factory=list)
    coils: dict[str, Coil] = field(default_factory=dict)
    inputs: dict[str, Reading] = field(default_factory=dict)
    cells: dict[str, LoadCell] = field(default_factory=dict)
    room: Room = field(init=False)
    probes: dict[str, Warmth] = field(default_factory=dict)
    fridges: list[Fridge] = field(default_factory=list)
    powered: dict[str, Board] = field(default_factory=dict)
    blinking: set[str] = field(default_factory=set)
    fresh: dict[str, int] = field(default_factory=dict)
    """The address that a new board in a board's place has."""
    whole: Plant | None = None

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.clock())
        self.faults = Faults(self.rng("faults"))
        self.room = Room(self.agenda, self.faults, [board.id for board in self.site.boards if sheet(board.model).division_mg])

    def rng(self, part: str) -> random.Random:
        return random.Random(f"{self.seed}/{part}")

    def plant(self) -> Plant:
        piles = {pocket.id: self._pile(pocket) for drawer in self.site.drawers for pocket in drawer.pockets}
        self._weigh(piles)
        drawers: dict[str, Drawer] = {}
        pockets: dict[str, Pocket] = {}
        for shape in self.site.drawers:
            drawer = self._drawer(shape)
            drawers[shape.id] = drawer
            lids = [self._pocket(shape, pocket, piles[pocket.id], drawer.bolt) for pocket in shape.pockets]
            pockets.update({place.id: place for place in lids})
            drawer.bolt.opened = _nudging([place.lid for place in lids if place.lid is not None])
        self.whole = Plant(self.clock, self.agenda, self.faults, drawers, pockets, self.coils, self.inputs, self.cells, self.record)
        self.faults.listen(self.whole.settle_coils)
        for fridge in self.fridges:
            self.whole.on_change.append(fridge.settle)
            self.faults.listen(fridge.settle)
        self.faults.listen(self.room.settle)
        self.whole.probes = self.probes
        return self.whole

    def segments(self, latency_s: float) -> Iterator[tuple[str, Segment]]:
        for bus in self.site.buses:
            made = [self._board(board) for board in self.site.boards if board.bus == bus.id]
            yield bus.id, SEGMENTS[bus.framing](bus.id, made, self.agenda, self.faults, latency_s)
        self.faults.listen(self._supply)
        self.faults.listen(self._feel)
        self._sense()

    def _board(self, board: schema.Board) -> Board:
        shape = sheet(board.model)
        outputs = [self._coil(f"{board.id}:{number}") for number in range(shape.outputs)]
        inputs = [self.inputs.get(f"{board.id}:{number}", _open_wire) for number in range(shape.inputs)]
        made: Board = FAMILIES[shape.family](
            Socket(
                board.id, board.address, shape, {**shape.settings, **board.settings}, outputs, inputs, self.cells.get(board.id),
                self.agenda, self.faults, self.rng(f"board/{board.id}"),
                [self.probes.get(f"{board.id}:{number}") for number in range(shape.probes)],
            )
        )  # fmt: skip
        self.powered[board.id] = made
        if shape.factory_address is not None:
            self.fresh[board.id] = shape.factory_address
        return made

    def _supply(self) -> None:
        self.agenda.advance(self.clock())
        blinking = {name for name in self.cells if self.faults.holds("scale_restarts", name)}
        blinking |= {name for name in self.powered if any(self.faults.holds(kind, name) for kind in EXCHANGED)}
        for name, board in self.powered.items():
            if self.faults.holds("board_silent", name) or name in blinking - self.blinking:
                board.power_off(self.agenda.now_s)
            if name in blinking - self.blinking and self.faults.holds("board_new", name):
                cast("Addressed", board).address = self.fresh[name]
        self.blinking = blinking

    def _sense(self) -> None:
        """Boards that act upon their inputs by themselves, or remember them, hear of every change."""
        sensing = [board.sense for board in self.powered.values() if isinstance(board, Sensing)]
        if sensing and self.whole is not None:

            def sense() -> None:
                for feel in sensing:
                    feel(self.agenda.now_s)

            self.whole.on_change.append(sense)
            self.faults.listen(sense)

    def _feel(self) -> None:
        """What lies where it does not belong comes and goes with its fault."""
        for cell in self.cells.values():
            cell.check(self.agenda.now_s)

    def _weigh(self, piles: dict[str, Pile]) -> None:
        on_scale: defaultdict[str, list[tuple[str, Pile, int]]] = defaultdict(list)
        for drawer in self.site.drawers:
            for pocket in drawer.pockets:
                if pocket.weighed is not None:
                    on_scale[pocket.weighed.scale].append((pocket.id, piles[pocket.id], pocket.weighed.tray_mg))
        for board in self.site.boards:
            division_mg = sheet(board.model).division_mg
            if division_mg:
                load = _load(on_scale[board.id], self.faults)
                self.cells[board.id] = LoadCell(
                    board.id, load, division_mg, self.frame, self.faults, self.rng(f"cell/{board.id}"), self.room.milli_c
                )
        for cell, beside in pairwise([*self.cells.values(), *self.cells.values()]):
            cell.neighbour = beside if beside is not cell else None

    def _pile(self, pocket: schema.Pocket) -> Pile:
        weighed = pocket.weighed
        mass = (weighed.unit_mass_mg, weighed.spread_permille) if weighed is not None else (0, 0)
        pile = Pile(self.rng(f"pile/{pocket.id}"), *mass)
        pile.put(pocket.opening.units if pocket.opening is not None else 0)
        return pile

    def _drawer(self, shape: schema.Drawer) -> Drawer:
        bolt = self._bolt(shape.id, shape.lock, shape.closed, shape.home, has_spring=shape.kind != "fridge")
        probe = None
        if shape.temperature is not None:
            fridge = Fridge(shape.id, lambda: bolt.is_open, self.agenda, self.faults, self.rng(f"fridge/{shape.id}"))
            self.fridges.append(fridge)
            probe = self.probes[shape.temperature.probe] = Probe(shape.temperature.probe, fridge.milli_c, self.faults).read
        return Drawer(shape.id, shape.name, shape.kind, bolt, shape.lock, tuple(pocket.id for pocket in shape.pockets), probe)

    def _pocket(self, drawer: schema.Drawer, shape: schema.Pocket, pile: Pile, bolt: Bolt) -> Pocket:
        lid = None
        if shape.lock is not None:
            lid = self._bolt(shape.id, shape.lock, shape.lid, None, has_spring=True)
            lid.has_room = lambda: bolt.is_open
        eye = None
        if shape.bin is not None:
            eye = PhotoEye(shape.id, pile, self.faults).read
            self.inputs[shape.bin] = eye
        light = self._coil(shape.light) if shape.light is not None else None
        cell = self.cells[shape.weighed.scale] if shape.weighed is not None else None
        channel = None if shape.weighed is None else shape.weighed.probe
        if channel is not None and channel not in self.probes:
            self.probes[channel] = Probe(channel, self.room.milli_c, self.faults).read
        return Pocket(shape.id, drawer.id, pile, lid, light, cell, eye, shape.lock or "", shape.item or "")

    def _bolt(self, name: str, lock: str, closed: str | None, home: str | None, *, has_spring: bool) -> Bolt:
        contact, at_home = self._contact(closed), self._contact(home)
        world = World(self.agenda, self.frame, self.faults, self.rng(f"bolt/{name}"), self._changed)
        bolt = Bolt(name, world, contact, at_home, has_spring=has_spring)
        self._coil(lock).wire(bolt.feel)
        return bolt

    def _contact(self, channel: str | None) -> Contact | None:
        if channel is None:
            return None
        contact = Contact(channel, self.rng(f"contact/{channel}"), self.faults, is_on=True)
        self.inputs[channel] = contact.read
        return contact

    def _coil(self, channel: str) -> Coil:
        if channel not in self.coils:
            self.coils[channel] = Coil(channel, self.faults, self.record)
        return self.coils[channel]

    def _changed(self) -> None:
        if self.whole is not None:
            self.whole.changed()


def _open_wire(_at_s: float) -> bool:
    return False


def _load(places: list[tuple[str, Pile, int]], faults: Faults) -> Callable[[], int]:
    def foreign_mg(pocket: str) -> int:
        fault = faults.strikes("foreign_object", pocket)
        return 0 if fault is None else fault.mass_mg

    return lambda: sum(pile.mass_mg + tray_mg + foreign_mg(pocket) for pocket, pile, tray_mg in places)


def _nudging(lids: list[Bolt]) -> Callable[[float], None]:
    def nudge(at_s: float) -> None:
        for lid in lids:
            lid.nudge(at_s)

    return nudge
