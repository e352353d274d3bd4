"""Rules between values: what a schema of single values cannot say. One pure function for each rule.

Alone knows: the rules of names, formulary, people and policy, and the list of all rules.
Must not know: files and lines (`load.py`); wiring, pockets and instruments have rooms of their own.
"""

from collections.abc import Callable, Iterator
from typing import get_args

from config import instrument, placing, stocking, weighing, wiring
from config.finding import Documents, Finding, doubles
from config.locate import KeyPath
from config.problem import nearest
from config.schema import ControlClass

Rule = Callable[[Documents], Iterator[Finding]]


def findings(documents: Documents) -> Iterator[Finding]:
    """Everything that breaks a rule in the documents that could be read."""
    for rule in RULES:
        yield from rule(documents)


def site_ids_differ(documents: Documents) -> Iterator[Finding]:
    """Buses, boards, drawers and pockets each have ids of their own; a pocket's is unique in the whole cabinet."""
    site = documents.site
    if site is None:
        return
    kinds: dict[str, list[tuple[KeyPath, str]]] = {
        "bus": [(("bus", b), bus.id) for b, bus in enumerate(site.buses)],
        "board": [(("board", b), board.id) for b, board in enumerate(site.boards)],
        "drawer": [(("drawer", d), drawer.id) for d, drawer in enumerate(site.drawers)],
        "pocket": [(path, pocket.id) for path, pocket in documents.pockets()],
    }
    for kind, named in kinds.items():
        for path, name in doubles(named):
            yield Finding("site", (*path, "id"), f"there is another {kind} {name!r}")


def timing_is_in_order(documents: Documents) -> Iterator[Finding]:
    """A pulse ends before looking does, and a session is not left alone for longer than it may last."""
    if documents.site is None:
        return
    timing = documents.site.timing
    if timing.look_ms <= timing.pulse_ms:
        yield Finding("site", ("timing", "look_ms"), f"look_ms {timing.look_ms} ends before the pulse of {timing.pulse_ms} ms")
    if timing.session_limit_s < timing.session_idle_s:
        what = f"session_limit_s {timing.session_limit_s} is below session_idle_s {timing.session_idle_s}"
        yield Finding("site", ("timing", "session_limit_s"), what)


def item_ids_differ(documents: Documents) -> Iterator[Finding]:
    """One id and one NDC name one item."""
    items = documents.formulary.items if documents.formulary else ()
    for path, name in doubles((("item", i, "id"), item.id) for i, item in enumerate(items)):
        yield Finding("formulary", path, f"there is another item {name!r}")
    for path, name in doubles((("item", i, "ndc"), item.ndc) for i, item in enumerate(items)):
        yield Finding("formulary", path, f"another item has the NDC {name}")


def look_alikes_are_known(documents: Documents) -> Iterator[Finding]:
    """An item looks like another item of the formulary."""
    for i, item in enumerate(documents.formulary.items if documents.formulary else ()):
        for k, other in enumerate(item.look_alikes):
            path = ("item", i, "look_alikes", k)
            if other == item.id:
                yield Finding("formulary", path, f"{other!r} is the item itself")
            elif other not in documents.items:
                yield Finding("formulary", path, f"the formulary has no item {other!r}", nearest(other, documents.items), "item")


def kits_are_known(documents: Documents) -> Iterator[Finding]:
    """A kit holds items of the formulary, and no kits."""
    for i, item in enumerate(documents.formulary.items if documents.formulary else ()):
        for k, line in enumerate(item.kit):
            path = ("item", i, "kit", k, "item")
            inner = documents.items.get(line.item)
            if inner is None:
                yield Finding("formulary", path, f"the formulary has no item {line.item!r}", nearest(line.item, documents.items), "item")
            elif inner.kit:
                yield Finding("formulary", path, f"{line.item} is a kit, and a kit holds no kits")


def tall_man_spells_the_name(documents: Documents) -> Iterator[Finding]:
    """Tall-man letters change the size of a name's letters and nothing else."""
    for i, item in enumerate(documents.formulary.items if documents.formulary else ()):
        if item.tall_man.casefold() != item.generic.casefold():
            what = f"{item.tall_man!r} does not spell the generic name {item.generic!r}"
            yield Finding("formulary", ("item", i, "tall_man"), what)


def people_differ(documents: Documents) -> Iterator[Finding]:
    """A badge belongs to one person, a record number to one patient, an id to one of its kind."""
    people = documents.people
    if people is None:
        return
    orders: list[tuple[KeyPath, str]] = [
        (("patient", p, "order", o, "id"), order.id) for p, patient in enumerate(people.patients) for o, order in enumerate(patient.orders)
    ]
    kinds: dict[str, list[tuple[KeyPath, str]]] = {
        "another staff member has the id": [(("staff", s, "id"), member.id) for s, member in enumerate(people.staff)],
        "another staff member has the badge": [(("staff", s, "badge"), one.badge) for s, one in enumerate(people.staff) if one.badge],
        "another patient has the id": [(("patient", p, "id"), patient.id) for p, patient in enumerate(people.patients)],
        "another patient has the record": [(("patient", p, "record"), patient.record) for p, patient in enumerate(people.patients)],
        "another order has the id": orders,
    }
    for words, named in kinds.items():
        for path, value in doubles(named):
            yield Finding("people", path, f"{words} {value!r}")


