"""Rules of the cable: buses, boards, addresses and channels.

Alone knows: what may hang on which line, at which address, and on which channel. What a model has stands in its file (`models.py`).
Must not know: what stands in a pocket (`stocking.py`).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from config.finding import Documents, Finding, doubles
from config.locate import KeyPath
from config.models import MODELS, Model
from config.problem import nearest
from config.schema import Board, SerialBus, TcpBus

NETWORK_FRAMINGS = ("mbap", "nut")
"""What is spoken over TCP alone."""


@dataclass(frozen=True, slots=True)
class _Use:
    """One channel named by the site: where, what for, and whether it is an output."""

    path: KeyPath
    channel: str
    is_output: bool


def models_exist(documents: Documents) -> Iterator[Finding]:
    """A board is of a model that there is, and chooses only what that model lets it choose."""
    for b, board in enumerate(documents.site.boards if documents.site else ()):
        model = MODELS.get(board.model)
        if model is None:
            yield Finding("site", ("board", b, "model"), f"there is no model {board.model!r}", nearest(board.model, MODELS))
            continue
        for name, value in board.settings.items():
            path: KeyPath = ("board", b, "settings", name)
            setting = model.settings.get(name)
            if setting is None:
                yield Finding("site", path, f"{board.model} has no setting {name!r}", nearest(name, model.settings))
            elif setting.choices and not any(value == choice and type(value) is type(choice) for choice in setting.choices):
                choices = ", ".join(str(choice).lower() for choice in setting.choices)
                yield Finding("site", path, f"{name} is one of {choices}, not {str(value).lower()}", setting.help)


def _known(documents: Documents) -> Iterator[tuple[int, Board, Model]]:
    """The boards whose model there is, each with its place in the file."""
    for b, board in enumerate(documents.site.boards if documents.site else ()):
        if board.model in MODELS:
            yield b, board, MODELS[board.model]


def buses_exist(documents: Documents) -> Iterator[Finding]:
    """A board sits on a bus of this site, and speaks its framing."""
    buses = {bus.id: bus for bus in documents.site.buses} if documents.site else {}
    for b, board, model in _known(documents):
        bus = buses.get(board.bus)
        if bus is None:
            yield Finding("site", ("board", b, "bus"), f"there is no bus {board.bus!r}", nearest(board.bus, buses), "bus")
        elif bus.framing not in model.framings:
            speaks = " or ".join(model.framings)
            yield Finding("site", ("board", b, "bus"), f"{board.model} speaks {speaks}, but bus {bus.id} is framed as {bus.framing}")


def framings_fit(documents: Documents) -> Iterator[Finding]:
    """Some framings exist on networks alone."""
    for b, bus in enumerate(documents.site.buses if documents.site else ()):
        if isinstance(bus, SerialBus) and bus.framing in NETWORK_FRAMINGS:
            yield Finding("site", ("bus", b, "framing"), f"{bus.framing} is spoken over TCP alone", 'kind = "tcp" with a host and a port')


def addresses_differ(documents: Documents) -> Iterator[Finding]:
    """Two devices at one address answer at once, and what arrives is neither answer."""
    framings = {bus.id: bus.framing for bus in documents.site.buses} if documents.site else {}
    first: dict[str, dict[int | None, str]] = defaultdict(dict)
    for b, board, model in _known(documents):
        if framings.get(board.bus) not in model.framings:
            continue
        there = first[board.bus]
        address = board.address if model.is_addressed else None
        other = next(iter(there.values()), None) if address is None or None in there else there.get(address)
        there.setdefault(address, board.id)
        if other is None:
            continue
        what = f"address {address} of bus {board.bus} already belongs to board {other}"
        if address is None or None in there:
            what = f"a board without an address must be alone on its bus, but {other} and {board.id} share {board.bus}"
        yield Finding("site", ("board", b, "address"), what)


def addresses_can_be_set(documents: Documents) -> Iterator[Finding]:
    """A board has an address of its model's range, and never the one that every new board comes with: a spare would answer for it."""
    for b, board, model in _known(documents):
        if model.addresses is None:
            continue
        lowest, highest = model.addresses
        if board.address == model.factory_address:
            what = f"address {board.address} is the factory default of every new {board.model} and stays free"
            yield Finding("site", ("board", b, "address"), what, "give the board another address")
        elif not lowest <= board.address <= highest:
            yield Finding("site", ("board", b, "address"), f"{board.model} has addresses {lowest} to {highest}, not {board.address}")


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
    boards = {board.id: model for _, board, model in _known(documents)}
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


def lights_can_stay_on(documents: Documents) -> Iterator[Finding]:
    """A guide light hangs on an output that may stay on; a lock board's never do."""
    boards = {board.id: model for _, board, model in _known(documents)}
    for path, pocket in documents.pockets():
        model = boards.get(pocket.light.partition(":")[0]) if pocket.light is not None else None
        if model is not None and not model.holds:
            yield Finding("site", (*path, "light"), f"every output of a {model.title} is a lock, and none can stay on", "use an I/O board")


def watchdogs_are_fed(documents: Documents) -> Iterator[Finding]:
    """A board that switches itself off when it is asked nothing is asked often enough, also while its line recovers from a lost answer."""
    site = documents.site
    buses = {bus.id: bus for bus in site.buses} if site else {}
    for b, board, model in _known(documents):
        watchdog_ms = model.settled(board.settings).get("watchdog_ms")
        if site is None or not isinstance(watchdog_ms, int) or board.bus not in buses:
            continue
        bus = buses[board.bus]
        pause_ms = max(site.timing.scan_ms, site.timing.bin_scan_ms) + bus.reply_timeout_ms + bus.quiet_ms
        if watchdog_ms <= pause_ms:
            what = f"the watchdog of {board.id} fires after {watchdog_ms} ms, but its scan may pause for {pause_ms} ms"
            yield Finding("site", ("board", b, "settings", "watchdog_ms"), what, "set watchdog_ms higher, or bin_scan_ms lower")


def scales_exist(documents: Documents) -> Iterator[Finding]:
    """A weighed pocket names a board that weighs."""
    boards = {board.id: model for _, board, model in _known(documents)}
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
        if drawer.home is not None:
            yield _Use(("drawer", d, "home"), drawer.home, is_output=False)
    for path, pocket in documents.pockets():
        named = (("lock", pocket.lock, True), ("light", pocket.light, True), ("lid", pocket.lid, False), ("bin", pocket.bin, False))
        for key, channel, is_output in named:
            if channel is not None:
                yield _Use((*path, key), channel, is_output)


RULES = (
    models_exist,
    buses_exist,
    framings_fit,
    addresses_differ,
    addresses_can_be_set,
    lines_differ,
    channels_exist,
    channels_differ,
    lights_can_stay_on,
    watchdogs_are_fed,
    scales_exist,
    scales_differ,
)
