"""Who may do what: roles and their acts, overrides, and second people.

Alone knows: the rows of these tables. Must not know: what an act leads to.
"""

from typing import Literal

from pydantic import Field

from config.schema.alphabet import ControlClass, Id, Part, Role

AccessKind = Literal[
    "withdraw", "return", "waste", "load", "refill", "unload", "count", "expire", "transfer", "empty_bin", "inspect", "emergency"
]
Act = Literal[
    "override", "witness", "resolve", "close_debt", "unlock", "temporary", "enrol", "add_patient", "weigh", "belongings",
    "late_entry", "critical_override", "lock_down", "maintain", "recover_own", "recover_any", "decide", "quarantine", "items", "orders",
    "pars", "report", "audit", "balances", "train",
]  # fmt: skip


class RoleRule(Part):
    """What one role may do: the kinds of access it may ask for, and other acts. What is not listed it may not do."""

    role: Role
    may: tuple[Literal[AccessKind, Act], ...]


class OverrideTable(Part):
    """Items that may be taken before a pharmacist has looked at an order: in these areas (none named: all), by these roles (likewise)."""

    items: tuple[Id, ...] = Field(min_length=1)
    areas: tuple[Id, ...] = ()
    roles: tuple[Role, ...] = ()


class WitnessTable(Part):
    """These kinds of access, with items of these classes, by people of roles `of` (none named: all), are signed by one of `by`.

    The kind `late` stands for what is entered afterwards, `bag` and `bag_waste` for a patient's own medicine that is put in and destroyed,
    `kit` for the count of what is controlled in an opened kit.
    """

    kinds: tuple[AccessKind | Literal["late", "bag", "bag_waste", "kit"], ...]
    classes: tuple[ControlClass, ...]
    by: tuple[Role, ...]
    of: tuple[Role, ...] = ()
    high_alert: bool = Field(default=False, description="high-alert items of whatever class too: an independent check when they are filled")
    may_be_owed: bool = Field(default=False, description="where nobody is there the act goes on and the signature is owed; never a waste")
