"""Rules of places: what may not stand in an open pocket, and what may not stand side by side.

Alone knows: which of these rules stop a site. Must not know: lids, cold, or a critical item's second way (`stocking.py`).

The cabinet judges a load by the same rules (ISMP 2019, elements 4 and 5); what is only cautioned against there is a warning here.
"""

from collections.abc import Iterator

from config.finding import Documents, Finding
from config.locate import KeyPath
from config.schema import Drawer, Item, Placing, Pocket


def paralytics_are_apart(documents: Documents) -> Iterator[Finding]:
    """What stops the breathing stands behind a lid of its own or in a sealed kit, and is never offered before its letters are typed."""
    for drawer, path, pocket in documents.placed_pockets():
        item = documents.items.get(pocket.item or "")
        if item is not None and item.paralytic and _is_open(drawer, pocket):
            what = f"{item.id} stops the breathing and needs a pocket with a lid of its own, or the sealed kit that holds it"
            yield Finding("site", (*path, "item"), what)
    for i, item in enumerate(documents.formulary.items if documents.formulary else ()):
        if item.paralytic and item.pinned:
            yield Finding("formulary", ("item", i, "pinned"), f"{item.id} stops the breathing and is never pinned by itself", "pin its kit")


def high_alerts_are_lidded(documents: Documents) -> Iterator[Finding]:
    """A high-alert item stands behind a lid of its own, where the policy refuses anything else."""
    if _rules(documents).high_alert != "refuse":
        return
    for drawer, path, pocket in documents.placed_pockets():
        item = documents.items.get(pocket.item or "")
        if item is not None and item.high_alert and not item.paralytic and _is_open(drawer, pocket):
            hint = "or set placing.high_alert in the policy"
            yield Finding("site", (*path, "item"), f"{item.id} is high-alert and needs a pocket with a lid of its own", hint)


def neighbours_differ(documents: Documents) -> Iterator[Finding]:
    """Look-alikes, and children's and grown-ups' strengths of one item, do not stand side by side."""
    for drawer, path, pocket, item, beside, other in _pairs(documents):
        if item.generic == other.generic and {item.population, other.population} == {"adult", "paediatric"}:
            what = f"{item.id} stands beside {other.id} in {beside.id}: one is for children, one for grown-ups"
            yield Finding("site", (*path, "item"), what)
        is_alike = other.id in item.look_alikes or item.id in other.look_alikes
        if is_alike and _rules(documents).look_alikes == "refuse" and (_is_open(drawer, pocket) or _is_open(drawer, beside)):
            yield Finding("site", (*path, "item"), f"{item.id} stands beside {other.id} in {beside.id}, and is mistaken for it")


def kits_are_as_controlled(documents: Documents) -> Iterator[Finding]:
    """A sealed kit is controlled as strictly as the strictest thing in it."""
    for i, kit in enumerate(documents.formulary.items if documents.formulary else ()):
        held = [item for line in kit.kit if (item := documents.items.get(line.item)) is not None]
        strictest = min((item.control_class for item in held if item.control_class != "none"), default="none")
        if strictest != "none" and (kit.control_class == "none" or kit.control_class > strictest):
            what = f"{kit.id} holds what is controlled ({strictest})"
            yield Finding("formulary", ("item", i, "kit"), what, f'control_class = "{strictest}"')


def order_sets_are_known(documents: Documents) -> Iterator[Finding]:
    """An order set and a neighbour's list name items of the formulary."""
    for s, chosen in enumerate(documents.formulary.order_sets if documents.formulary else ()):
        for n, line in enumerate(chosen.lines):
            if line.item not in documents.items:
                yield Finding("formulary", ("order_set", s, "line", n, "item"), f"the formulary has no item {line.item!r}", refers="item")
    if documents.formulary is None:
        return
    for n, neighbour in enumerate(documents.site.neighbours if documents.site else ()):
        for k, name in enumerate(neighbour.items):
            if name not in documents.items:
                yield Finding("site", ("neighbour", n, "items", k), f"the formulary has no item {name!r}", refers="item")


def _rules(documents: Documents) -> Placing:
    """The hospital's choice; where its file cannot be read nothing is said, which would echo that mistake."""
    return documents.policy.placing if documents.policy else Placing(high_alert="allow", look_alikes="allow")


def _is_open(drawer: Drawer, pocket: Pocket) -> bool:
    return pocket.lock is None and drawer.kind != "lidded"


def _pairs(documents: Documents) -> Iterator[tuple[Drawer, KeyPath, Pocket, Item, Pocket, Item]]:
    """Every two assigned pockets that touch by a side or a corner, once."""
    placed = [
        (drawer, path, pocket, item)
        for drawer, path, pocket in documents.placed_pockets()
        if (item := documents.items.get(pocket.item or "")) is not None
    ]
    for drawer, path, pocket, item in placed:
        columns, first = drawer.columns or len(drawer.pockets), int(path[-1])
        for _, other_path, beside, other in (one for one in placed if one[0] is drawer):
            second = int(other_path[-1])
            (row, column), (at, along) = divmod(first, columns), divmod(second, columns)
            if first < second and item.id != other.id and abs(at - row) <= 1 and abs(along - column) <= 1:
                yield drawer, path, pocket, item, beside, other


RULES = (paralytics_are_apart, high_alerts_are_lidded, neighbours_differ, kits_are_as_controlled, order_sets_are_known)
