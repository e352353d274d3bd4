"""One measured figure beside the limit or peer that was measured in the same run.

Alone knows: what a bench returns.
Must not know: how anything is measured or printed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is the figure that the `goal` speaks of; None where a figure is shown and gates nothing."""

    id: str
    what: str
    measured: str
    limit: str
    ratio: float | None
    goal: str
    ok: bool
