"""Alerts as people read them: a board's or a drawer's id with what it is, and a journal's epoch as the moment at which it began.

Alone knows: which ids and numbers stand in an alert's sentence, and what they are. Must not know: who raised it, pages.
"""

import re
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
WHAT = {"drawer": "lock", "power": "power supply", "fridge": "fridge", "probe": "probe", "sheet": "sheet"}
"""By the first word of a code, what its sentence's id is."""
_PLACE = re.compile(r"^([\w.\-]+(?::[\w.\-]+)?)(: | opened | stood | out of range )")
_WARM = re.compile(r"how warm ([\w.\-]+) was")
_FACT = re.compile(r"\bfact ([0-9]{13})/([0-9]+)")
_EPOCH = re.compile(r"\bepoch ([0-9]{13})\b")


def plainly(detail: str, code: str) -> str:
    """The sentence of an alert with a person's words beside its ids and in place of its epochs."""
    what = WHAT.get(code.partition(".")[0], "")
    if what:
        detail = _PLACE.sub(lambda found: f"{what} {found[1]}{found[2]}", detail)
        detail = _WARM.sub(lambda found: f"how warm {what} {found[1]} was", detail)
    detail = _FACT.sub(lambda found: f"fact {found[2]} of {_journal(found[1])}", detail)
    return _EPOCH.sub(lambda found: _journal(found[1]), detail)


def _journal(epoch: str) -> str:
    """An epoch is the millisecond at which its journal began."""
    began = BEGINNING + timedelta(milliseconds=int(epoch))
    return f"the journal begun {began:%Y-%m-%d %H:%M} UTC"
