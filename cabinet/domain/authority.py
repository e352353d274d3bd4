"""On whose word something is taken out: a verified order, an override, the area's own rule, or an emergency. Judged here and only here.

Alone knows: which word a care area accepts for which item. Must not know: pockets, counts, witnesses or screens.

    order      a pharmacist has looked at it (MM.05.01.01)
    override   the item is on the area's list for the person's role, with a reason from the authorised list, and an indication where the
               item asks for one; an order has to follow, and is chased until it is linked
    policy     no order is needed: a non-profile area, an item of the "no order needed" list (not an override), a stated purpose
    emergency  two touches after the badge: the override list, antidotes and crash drugs; the whole cabinet in critical override
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cabinet.domain.events import AccessAsked
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import Kind
from cabinet.domain.orders import Order, Patient, Phase
from cabinet.domain.people import Role
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.vocabulary import ItemId, PatientId

SHORTEST_INDICATION = 3


class Mode(StrEnum):
    """What a care area goes by. Mixed: by orders for a patient of whom orders are known, else as non-profile (recovery, admissions)."""

    PROFILE = "profile"
    NON_PROFILE = "non_profile"
    MIXED = "mixed"


class Word(StrEnum):
    """The contract's `authority`."""

    ORDER = "order"
    OVERRIDE = "override"
    POLICY = "policy"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class AuthorityRules:
    """One care area's choices."""

    mode: Mode = Mode.PROFILE
    overrides: Mapping[ItemId, frozenset[Role]] | None = None
    """The override list: for which roles each item is on it (none named: for all who may override at all). None: there is no list."""
    reasons: tuple[str, ...] = ()
    """What may be given as reason of an override."""
    no_order: frozenset[ItemId] = frozenset()
    """What needs no order, with or without a patient: flushes, glucose gel, supplies."""
    emergency: frozenset[ItemId] = frozenset()
    """What an emergency opens beside the override list: antidotes, crash drugs."""
    reviewed: str = ""
    """When the override list was reviewed last (YYYY-MM-DD); "": nobody wrote it down."""

    def lists(self, item: ItemId, role: Role) -> bool:
        """Whether an item is on the override list for a role."""
        roles = (self.overrides or {}).get(item)
        return roles is not None and (not roles or role in roles)

    def is_for_emergencies(self, item: ItemId) -> bool:
        """Whether an emergency opens it."""
        return item in self.emergency or item in (self.overrides or {})


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, for whom, and how things stand: what a word is judged by. `is_critical`: the cabinet is in critical override."""

    role: Role
    may_override: bool
    patient: Patient | None
    order: Order | None
    has_left: bool
    is_critical: bool
    now: str
    is_strength: bool = False
    """Whether what is asked for is another strength of what the order names."""


def judge(rules: AuthorityRules, event: AccessAsked, kind: Kind, item: Item, standing: Standing) -> Refusal | None:
    """Whether the word that a request goes by is good here, for this item and person."""
    if kind.is_urgent:
        return _judge_emergency(rules, event, item, standing)
    if not kind.needs_purpose:
        return None if event.authority in {Word.POLICY, Word.ORDER} else Refusal("access.authority", event.authority)
    if event.authority == Word.OVERRIDE:
        return _judge_override(rules, event, item, standing)
    if standing.has_left:
        return Refusal("patient.gone", "" if standing.patient is None else standing.patient.name)
    if event.authority == Word.ORDER or event.order is not None:
        return judge_order(standing.order, event.patient, item.id, standing.now, is_strength=standing.is_strength)
    if event.authority != Word.POLICY:
        return Refusal("access.authority", event.authority)
    return None if needs_no_order(rules, item, standing.patient, is_critical=standing.is_critical) else Refusal("policy.needs_order")


def needs_no_order(rules: AuthorityRules, item: Item, patient: Patient | None, *, is_critical: bool = False) -> bool:
    """Whether an item may be taken by the area's own rule; without a patient a purpose was stated."""
    return patient is None or item.id in rules.no_order or is_critical or goes_without(rules, patient)


def goes_without(rules: AuthorityRules, patient: Patient) -> bool:
    """Whether a patient is served without orders here."""
    return rules.mode is Mode.NON_PROFILE or (rules.mode is Mode.MIXED and not patient.orders)


def judge_order(order: Order | None, patient: PatientId | None, item: ItemId, now: str, *, is_strength: bool = False) -> Refusal | None:
    """Whether a request for `item` for `patient` follows the order that it names, in another strength too where it `is_strength`.

    `now`: as records write moments.
    """
    if order is None or order.patient != patient:
        return Refusal("order.unknown")
    if order.item != item and not is_strength:
        return Refusal("order.other_item")
    return {
        Phase.WAITING: Refusal("order.unverified"),
        Phase.STOPPED: Refusal("order.stopped", order.stops or ""),
        Phase.HELD: Refusal("order.held"),
    }.get(order.phase(now))


def _judge_override(rules: AuthorityRules, event: AccessAsked, item: Item, standing: Standing) -> Refusal | None:
    if standing.patient is None:
        return Refusal("access.purpose")
    if not standing.may_override:
        return not_of_role(standing.role, "override")
    if not standing.is_critical and not rules.lists(item.id, standing.role):
        return Refusal("override.not_listed", item.title)
    if event.reason not in rules.reasons:
        return Refusal("override.reason", event.reason or "")
    if item.needs_indication and len((event.indication or "").strip()) < SHORTEST_INDICATION:
        return Refusal("override.indication", item.title)
    return None


def _judge_emergency(rules: AuthorityRules, event: AccessAsked, item: Item, standing: Standing) -> Refusal | None:
    if event.authority != Word.EMERGENCY:
        return Refusal("access.authority", event.authority)
    is_listed = standing.is_critical or rules.is_for_emergencies(item.id)
    return None if is_listed else Refusal("emergency.not_listed", item.title)
