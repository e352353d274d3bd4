"""A site file's tables -> the core's own frozen values.

Alone knows: how the words of a site, a formulary, a people file and a policy become layout, items, staff and rules.
Must not know: how the files were read, or what the core does with them.
"""

from cabinet.domain.core import Timing, World
from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.layout import Climate, Drawer, Layout, Levels, Lock, Opening, Pocket, Weighed
from cabinet.domain.orders import Order, Patient
from cabinet.domain.people import Role, Staff
from cabinet.domain.policy import CountStyle, Policy
from cabinet.domain.scale.counting import Teaching, Wander
from cabinet.domain.vocabulary import (
    BoardId,
    BusId,
    CabinetId,
    Channel,
    DrawerId,
    ItemId,
    OrderId,
    PatientId,
    PocketId,
    StaffId,
    Units,
)
from config.load import LoadedSite
from config.schema import Drawer as DrawerTable
from config.schema import Item as ItemTable
from config.schema import Opening as OpeningTable
from config.schema import Patient as PatientTable
from config.schema import Pocket as PocketTable
from config.schema import Policy as PolicyTable
from config.schema import Site
from config.schema import Weighed as WeighedTable


def world_of(loaded: LoadedSite) -> World:
    """Everything that the core is told once."""
    site, timing = loaded.site, loaded.site.timing
    people = loaded.people
    return World(
        layout=_layout(site),
        formulary={ItemId(table.id): _item(table) for table in loaded.formulary.items},
        staff={StaffId(s.id): Staff(StaffId(s.id), s.name, Role(s.role)) for s in (people.staff if people else ())},
        patients={PatientId(p.id): _patient(p) for p in (people.patients if people else ())},
        policy=_policy(loaded.policy, site.area),
        supply=None if site.power is None else BoardId(site.power.supply),
        timing=Timing(
            pulse_ms=timing.pulse_ms,
            look_s=timing.look_ms / 1000,
            session_idle_s=timing.session_idle_s,
            session_limit_s=timing.session_limit_s,
            drawer_open_call_s=timing.drawer_open_call_s,
            stuck_after_s=timing.stuck_after_s,
        ),
    )


def _layout(site: Site) -> Layout:
    buses = {BoardId(board.id): BusId(board.bus) for board in site.boards}
    return Layout(CabinetId(site.cabinet), site.name, site.area, tuple(_drawer(table) for table in site.drawers), buses)


def _drawer(table: DrawerTable) -> Drawer:
    drawer_id = DrawerId(table.id)
    lock = Lock(Channel.parse(table.lock), Channel.parse(table.closed), None if table.home is None else Channel.parse(table.home))
    return Drawer(drawer_id, table.name, lock, tuple(_pocket(pocket, drawer_id) for pocket in table.pockets), _climate(table))


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
    )


def _weighed(table: WeighedTable) -> Weighed:
    teaching = Teaching(table.sample, table.unit_mass_mg * table.sample, table.spread_permille)
    return Weighed(BoardId(table.scale), teaching, table.tray_mg, Wander(table.drift_mg_per_h))


def _opening(table: OpeningTable) -> Opening:
    return Opening(Units(table.units), table.lot or None, table.expiry.isoformat() if table.expiry else None)


def _item(table: ItemTable) -> Item:
    return Item(
        id=ItemId(table.id),
        name=table.tall_man,
        generic=table.generic,
        brands=table.brands,
        strength=table.strength,
        form=table.form,
        ndc=table.ndc,
        control_class=ControlClass(table.control_class),
        count_mode=CountMode(table.count_mode),
        count_unit=table.count_unit,
        is_high_alert=table.high_alert,
        look_alikes=tuple(ItemId(other) for other in table.look_alikes),
        therapeutic_class=table.therapeutic_class,
        kit=tuple((ItemId(line.item), line.units) for line in table.kit),
        is_critical=table.critical,
    )


def _patient(table: PatientTable) -> Patient:
    patient = PatientId(table.id)
    orders = tuple(
        Order(OrderId(o.id), patient, ItemId(o.item), o.dose, Units(o.units), o.route, o.schedule, o.verified) for o in table.orders
    )
    return Patient(patient, table.name, table.born.isoformat(), table.record, table.bed, table.allergies, table.weight_g, orders)


def _policy(table: PolicyTable, area: str) -> Policy:
    return Policy(
        kinds={Role(rule.role): frozenset(rule.kinds) for rule in table.roles},
        needs_order=next((rule.needs_order for rule in table.areas if rule.area == area), True),
        at_withdrawal={ControlClass(rule.control_class): CountStyle(rule.at_withdrawal) for rule in table.counts},
        max_pulses=table.max_pulses,
        refill_interval_h=table.refill_interval_h,
        battery_s=table.battery_minutes * 60,
        service_roles=frozenset(Role(role) for role in table.service_roles),
        maintenance_s=60 * table.maintenance_min,
        selftest_hour=table.selftest_hour,
        miscount_ppm=table.miscount_ppm,
        scale_check_days=table.scale_check_days,
        scale_tolerance_divisions=table.scale_tolerance_divisions,
        recovers={Role(rule.role): rule.recovers for rule in table.roles},
    )
