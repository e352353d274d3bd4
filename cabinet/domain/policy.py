"""Who may do what here, now. The rules are data (`config/policy/*.toml`); this file only reads the table.

Alone knows: how a role, an area and a control class answer a request. Must not know: drawers, boards or screens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cabinet.domain.authority import AuthorityRules
from cabinet.domain.discrepancy.rule import DiscrepancyRules
from cabinet.domain.dose.rules import DosingRules
from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.kinds import Counting, Kind
from cabinet.domain.mode.rule import DowntimeRules
from cabinet.domain.people import Role, has_two_factors
from cabinet.domain.person.rule import PersonRules
from cabinet.domain.place import PlacingRules
from cabinet.domain.refusal import Refusal, not_of_role
from cabinet.domain.withdrawal.rule import CustodyRules
from cabinet.domain.witness import WitnessRule

ACTS = {
    "override": "withdraw before a pharmacist has looked at an order, from the care area's list",
    "witness": "sign for what another person does",
    "resolve": "explain a discrepancy",
    "close_debt": "close what another person owes, with a reason",
    "unlock": "let a person try again whose sign-in is locked",
    "temporary": "let a temporary nurse in until the end of the shift",
    "enrol": "add, change and switch off staff",
    "add_patient": "add a patient who is not listed, and merge them later",
    "weigh": "write the weight that was typed for a dose into the patient's record",
    "belongings": "keep a patient's own medicine and give it back",
    "late_entry": "enter afterwards what was taken while the cabinet could not record it",
    "critical_override": "switch the whole cabinet to critical override and back",
    "lock_down": "let the cabinet open for emergencies alone, and open it again",
    "maintain": "take the cabinet from the ward for service",
    "recover_own": "bring a failed drawer back that failed under their own hands",
    "recover_any": "bring any failed drawer back",
    "decide": "say whether what a fridge held during an excursion may be used",
    "quarantine": "block a pocket, an item, an NDC or a lot, and let it go again",
    "items": "change the formulary",
    "orders": "enter, verify and stop orders",
    "pars": "change how much a pocket should hold",
    "report": "draw up reports and last-known inventories",
    "audit": "read who did what, and draw up a notice of loss",
    "balances": "see the balances of pockets that are counted blind",
    "train": "switch the cabinet to training and back",
}
"""What a role may be allowed beside the kinds of access, in words."""


class CountStyle(StrEnum):
    """Blind: the expected number is not shown. Verify: it is shown. Level: full, half or low. None: no count is asked."""

    BLIND = "blind"
    VERIFY = "verify"
    LEVEL = "level"
    NONE = "none"


@dataclass(frozen=True)
class Policy:
    """The rules of one care area."""

    may: Mapping[Role, frozenset[str]]
    """The one table of roles and what each may do: kinds of access (`kinds.py`) and acts (`ACTS`)."""
    at_withdrawal: dict[ControlClass, CountStyle]
    max_pulses: int
    refill_interval_h: int
    battery_s: int = 1200
    """For so long after the mains is lost every pocket opens on battery; then by key."""
    maintenance_s: int = 1800
    """A cabinet that was taken from the ward for maintenance goes back by itself after this."""
    selftest_hour: int = 4
    """The hour of the day (UTC) at which the boards are looked at one by one, once nobody is at the cabinet."""
    authority: AuthorityRules = field(default_factory=AuthorityRules)
    witness: tuple[WitnessRule, ...] = ()
    custody: CustodyRules = field(default_factory=CustodyRules)
    people: PersonRules = field(default_factory=PersonRules)
    dosing: DosingRules = field(default_factory=DosingRules)
    placing: PlacingRules = field(default_factory=PlacingRules)
    discrepancy: DiscrepancyRules = field(default_factory=DiscrepancyRules)
    downtime: DowntimeRules = field(default_factory=DowntimeRules)
    miscount_ppm: int = 1000
    """A count by weight is called confident where it is wrong less often than this, in a million."""
    scale_check_days: int = 365
    scale_tolerance_divisions: int = 2

    @property
    def allowed_miscount(self) -> float:
        """`miscount_ppm` as a probability."""
        return self.miscount_ppm / 1_000_000

    def allows(self, role: Role, act: str) -> bool:
        """Whether a person of this role may do this at all."""
        return act in self.may.get(role, frozenset())

    def may_recover(self, role: Role, *, is_own: bool) -> bool:
        """Whether a person of this role may bring a failed drawer back."""
        return self.allows(role, "recover_any") or (is_own and self.allows(role, "recover_own"))

    def judge(self, role: Role, factors: list[str], kind: Kind, item: Item) -> Refusal | None:
        """Whether a person of this role, recognised by these factors, may ask for this kind of access to this item."""
        act = kind.act or kind.name
        if not self.allows(role, act):
            return not_of_role(role, act)
        return self.judge_factors(factors, item)

    def judge_factors(self, factors: list[str], item: Item) -> Refusal | None:
        """Whether a person recognised by these factors may do anything at all with this item, at every step of an access."""
        if item.is_controlled and not has_two_factors(factors):
            return Refusal("policy.factors")
        return None

    def is_counted_blind(self, item: Item) -> bool:
        """Whether a withdrawal of this item asks for a blind count."""
        return self.at_withdrawal.get(item.control_class) is CountStyle.BLIND

    def count_style(self, kind: Kind, item: Item) -> CountStyle:
        """How the pocket is counted before anything is taken or put. Nobody counts bulk: a count says how full it is."""
        if kind.counting is Counting.NEVER:
            return CountStyle.NONE
        if item.count_mode is CountMode.BULK:
            return CountStyle.LEVEL if kind.name == "count" else CountStyle.NONE
        style = self.at_withdrawal.get(item.control_class, CountStyle.NONE)
        if kind.counting is Counting.ALWAYS and style is CountStyle.NONE:
            return CountStyle.BLIND if kind.name == "count" else CountStyle.VERIFY
        return style
