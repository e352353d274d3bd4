"""A site's drawers and pockets -> the core's layout.

Alone knows: how the words of a site become locks, lids, lights, scales and probes. Must not know: items, people, rules.
"""

from cabinet.domain.layout import Climate, Drawer, Layout, Levels, Lock, Opening, Pocket, Weighed
from cabinet.domain.scale.counting import Teaching, Wander
from cabinet.domain.vocabulary import BoardId, BusId, CabinetId, Channel, DrawerId, ItemId, PocketId, Units
from config.schema import Drawer as DrawerTable
from config.schema import Opening as OpeningTable
from config.schema import Pocket as PocketTable
from config.schema import Site
from config.schema import Weighed as WeighedTable


def layout_of(site: Site) -> Layout:
    """Every drawer and pocket of a site."""
    buses = {BoardId(board.id): BusId(board.bus) for board in site.boards}
    return Layout(CabinetId(site.cabinet), site.name, site.area, tuple(_drawer(table) for table in site.drawers), buses)


def _drawer(table: DrawerTable) -> Drawer:
    drawer_id = DrawerId(table.id)
    lock = Lock(Channel.parse(table.lock), Channel.parse(table.closed), None if table.home is None else Channel.parse(table.home))
    return Drawer(
        drawer_id, table.name, lock, tuple(_pocket(pocket, drawer_id) for pocket in table.pockets), _climate(table),
        is_sprung=table.kind != "fridge", columns=table.columns, is_fridge=table.kind == "fridge",
    )  # fmt: skip


def _climate(table: DrawerTable) -> Climate | None:
    limits = table.temperature
    if limits is None:
        return None
    return Climate(Channel.parse(limits.probe), limits.low_mc, limits.high_mc, limits.alarm_after_s, limits.alarm_after_open_s)


def _pocket(table: PocketTable, drawer: DrawerId) -> Pocket:
    return Pocket(
        id=PocketId(table.id),
        drawer=drawer,
        item=None if table.item is None else ItemId(table.item),
        levels=Levels(Units(table.par), Units(table.min), Units(table.critical_low)),
        lid=None if table.lock is None or table.lid is None else Lock(Channel.parse(table.lock), Channel.parse(table.lid)),
        bin=None if table.bin is None else Channel.parse(table.bin),
        light=None if table.light is None else Channel.parse(table.light),
        weighed=None if table.weighed is None else _weighed(table.weighed),
        opening=None if table.opening is None else _opening(table.opening),
        capacity=table.capacity,
    )


def _weighed(table: WeighedTable) -> Weighed:
    teaching = Teaching(table.sample, table.unit_mass_mg * table.sample, table.spread_permille)
    probe = None if table.probe is None else Channel.parse(table.probe)
    return Weighed(BoardId(table.scale), teaching, table.tray_mg, Wander(table.drift_mg_per_h, table.drift_mg_per_k), probe)


def _opening(table: OpeningTable) -> Opening:
    return Opening(Units(table.units), table.lot or None, table.expiry.isoformat() if table.expiry else None, table.tags)
