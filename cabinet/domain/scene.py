"""One cabinet at this moment: what it was told, what it remembers, and what it sees without remembering it.

Alone knows: how furniture, state and sight answer a question together. Must not know: what is to be done about the answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil

from cabinet.domain import access as access_machine
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.kit.due import is_due as kit_is_due
from cabinet.domain.layout import Lock, Pocket
from cabinet.domain.lock.memory import DrawerState
from cabinet.domain.mode.memory import Contact
from cabinet.domain.orders import Order, Patient
from cabinet.domain.package.check import is_asked_for
from cabinet.domain.people import Staff
from cabinet.domain.policy import Policy
from cabinet.domain.quarantine import judging as quarantine
from cabinet.domain.scale.memory import Bench
from cabinet.domain.state import FINAL, Access, Line, State
from cabinet.domain.surroundings.memory import Sight
from cabinet.domain.vocabulary import Channel, DrawerId, ItemId, OrderId, PatientId, PocketId, Power, StaffId
from cabinet.domain.world import World


@dataclass
class Scene:
    """The whole that the handlers of events look at. `state` changes by facts alone."""

    site: World
    """As its files have it; `world` is the same with what was changed since."""
    state: State = field(default_factory=State)
    bins: dict[PocketId, bool] = field(default_factory=dict)
    """What each photo-eye saw last (True: empty). Not remembered across a start: a start looks again."""
    sights: dict[DrawerId, Sight] = field(default_factory=dict)
    """What was seen of each fridge since the start and the last log."""
    power: Power | None = None
    """What the supply said last; None while it cannot be asked."""
    on_battery_s: float | None = None
    """When (monotonic seconds) the supply first said since the start that it runs on battery; None while it does not."""
    unseen: set[Channel] = field(default_factory=set)
    """The doors that have not been looked at since the start."""
    bench: Bench = field(default_factory=Bench)
    """What is seen of the scales. Not remembered either."""
    contacts: dict[Channel, bool] = field(default_factory=dict)
    """What each contact of a lock said last, and its switch at home where it has one; forgotten when its board is lost."""
    moved_s: dict[str, float] = field(default_factory=dict)
    """When (monotonic seconds) a contact of each lock, by its name, was last seen to change."""
    unbidden_s: dict[str, float] = field(default_factory=dict)
    """When each lock last opened by itself, by hand or by key."""
    missed_s: dict[str, float] = field(default_factory=dict)
    """When the last pulse of each lock was looked for in vain."""

    touched_s: dict[str, float] = field(default_factory=dict)
    """When the person of each session last did something."""
    shut_s: dict[str, float] = field(default_factory=dict)
    """When the way to the pocket of each session's last access was last shut."""
    proven_s: dict[str, float] = field(default_factory=dict)
    """When the person of each session last proved who they are."""
    locked_until_s: dict[str, float] = field(default_factory=dict)
    """When the wait of each person whose sign-in is locked at a screen (`lock_of`) will be over, where it has an end."""
    contact: Contact | None = None
    """Whether the pharmacy is heard; None where nobody says so."""
    failed_sign_ins: dict[str, int] = field(default_factory=dict)
    """How many sign-ins at each screen failed since the last calm there."""

    _world: tuple[int, World] | None = None

    @property
    def world(self) -> World:
        """What the core was told once, with the items as they were changed since."""
        changed = self.state.reference
        if not changed.items_seq:
            return self.site
        if self._world is None or self._world[0] != changed.items_seq:
            items = {ItemId(item): record for item, record in changed.items.items()}
            self._world = changed.items_seq, replace(self.site, formulary=self.site.formulary | items)
        return self._world[1]

    def go_by(self, policy: Policy) -> None:
        """Let these rules hold from now on, instead of the site's."""
        self.site, self._world = replace(self.site, policy=policy), None

    def staff(self, person: str | None) -> Staff | None:
        """A person's record: as changed here, else as the site's file has it."""
        if person is None:
            return None
        return self.state.people.records.get(person) or self.world.staff.get(StaffId(person))

    def everybody(self) -> list[Staff]:
        """Every person on record, those that are switched off among them."""
        known = {str(one): staff for one, staff in self.world.staff.items()}
        return [*(known | self.state.people.records).values()]

    def look_again(self) -> None:
        """Nothing has been seen yet."""
        self.unseen = set(self.world.layout.lock_by_input)
        self.bins.clear()
        self.bench = Bench()
        self.contacts.clear()
        self.sights.clear()
        self.power = None
        self.on_battery_s = None

    def patient(self, patient: str | None) -> Patient | None:
        """A patient whom this cabinet knows, with their orders; who was merged into another is that other."""
        who = self.state.reference.who(patient or "")
        known = self.state.reference.patients.get(who) or self.site.patients.get(PatientId(who))
        return None if known is None else replace(known, orders=tuple(self._orders_of(who)))

    def patients(self) -> list[Patient]:
        """Every patient on record with their orders, those among them who have left (`reference/roll.py` says who is listed)."""
        known = dict.fromkeys([*self.site.patients, *map(PatientId, self.state.reference.patients)])
        found = (self.patient(one) for one in known if one not in self.state.reference.merged)
        return [patient for patient in found if patient is not None]

    def order(self, order: str | None) -> Order | None:
        """The order of this id, whosever it is now."""
        found = self.state.reference.orders.get(order or "") or self._site_orders.get(OrderId(order or ""))
        return None if found is None else replace(found, patient=PatientId(self.state.reference.who(found.patient)))

    def _orders_of(self, patient: str) -> Iterator[Order]:
        changed = self.state.reference
        sources = [one for one, into in changed.merged.items() if into == patient]
        for source in (patient, *sources):
            record = self.site.patients.get(PatientId(source))
            for order in () if record is None else record.orders:
                if order.id not in changed.orders:
                    yield replace(order, patient=PatientId(patient))
        for order_id in changed.orders_of.get(patient, ()):
            yield replace(changed.orders[order_id], patient=PatientId(patient))

    @cached_property
    def _site_orders(self) -> dict[OrderId, Order]:
        return {order.id: order for patient in self.site.patients.values() for order in patient.orders}

    def is_quarantined(self, line: Line) -> bool:
        """Whether what lies in a pocket must not be used now."""
        item = self.world.formulary.get(ItemId(line.item))
        return item is not None and quarantine.find(self.state.quarantines.values(), line, item) is not None

    @property
    def is_in_critical_override(self) -> bool:
        """Whether everything in the cabinet may be had without an order."""
        return self.state.mode == "critical_override"

    def drawer(self, lock: Lock) -> DrawerState:
        """A drawer or lid; one that no fact has spoken of yet is out of sight."""
        return self.state.drawers.get(lock.name) or DrawerState(lock.name)

    def item_of(self, access: Access) -> Item:
        """The item that an access is about."""
        return self.world.formulary[ItemId(access.item)]

    def pocket_of(self, access: Access) -> Pocket:
        """The pocket of an access that is not over; after its end the furniture may have changed."""
        return self.world.layout.pockets[PocketId(access.pocket)]

    def path(self, access: Access) -> tuple[Lock, ...]:
        """The locks on the way of an access, outermost first; none where it opens nothing."""
        return self.world.layout.path(self.pocket_of(access)) if row_of(access).opens else ()

    def accesses_behind(self, lock: Lock) -> list[tuple[Access, Pocket]]:
        """The accesses that are not over and have this lock on their way, with their pockets."""
        return [(access, self.pocket_of(access)) for access in self.state.active() if lock in self.path(access)]

    def at_drawers(self) -> list[Access]:
        """The accesses that are not over and open something."""
        return [access for access in self.state.active() if row_of(access).opens]

    def asks(self, access: Access) -> tuple[str, ...]:
        """What the cabinet asks of the person whose access this is."""
        if access.phase in FINAL:
            return ()
        asks = access_machine.asks(access, self.item_of(access), self.world.policy)
        if "confirm" in asks and self._asks_scan(access, self.item_of(access)):
            asks = ("scan", *asks)
        return ("open", *asks) if self.is_shut_out(access) else asks

    def _asks_scan(self, access: Access, item: Item) -> bool:
        """A kit's tag is asked for, and never in the way of who is in a hurry; a package is where policy wants it."""
        return kit_is_due(self.state, access, item) or is_asked_for(access, item, self.world.policy)

    def is_shut_out(self, access: Access) -> bool:
        """Whether the drawer was pushed shut over an open lid: it must be opened again for the lid to be closed."""
        states = [self.drawer(lock).state for lock in self.path(access)]
        return access.phase == "open" and states[0] == "latched" and "open" in states[1:]

    def holds_open(self, access: Access) -> bool:
        """Whether a lock of an access is being released or stands open. One that is out of sight holds nobody: it may stay so."""
        return any(self.drawer(lock).state in {"releasing", "open"} for lock in self.path(access))

    def is_failed(self, pocket: Pocket) -> bool:
        """Whether a lock on the way to a pocket has failed, is out of sight or cannot be released."""
        locks = self.world.layout.path(pocket)
        return any(self.drawer(lock).state in {"failed", "unknown"} or self.is_barred(lock) for lock in locks)

    def is_barred(self, lock: Lock) -> bool:
        """Whether a lock is not to be pulsed, whatever is seen of it: condemned, or the board of its coil is out of trust."""
        return self.state.is_condemned(lock.name) or lock.coil.board in self.state.failures

    def exposes_controlled(self, lock: Lock) -> bool:
        """Whether a controlled item can be reached once this lock alone is open."""
        lines = (self.state.lines.get(pocket.id) for pocket in self.world.layout.exposed_by(lock))
        items = (self.world.formulary.get(ItemId(line.item)) for line in lines if line is not None)
        return any(item is not None and item.is_controlled for item in items)

    def is_controlled_under_way(self, besides: Access | None = None) -> bool:
        """Whether somebody has a controlled item's access under way, or tries a failed drawer that exposes one."""
        if any(self.item_of(access).is_controlled for access in self.at_drawers() if access is not besides):
            return True
        return any(self.drawer(lock).is_on_trial and self.exposes_controlled(lock) for lock in self.world.layout.locks.values())

    def stuck_in_s(self, lock: Lock, now_s: float) -> int:
        """Whole seconds until an open drawer or lid may be said not to close; 0: now."""
        opened_s = self.moved_s.get(lock.name)
        return 0 if opened_s is None else max(0, ceil(opened_s + self.world.timing.stuck_after_s - now_s))

    def is_visited(self, pocket: Pocket) -> bool:
        """Whether somebody has an access to this pocket that is not over: until then its journal may lag behind the hand."""
        return any(access.pocket == pocket.id for access in self.at_drawers())
