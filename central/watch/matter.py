"""One thing that is so now and that a rule watches for.

Alone knows: its shape, and when a rule takes it for an alert. Must not know: how it was found.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cabinet.domain.vocabulary import parse_utc
from config.watch import Rule, When


@dataclass(frozen=True, slots=True)
class Matter:
    """`subject` tells matters of one cabinet apart (a pocket, a discrepancy); `since` is empty where nobody wrote down when it began.

    `due_h`: in how many hours it happens, where it lies ahead.
    """

    when: When
    cabinet: str
    area: str
    subject: str
    sentence: str
    item: str = ""
    since: str = ""
    due_h: float = 0.0


def is_alert(rule: Rule, one: Matter, since: str, now: datetime) -> bool:
    """Whether a rule takes a matter that has been so since then for an alert."""
    if rule.when != one.when or (rule.areas and one.area not in rule.areas) or (rule.items and one.item not in rule.items):
        return False
    if one.due_h > rule.within_h:
        return False
    return now - parse_utc(since) >= timedelta(minutes=rule.after_min)
