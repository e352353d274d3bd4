"""Whom to tell of what was taken without an order: VistA's own rules (PSJPAD70), for hospitals that have no VistA to apply them.

Alone knows: the order of levels, and that the first level with a group is the only one told.
Must not know: how anybody is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from central.hl7.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Groups to tell, by level: the cabinet, its care area, that area's group, everybody's. `silent` are cabinets that tell nobody."""

    by_cabinet: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_area: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_area_group: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everybody: tuple[str, ...] = ()
    area_of: Mapping[str, str] = field(default_factory=dict)
    """Cabinet -> care area."""
    group_of: Mapping[str, str] = field(default_factory=dict)
    """Care area -> its group."""
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WithoutOrder:
    """What somebody must look at, and who: all groups of the first level that has one."""

    transaction: Transaction
    groups: tuple[str, ...]


CODE = "order.dispensed_without"


def sentence_of(alert: WithoutOrder, item: str) -> str:
    """As the pharmacy reads it. Names no patient."""
    one = alert.transaction
    told = ", ".join(alert.groups) or "nobody is named for it"
    return f"{one.quantity} of {item} taken without an order by {one.staff} ({one.at[:16]}), access {one.access}; for: {told}"


def alert_of(one: Transaction, rules: AlertRules) -> WithoutOrder | None:
    """The alert of a transaction; None where an order stands behind it or its cabinet is silent. Without any group it has none to tell."""
    if not one.is_without_order or one.cabinet in rules.silent:
        return None
    area = rules.area_of.get(one.cabinet, "")
    levels = (
        rules.by_cabinet.get(one.cabinet, ()), rules.by_area.get(area, ()), rules.by_area_group.get(rules.group_of.get(area, ""), ()),
        rules.everybody,
    )  # fmt: skip
    return WithoutOrder(one, next((level for level in levels if level), ()))
