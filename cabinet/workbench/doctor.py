"""The doctor: every check, in the order in which one finds what is wrong.

Alone knows: which tables of checks there are. Must not know: what a check asks, or how evidence is gathered (`examination.py`).
"""

from cabinet.workbench.check import Check, Evidence, Finding, judge
from cabinet.workbench.checks import house, journal, line, site

CHECKS: tuple[Check, ...] = (*site.CHECKS, *journal.CHECKS, *line.CHECKS, *house.CHECKS)


def examine(evidence: Evidence) -> list[Finding]:
    """Every check with what it found."""
    return judge(CHECKS, evidence)


def explained(code: str) -> Check | None:
    """The check of this code."""
    return next((check for check in CHECKS if check.code == code), None)
