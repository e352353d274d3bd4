"""Which items a cabinet should begin or cease to hold.

Alone knows: from when on nobody uses an item, and from when on one is sent too often. Must not know: where it would lie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from central.par.history import DAY_MIN, Demand, History
from central.par.rule import Criticality, Pocket, Rules


@dataclass(frozen=True, slots=True)
class RangeAdvice:
    """An item to add to a cabinet or to take out of it, and why."""

    item: str
    is_added: bool
    reason: str


def take_out(history: Sequence[History], pockets: Mapping[str, Pocket], rules: Rules) -> list[RangeAdvice]:
    """The stocked items that nobody has asked for since `rules.unused_days`, refused searches included, by name.

    Never one on which much hangs, never one that a pharmacist holds, and none whose history is shorter than that.
    """
    found = []
    for one in sorted(history, key=lambda one: one.item):
        pocket = pockets.get(one.item)
        if pocket is None or pocket.criticality is not Criticality.ORDINARY or (pocket.hold and pocket.hold.stands(one.to_min)):
            continue
        last_min = max((demand.at_min for demand in one.demands), default=one.from_min)
        idle_days = (one.to_min - last_min) // DAY_MIN
        if idle_days >= rules.unused_days:
            found.append(RangeAdvice(one.item, is_added=False, reason=f"Nobody has asked for it for {idle_days} days."))
    return found


def _how(recent: Sequence[Demand]) -> str:
    """Whether it came from the pharmacy or was looked for: nobody should read of what was never sent that it was."""
    sent = sum(demand.is_met for demand in recent)
    return "Sent" if sent == len(recent) else "Sent, or looked for here in vain," if sent else "Looked for here in vain"


def take_in(sent: Sequence[History], stocked: Sequence[str], rules: Rules) -> list[RangeAdvice]:
    """The items that the pharmacy keeps sending: on `rules.sent_times` different days of the last `rules.sent_days`, most often sent first.

    `sent` has a demand for each time that the pharmacy sent a dose to the cabinet's ward, or somebody searched for it there in vain.
    """
    found = []
    for one in sent:
        since_min = one.to_min - rules.sent_days * DAY_MIN
        recent = [demand for demand in one.demands if demand.at_min >= since_min]
        days = len({demand.at_min // DAY_MIN for demand in recent})
        if days >= rules.sent_times and one.item not in stocked:
            patients = len({demand.patient for demand in recent if demand.patient})
            whom = f", for {patients} patient{'s' if patients > 1 else ''}" if patients else ""
            found.append(
                (days, RangeAdvice(one.item, is_added=True, reason=f"{_how(recent)} on {days} of the last {rules.sent_days} days{whom}."))
            )
    return [advice for _, advice in sorted(found, key=lambda pair: (-pair[0], pair[1].item))]
