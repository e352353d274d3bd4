"""Rules of what is read or heard now and then: probes in fridges and beside scales, the supply, and what stands beside the screen.

Alone knows: that a probe is a channel of a thermometer, and which limits make sense.
Must not know: locks, and what is weighed or kept cold.
"""

from collections.abc import Iterator

from config.finding import Documents, Finding, doubles
from config.locate import KeyPath
from config.models import MODELS
from config.problem import nearest


def probes_exist(documents: Documents) -> Iterator[Finding]:
    """A probe is a channel that a thermometer of this site has. It hangs in one fridge, or where the scales are that name it."""
    thermometers = {
        board.id: MODELS[board.model].probes
        for board in (documents.site.boards if documents.site else ())
        if board.model in MODELS and MODELS[board.model].probes
    }
    cooled = _in_fridges(documents)
    for path, probe in [*cooled, *_beside_scales(documents)]:
        board, _, number = probe.partition(":")
        if board not in thermometers:
            yield Finding("site", path, f"there is no thermometer {board!r}", nearest(board, thermometers), "board")
        elif int(number) >= thermometers[board]:
            yield Finding("site", path, f"thermometer {board} has {thermometers[board]} probes, from 0 on, not {number}")
    for path, probe in doubles(cooled):
        yield Finding("site", path, f"probe {probe} already hangs in another fridge")


def probes_hang_beside_their_scales(documents: Documents) -> Iterator[Finding]:
    """A probe in a fridge tells of the scales in there, and of no other."""
    fridges = {drawer.temperature.probe: drawer.id for drawer in documents.site.drawers if drawer.temperature} if documents.site else {}
    for drawer, path, pocket in documents.placed_pockets():
        probe = None if pocket.weighed is None else pocket.weighed.probe
        if fridges.get(probe or "", drawer.id) != drawer.id:
            yield Finding(
                "site", (*path, "weighed", "probe"), f"probe {probe} hangs in fridge {fridges[probe or '']}, not beside this scale"
            )


def _in_fridges(documents: Documents) -> list[tuple[KeyPath, str]]:
    drawers = enumerate(documents.site.drawers if documents.site else ())
    return [(("drawer", d, "temperature", "probe"), drawer.temperature.probe) for d, drawer in drawers if drawer.temperature is not None]


def _beside_scales(documents: Documents) -> list[tuple[KeyPath, str]]:
    weighed = [(path, pocket.weighed) for path, pocket in documents.pockets() if pocket.weighed is not None]
    return [((*path, "weighed", "probe"), table.probe) for path, table in weighed if table.probe is not None]


def limits_are_in_order(documents: Documents) -> Iterator[Finding]:
    """A fridge's lowest temperature is below its highest, and only what is cooled has any."""
    for d, drawer in enumerate(documents.site.drawers if documents.site else ()):
        limits = drawer.temperature
        if limits is None:
            continue
        if limits.low_mc >= limits.high_mc:
            what = f"low_mc {limits.low_mc} is not below high_mc {limits.high_mc}"
            yield Finding("site", ("drawer", d, "temperature", "low_mc"), what)
        if drawer.kind != "fridge":
            yield Finding("site", ("drawer", d, "temperature"), f"drawer {drawer.id} is no fridge", 'its kind is "fridge"')


def kiosk_devices_exist(documents: Documents) -> Iterator[Finding]:
    """The reader and the scanner beside the screen are boards of this site, and of that kind."""
    site = documents.site
    if site is None:
        return
    for kind, name in (("reader", site.kiosk.reader), ("scanner", site.kiosk.scanner)):
        fitting = [board.id for board in site.boards if board.model in MODELS and MODELS[board.model].kind == kind]
        if name is not None and name not in fitting:
            yield Finding("site", ("kiosk", kind), f"there is no {kind} {name!r}", nearest(name, fitting), "board")


def supply_exists(documents: Documents) -> Iterator[Finding]:
    """The supply that feeds the cabinet is a board of this site that says where its power comes from."""
    site = documents.site
    if site is None or site.power is None:
        return
    supplies = [board.id for board in site.boards if board.model in MODELS and MODELS[board.model].kind == "supply"]
    if site.power.supply not in supplies:
        what = f"there is no supply {site.power.supply!r}"
        yield Finding("site", ("power", "supply"), what, nearest(site.power.supply, supplies), "board")


RULES = (probes_exist, probes_hang_beside_their_scales, limits_are_in_order, supply_exists, kiosk_devices_exist)