def orders_are_known(documents: Documents) -> Iterator[Finding]:
    """An order asks for an item of the formulary."""
    if documents.people is None or documents.formulary is None:
        return
    for p, patient in enumerate(documents.people.patients):
        for o, order in enumerate(patient.orders):
            if order.item not in documents.items:
                path = ("patient", p, "order", o, "item")
                yield Finding("people", path, f"the formulary has no item {order.item!r}", nearest(order.item, documents.items), "item")


def what_is_controlled_is_counted(documents: Documents) -> Iterator[Finding]:
    """Bulk has no balance, so nothing controlled is bulk."""
    for i, item in enumerate(() if documents.formulary is None else documents.formulary.items):
        if item.control_class != "none" and item.count_mode == "bulk":
            what = "a controlled item is counted: bulk has no balance"
            yield Finding("formulary", ("item", i, "count_mode"), what, "use units, containers or volume")


def lists_name_items(documents: Documents) -> Iterator[Finding]:
    """The lists of the policy (override, no order needed, emergency) name items of the formulary; no paralytic is overridden singly."""
    policy = documents.policy
    if policy is None or documents.formulary is None:
        return
    rows: list[tuple[KeyPath, tuple[str, ...]]] = [(("override", o, "items"), row.items) for o, row in enumerate(policy.overrides)]
    rows += [(("area", a, "no_order"), row.no_order) for a, row in enumerate(policy.areas)]
    rows += [(("area", a, "emergency"), row.emergency) for a, row in enumerate(policy.areas)]
    for path, items in rows:
        for item in items:
            if item not in documents.items:
                yield Finding("policy", path, f"the formulary has no item {item!r}", nearest(item, documents.items), "item")
            elif documents.items[item].paralytic and not documents.items[item].kit:
                yield Finding("policy", path, f"{item!r} is a paralytic: list the kit that holds it instead")


def policy_rows_differ(documents: Documents) -> Iterator[Finding]:
    """The policy says one thing about each role, area and control class."""
    policy = documents.policy
    if policy is None:
        return
    rows: dict[str, list[tuple[KeyPath, str]]] = {
        "role": [(("role", r, "role"), row.role) for r, row in enumerate(policy.roles)],
        "area": [(("area", a, "area"), row.area) for a, row in enumerate(policy.areas)],
        "control class": [(("count", c, "control_class"), row.control_class) for c, row in enumerate(policy.counts)],
    }
    for kind, named in rows.items():
        for path, value in doubles(named):
            yield Finding("policy", path, f"there is another row for the {kind} {value!r}")


def policy_is_complete(documents: Documents) -> Iterator[Finding]:
    """The policy has a row for this cabinet's area, for every control class and for every role on the staff list."""
    policy = documents.policy
    if policy is None:
        return
    areas = [row.area for row in policy.areas]
    if documents.site is not None and documents.site.area not in areas:
        what = f"the policy has no area {documents.site.area!r}"
        yield Finding("site", ("area",), what, nearest(documents.site.area, areas), "area")
    counted = {row.control_class for row in policy.counts}
    for control_class in get_args(ControlClass):
        if control_class not in counted:
            yield Finding("policy", (), f"no [[count]] row for the control class {control_class!r}", refers="count")
    roles = {row.role for row in policy.roles}
    for s, member in enumerate(documents.people.staff if documents.people else ()):
        if member.role not in roles:
            yield Finding("people", ("staff", s, "role"), f"the policy has no role {member.role!r}", refers="role")


def duties_are_apart(documents: Documents) -> Iterator[Finding]:
    """Nobody can both make accounts and explain discrepancies away; waits grow with failures."""
    policy = documents.policy
    if policy is None:
        return
    for r, row in enumerate(policy.roles):
        if {"enrol", "resolve"} <= set(row.may):
            yield Finding("policy", ("role", r, "may"), f"{row.role} may enrol staff and resolve discrepancies: two people must")
    steps = [step.failures for step in policy.people.locks]
    if steps != sorted(set(steps)):
        yield Finding("policy", ("people", "lock"), "the failures of [[people.lock]] do not grow from row to row")


RULES: tuple[Rule, ...] = (
    site_ids_differ,
    timing_is_in_order,
    *wiring.RULES,
    *instrument.RULES,
    *stocking.RULES,
    *placing.RULES,
    *weighing.RULES,
    item_ids_differ,
    look_alikes_are_known,
    kits_are_known,
    tall_man_spells_the_name,
    what_is_controlled_is_counted,
    people_differ,
    orders_are_known,
    lists_name_items,
    policy_rows_differ,
    policy_is_complete,
    duties_are_apart,
)
