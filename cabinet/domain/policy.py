"""Who may do what here, now. The rules are data (`config/policy/*.toml`); this file only reads the table.

Alone knows: how a role, an area and a control class answer a request. Must not know: drawers, boards or screens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cabinet.domain.formulary import ControlClass, CountMode, Item
from cabinet.domain.kinds import Counting, Kind
from cabinet.domain.people import Role
from cabinet.domain.refusal import Refusal


class CountStyle(StrEnum):
    """Blind: the expected number is not shown. Verify: it is shown. None: no count is asked."""

    BLIND = "blind"
    VERIFY = "verify"
    NONE = "none"


@dataclass(frozen=True)
class Policy:
    """The rules of one care area."""

    kinds: dict[Role, frozenset[str]]
    needs_order: bool
    at_withdrawal: dict[ControlClass, CountStyle]
    max_pulses: int
    refill_interval_h: int
    battery_s: int = 1200
    """For so long after the mains is lost every pocket opens on battery; then by key."""
    service_roles: frozenset[Role] = frozenset({Role.TECHNICIAN, Role.SERVICE})
    maintenance_s: int = 1800
    """A cabinet that was taken from the ward for maintenance goes back by itself after this."""
    selftest_hour: int = 4
    """The hour of the day (UTC) at which the boards are looked at one by one, once nobody is at the cabinet."""
    miscount_ppm: int = 1000
    """A count by weight is called confident where it is wrong less often than this, in a million."""
    scale_check_days: int = 365
    scale_tolerance_divisions: int = 2

    @property
    def allowed_miscount(self) -> float:
        """`miscount_ppm` as a probability."""
        return self.miscount_ppm / 1_000_000

    recovers: Mapping[Role, str] = field(default_factory=dict)
    """Which failed drawers a role may bring back: any, own (one that failed under their hands; so it is where nothing is said), none."""

    def may_recover(self, role: Role, *, is_own: bool) -> bool:
        """Whether a person of this role may bring a failed drawer back."""
        rule = self.recovers.get(role, "own")
        return rule == "any" or (rule == "own" and is_own)

    def judge(self, role: Role, factors: list[str], kind: Kind, item: Item, authority: str) -> Refusal | None:
        """Whether a person of this role, recognised by these factors, may ask for this kind of access to this item."""
        if kind.name not in self.kinds.get(role, frozenset()):
            return Refusal("policy.role", f"{role} asked for {kind.name}")
        if kind.takes and self.needs_order and authority != "order":
            return Refusal("policy.needs_order")
        return self.judge_factors(factors, item)

    def judge_factors(self, factors: list[str], item: Item) -> Refusal | None:
        """Whether a person recognised by these factors may do anything at all with this item, at every step of an access."""
        if item.is_controlled and not {"badge", "secret"} <= set(factors):
            return Refusal("policy.factors")
        return None

    def is_counted_blind(self, item: Item) -> bool:
        """Whether a withdrawal of this item asks for a blind count."""
        return self.at_withdrawal.get(item.control_class) is CountStyle.BLIND

    def count_style(self, kind: Kind, item: Item) -> CountStyle:
        """How the pocket is counted before anything is taken or put. Bulk items hold no balance, so nobody counts them."""
        if item.count_mode is CountMode.BULK:
            return CountStyle.NONE
        style = self.at_withdrawal.get(item.control_class, CountStyle.NONE)
        if kind.counting is Counting.ALWAYS and style is CountStyle.NONE:
            return CountStyle.BLIND if kind.name == "count" else CountStyle.VERIFY
        return style
