"""Where a fleet stands with what was issued for it: how much is as issued, and the worst of what is not.

Alone knows: what comes first, and that a fleet is looked through without a row for each of its documents. Must not know: rows, wires, HTTP.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Any

from central.document.dispatch import Reach
from central.document.office import Drift, drift_of, judge
from central.document.shelf import EVERYBODY, Shelf, Version

ORDER = ("refused", "unreachable", "ahead", "behind")
"""What is not as issued, the worst first."""
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Standing:
    """How much stands how, and the first of it.

    `counts`: documents at cabinets by state; `lacking`: the first of those that are not current, the worst first; `versions`: the first
    that count, each with how many cabinets hold it, of how many; `issued`: how many count.
    """

    counts: Counter[str]
    lacking: list[Drift]
    versions: list[tuple[Version, int, int]]
    issued: int

    @property
    def lacking_count(self) -> int:
        """How many are not as issued."""
        return self.counts.total() - self.counts[CURRENT]


def standing(shelf: Shelf, reach: Reach, limit: int) -> Standing:
    """The fleet at this moment; no more than `limit` of what is lacking and of what counts."""
    known = reach()
    online = {cabinet for cabinet, (is_online, _) in known.items() if is_online}
    cabinets = sorted({*known, *shelf.cabinets()})
    found: dict[str, list[tuple[str, str, Version]]] = {state: [] for state in ORDER}
    versions: list[tuple[str, str, Version, int, int]] = []
    for newest in shelf.all_newest():
        whose = cabinets if newest.scope == EVERYBODY else (newest.scope,)
        lacking = _lacking(shelf, newest, whose)
        versions.append((newest.document, newest.scope, newest, len(whose) - len(lacking), len(whose)))
        for cabinet in lacking:
            state, _ = judge(newest, shelf.held(cabinet, newest.document), is_online=cabinet in online)
            found[state].append((cabinet, newest.document, newest))
    counts = Counter({state: len(places) for state, places in found.items()})
    counts[CURRENT] = sum(held for *_, held, _ in versions)
    worst = islice((place for state in ORDER for place in nsmallest(limit, found[state], key=_by_name)), limit)
    rows = [drift_of(shelf, cabinet, newest, known.get(cabinet, (False, ""))) for cabinet, _, newest in worst]
    return Standing(counts, rows, [shown[2:] for shown in nsmallest(limit, versions, key=_by_name)], len(versions))


def _by_name(place: tuple[Any, ...]) -> tuple[str, str]:
    return place[0], place[1]


def _lacking(shelf: Shelf, newest: Version, cabinets: Iterable[str]) -> list[str]:
    """Those of the cabinets that do not hold just this version."""
    document, version, sha256, held = newest.document, newest.version, newest.sha256, shelf.held_of
    found = []
    for cabinet in cabinets:
        states = held.get(cabinet)
        state = None if states is None else states.get(document)
        if state is None or state.version != version or state.sha256 != sha256:
            found.append(cabinet)
    return found


class Survey:
    """The standing of one fleet, found anew where anything of it is other than at the last question."""

    def __init__(self, shelf: Shelf, reach: Reach, limit: int) -> None:
        self._shelf, self._reach, self._limit = shelf, reach, limit
        self._known: dict[str, tuple[bool, str]] = {}
        self._changes = -1
        self._last = standing(shelf, dict, limit)

    def now(self) -> Standing:
        """The fleet at this moment."""
        known = self._reach()
        if (known, self._shelf.changes) != (self._known, self._changes):
            self._known, self._changes = known, self._shelf.changes
            self._last = standing(self._shelf, lambda: known, self._limit)
        return self._last
