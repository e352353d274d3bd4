"""Rules of the pockets: what may stand where, and how much of it.

Alone knows: which items need a lid, the cold or a second place, and how the levels of a pocket lie to each other.
Must not know: how a pocket is wired (`wiring.py`).
"""

from collections.abc import Iterator
from itertools import combinations

from config.finding import Documents, Finding
from config.locate import KeyPath
from config.problem import nearest


def lids_are_whole(documents: Documents) -> Iterator[Finding]:
    """A lidded pocket has a lock and an input that tells of its lid; one without the other is a lid that nobody watches."""
    for drawer, path, pocket in documents.placed_pockets():
        if drawer.kind == "lidded" and pocket.lock is None:
            yield Finding("site", path, "a pocket of a lidded drawer needs a 'lock'")
        if pocket.lid is None and (drawer.kind == "lidded" or pocket.lock is not None):
            yield Finding("site", path, "a pocket with a lock needs 'lid', the input that tells of its lid")
        if pocket.lid is not None and pocket.lock is None and drawer.kind != "lidded":
            yield Finding("site", (*path, "lid"), "a pocket with a 'lid' needs a 'lock'")


def levels_are_in_order(documents: Documents) -> Iterator[Finding]:
    """critical_low <= min <= par <= capacity."""
    for path, pocket in documents.pockets():
        if pocket.par < pocket.min:
            yield Finding("site", (*path, "par"), f"par {pocket.par} is below min {pocket.min}")
        if pocket.min < pocket.critical_low:
            yield Finding("site", (*path, "min"), f"min {pocket.min} is below critical_low {pocket.critical_low}")
        if pocket.capacity is not None and pocket.capacity < pocket.par:
            yield Finding("site", (*path, "capacity"), f"capacity {pocket.capacity} is below par {pocket.par}")


def openings_fit(documents: Documents) -> Iterator[Finding]:
    """What stands in a pocket at first is some item, and fits in."""
    for path, pocket in documents.pockets():
        if pocket.opening is None:
            continue
        if pocket.item is None:
            yield Finding("site", (*path, "opening"), "a pocket without an item holds nothing", "name its 'item'")
        if pocket.capacity is not None and pocket.opening.units > pocket.capacity:
            what = f"{pocket.opening.units} units do not fit into a capacity of {pocket.capacity}"
            yield Finding("site", (*path, "opening", "units"), what)


def items_are_known(documents: Documents) -> Iterator[Finding]:
    """A pocket holds an item of the formulary."""
    if documents.formulary is None:
        return
    for path, pocket in documents.pockets():
        if pocket.item is not None and pocket.item not in documents.items:
            hint = nearest(pocket.item, documents.items)
            yield Finding("site", (*path, "item"), f"the formulary has no item {pocket.item!r}", hint, "item")


def controlled_items_are_lidded(documents: Documents) -> Iterator[Finding]:
    """A controlled item lies behind a lid of its own: in an open drawer every hand in it reaches every pocket."""
    for drawer, path, pocket in documents.placed_pockets():
        item = documents.items.get(pocket.item or "")
        if item is not None and item.control_class != "none" and pocket.lock is None and drawer.kind != "lidded":
            what = f"{item.id} is controlled ({item.control_class}) and needs a pocket with a lid of its own"
            yield Finding("site", (*path, "item"), what, "move it to a lidded drawer")


def cold_items_are_cold(documents: Documents) -> Iterator[Finding]:
    """A refrigerated item lies in a fridge, unless it may be kept for days out of it."""
    for drawer, path, pocket in documents.placed_pockets():
        item = documents.items.get(pocket.item or "")
        if item is not None and item.refrigerated and not item.room_days and drawer.kind != "fridge":
            yield Finding("site", (*path, "item"), f"{item.id} is refrigerated and needs a pocket of a fridge")


def critical_items_stand_twice(documents: Documents) -> Iterator[Finding]:
    """A critical item that this cabinet holds is reached in two ways that share neither lock nor line: one fault leaves the other."""
    buses = {board.id: board.bus for board in documents.site.boards} if documents.site else {}
    places: dict[str, list[tuple[KeyPath, set[str], set[str]]]] = {}
    for drawer, path, pocket in documents.placed_pockets():
        item = documents.items.get(pocket.item or "")
        if item is not None and item.critical:
            locks = {drawer.lock} | ({pocket.lock} if pocket.lock is not None else set())
            channels = {drawer.lock, drawer.closed, pocket.lock or drawer.lock, pocket.lid or drawer.closed}
            lines = {buses.get(channel.partition(":")[0], channel) for channel in channels}
            places.setdefault(item.id, []).append(((*path, "item"), locks, lines))
    for name, found in places.items():
        if not any(one[1].isdisjoint(two[1]) and one[2].isdisjoint(two[2]) for one, two in combinations(found, 2)):
            what = f"{name} is critical and can be reached in one way only: its pockets share a lock or a line"
            yield Finding("site", found[0][0], what, "put it into a second drawer whose lock and contact hang on another bus")


RULES = (
    lids_are_whole,
    levels_are_in_order,
    openings_fit,
    items_are_known,
    controlled_items_are_lidded,
    cold_items_are_cold,
    critical_items_stand_twice,
)
