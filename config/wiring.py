"""Rules of the cable: buses, boards, addresses and channels.

Alone knows: what each model of board offers, and which framing it speaks.
Must not know: what stands in a pocket (`stocking.py`).

Sources: Waveshare Modbus RTU Relay (D), 8 relays and 8 inputs, delivered at address 1; Laumas TLB, one load cell input;
MT-SICS, one balance at the end of its line, without an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from config.finding import Documents, Finding, doubles
from config.locate import KeyPath
from config.problem import nearest
from config.schema import SerialBus, TcpBus

FACTORY_ADDRESS = 1


@dataclass(frozen=True, slots=True)
class Model:
    """What one model of board has. `is_addressed` is false for an instrument that is alone on its line."""

    framings: tuple[str, ...]
    outputs: int = 0
    inputs: int = 0
    is_scale: bool = False
    is_addressed: bool = True


MODELS = {
    "waveshare_relay_d8": Model(("rtu", "mbap"), outputs=8, inputs=8),
    "laumas_tlb": Model(("rtu", "mbap"), is_scale=True),
    "mtsics": Model(("mtsics",), is_scale=True, is_addressed=False),
}


@dataclass(frozen=True, slots=True)
class _Use:
    """One channel named by the site: where, what for, and whether it is an output."""

    path: KeyPath
    channel: str
    is_output: bool


def buses_exist(documents: Documents) -> Iterator[Finding]:
    """A board sits on a bus of this site, and speaks its framing."""
    buses = {bus.id: bus for bus in documents.site.buses} if documents.site else {}
    for b, board in enumerate(documents.site.boards if documents.site else ()):
        bus = buses.get(board.bus)
        if bus is None:
            yield Finding("site", ("board", b, "bus"), f"there is no bus {board.bus!r}", nearest(board.bus, buses), "bus")
        elif bus.framing not in MODELS[board.model].framings:
            speaks = " or ".join(MODELS[board.model].framings)
            yield Finding("site", ("board", b, "bus"), f"{board.model} speaks {speaks}, but bus {bus.id} is framed as {bus.framing}")


def addresses_differ(documents: Documents) -> Iterator[Finding]:
    """Two devices at one address answer at once, and what arrives is neither answer."""
    boards = documents.site.boards if documents.site else ()
    first: dict[tuple[str, int], str] = {}
    for b, board in enumerate(boards):
        address = board.address if MODELS[board.model].is_addressed else 0
        other = first.setdefault((board.bus, address), board.id)
        if other == board.id:
            continue
        what = f"address {address} of bus {board.bus} already belongs to board {other}"
        if address == 0:
            what = f"{board.model} has no address and must be alone on its bus, but {other} is on {board.bus} too"
        yield Finding("site", ("board", b, "address"), what)


def factory_address_is_free(documents: Documents) -> Iterator[Finding]:
    """Every new board comes as address 1: a spare plugged in would answer for the board that stayed there."""
    for b, board in enumerate(documents.site.boards if documents.site else ()):
        if MODELS[board.model].is_addressed and board.address == FACTORY_ADDRESS:
            what = "address 1 is the factory default of every new board and stays free"
            yield Finding("site", ("board", b, "address"), what, "give the board an address from 2 on")


def lines_differ(documents: Documents) -> Iterator[Finding]:
    """Two buses do not share a serial port or a TCP address; nor do two pages of this machine share a port."""
    named: list[tuple[KeyPath, str]] = []
    for b, bus in enumerate(documents.site.buses if documents.site else ()):
        if isinstance(bus, SerialBus) and bus.port:
            named.append((("bus", b, "port"), bus.port))
        elif isinstance(bus, TcpBus) and bus.port:
            named.append((("bus", b, "port"), f"{bus.host}:{bus.port}"))
    if documents.site:
        pages = ((("kiosk", "port"), documents.site.kiosk.port), (("simulator", "page_port"), documents.site.simulator.page_port))
        named += [(path, f"127.0.0.1:{port}") for path, port in pages if port]
    for path, line in doubles(named):
        yield Finding("site", path, f"{line} is already in use in this site")


def channels_exist(documents: Documents) -> Iterator[Finding]:
    """A channel names a board of this site, and an output or input that the board has."""
    boards = {board.id: MODELS[board.model] for board in documents.site.boards} if documents.site else {}
    for use in _uses(documents):
        name, _, number = use.channel.partition(":")
        sort = "output" if use.is_output else "input"
        model = boards.get(name)
        if model is None:
            yield Finding("site", use.path, f"there is no board {name!r}", nearest(name, boards), "board")
            continue
        count = model.outputs if use.is_output else model.inputs
        if count == 0:
            yield Finding("site", use.path, f"board {name} has no {sort}s", "a scale is named by `weighed`" if model.is_scale else "")
        elif int(number) >= count:
            yield Finding("site", use.path, f"board {name} has {count} {sort}s, 0 to {count - 1}, not {number}")


def channels_differ(documents: Documents) -> Iterator[Finding]:
    """One output drives one thing, and one input tells of one thing."""
    for is_output in (True, False):
        uses = [(use.path, use.channel) for use in _uses(documents) if use.is_output is is_output]
        for path, channel in doubles(uses):
            yield Finding("site", path, f"{'output' if is_output else 'input'} {channel} is already in use in this site")


def scales_exist(documents: Documents) -> Iterator[Finding]:
    """A weighed pocket names a board that weighs."""
    boards = {board.id: MODELS[board.model] for board in documents.site.boards} if documents.site else {}
    scales = [name for name, model in boards.items() if model.is_scale]
    for path, pocket in documents.pockets():
        if pocket.weighed is None or pocket.weighed.scale in scales:
            continue
        scale = pocket.weighed.scale
        what = f"board {scale} is not a scale" if scale in boards else f"there is no scale {scale!r}"
        yield Finding("site", (*path, "weighed", "scale"), what, nearest(scale, scales), "board")


def scales_differ(documents: Documents) -> Iterator[Finding]:
    """One scale carries one pocket."""
    named: list[tuple[KeyPath, str]] = [
        ((*path, "weighed", "scale"), pocket.weighed.scale) for path, pocket in documents.pockets() if pocket.weighed
    ]
    for path, scale in doubles(named):
        yield Finding("site", path, f"scale {scale} already carries another pocket")


def _uses(documents: Documents) -> Iterator[_Use]:
    for d, drawer in enumerate(documents.site.drawers if documents.site else ()):
        yield _Use(("drawer", d, "lock"), drawer.lock, is_output=True)
        yield _Use(("drawer", d, "closed"), drawer.closed, is_output=False)
    for path, pocket in documents.pockets():
        named = (("lock", pocket.lock, True), ("light", pocket.light, True), ("lid", pocket.lid, False), ("bin", pocket.bin, False))
        for key, channel, is_output in named:
            if channel is not None:
                yield _Use((*path, key), channel, is_output)


RULES = (
    buses_exist,
    addresses_differ,
    factory_address_is_free,
    lines_differ,
    channels_exist,
    channels_differ,
    scales_exist,
    scales_differ,
)
