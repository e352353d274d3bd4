"""What a hospital chooses about downtime.

Alone knows: these rules and their defaults. Must not know: how they are applied.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DowntimeRules:
    """Thresholds in minutes; 0: never.

    `after_min` without a durable word of the pharmacy is a downtime, `leave_after_min` of contact its end; after `critical_after_min` of it
    the cabinet goes to critical override by itself. Orders older than `orders_age_min` read "last known at". Late entries reach back by
    `late_h` hours.
    """

    after_min: int = 10
    leave_after_min: int = 2
    critical_after_min: int = 0
    orders_age_min: int = 60
    late_h: int = 72
