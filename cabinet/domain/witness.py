"""The second person: when one is due, who may sign for whom, and what it means that nobody is there.

Alone knows: these rules; which of them a hospital has is data. Must not know: how a person is recognised, or what they sign for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cabinet.domain.formulary import ControlClass, Item
from cabinet.domain.people import Role, Staff
from cabinet.domain.refusal import Refusal

REQUIRED, MAY_BE_OWED = "required", "may_be_owed"
NEVER_OWED = {"waste", "bag_waste"}


@dataclass(frozen=True, slots=True)
class WitnessRule:
    """One row: these kinds of access, with items of these classes, by people of roles `of` (none named: all), one of `by` signs.

    `is_high_alert`: and with high-alert items of whatever class, as an independent check when they are filled (ISMP 2019, 6).
    """

    kinds: frozenset[str]
    classes: frozenset[ControlClass]
    by: frozenset[Role]
    of: frozenset[Role] = frozenset()
    may_be_owed: bool = False
    is_high_alert: bool = False

    def fits(self, kind: str, item: Item, role: Role) -> bool:
        """Whether this row is about such an access."""
        is_meant = item.control_class in self.classes or (self.is_high_alert and item.is_high_alert)
        return kind in self.kinds and is_meant and (not self.of or role in self.of)


def rule_for(rules: Iterable[WitnessRule], kind: str, item: Item, role: Role) -> WitnessRule | None:
    """The first row that is about such an access; waste is never done on trust, whatever a row says."""
    return next((rule for rule in rules if rule.fits(kind, item, role)), None)


def in_a_word(rule: WitnessRule | None, kind: str) -> str | None:
    """How the request says it: required, may_be_owed, or nothing."""
    if rule is None:
        return None
    return MAY_BE_OWED if rule.may_be_owed and kind not in NEVER_OWED else REQUIRED


def judge(rule: WitnessRule | None, person: str, witness: Staff | None, factors: Iterable[str]) -> Refusal | None:
    """Whether this second person may sign for what that person does."""
    if witness is None:
        return Refusal("witness.unknown")
    if witness.id == person:
        return Refusal("witness.same_person")
    if rule is not None and witness.role not in rule.by:
        return Refusal("witness.role", witness.role)
    return None if "secret" in set(factors) or "passkey" in set(factors) else Refusal("witness.factors")
