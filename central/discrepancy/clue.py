"""What may explain a discrepancy, read from the facts of its interval and from what else is open.

Alone knows: these rules. A clue names a place, a time and a fact, never a person: having been there proves nothing.
Must not know: rows, HTTP, who looks.

The cabinet knows more (its sensors, its neighbours); these are the clues that the pharmacy can see by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TRANSIT = "transit"
"""The pocket of what left on a sheet and did not arrive."""
LONG = 40
"""So many movements between two counts make a slip hard to find."""
SHOWN = frozenset({
    "access_requested", "access_moved", "units_moved", "pocket_counted", "quantity_confirmed", "count_owed", "discrepancy_found",
    "drawer_left_open", "line_not_filled", "bin_sensed",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Open:
    """One that is open, as far as a clue needs it."""

    cabinet: str
    discrepancy: str
    pocket: str
    item: str
    difference: int | None


@dataclass(frozen=True, slots=True)
class Clue:
    """What may explain it; `seq`: the fact that says so, 0 where none does."""

    sentence: str
    seq: int = 0


def of_pocket(facts: Iterable[Mapping[str, Any]], pocket: str) -> list[Mapping[str, Any]]:
    """The facts of an interval that tell of one pocket, in order: of its accesses all that is told."""
    kept: list[Mapping[str, Any]] = []
    accesses: set[str] = set()
    for fact in facts:
        is_there = fact["body"].get("pocket") == pocket
        if is_there and fact["access"]:
            accesses.add(fact["access"])
        if fact["type"] in SHOWN and (is_there or fact["access"] in accesses):
            kept.append(fact)
    return kept


def clues(one: Open, facts: Sequence[Mapping[str, Any]], others: Iterable[Open]) -> list[Clue]:
    """What may explain it, what is borne out by another trace first."""
    return [*_pairs(one, others), *_transit(one), *_refills(facts), *_cancels(facts), *_length(facts)]


def _pairs(one: Open, others: Iterable[Open]) -> Iterator[Clue]:
    for other in others:
        is_same = (other.cabinet, other.discrepancy) == (one.cabinet, one.discrepancy)
        if not is_same and one.difference and other.cabinet == one.cabinet and other.difference == -one.difference:
            what = "the same item" if other.item == one.item else f"{other.item}"
            yield Clue(f"Pocket {other.pocket} of this cabinet ({what}) is off by as many the other way: count both together.")


def _transit(one: Open) -> Iterator[Clue]:
    if one.pocket == TRANSIT:
        yield Clue("It left on a numbered sheet and was not counted in: ask who issued it and who carried it, and look at the sheets.")


def _refills(facts: Sequence[Mapping[str, Any]]) -> Iterator[Clue]:
    for fact in facts:
        if fact["type"] == "access_requested" and fact["body"].get("kind") in {"refill", "load"}:
            yield Clue(f"It was refilled in between: compare the {fact['body'].get('units')} stated with the pick list.", fact["seq"])


def _cancels(facts: Sequence[Mapping[str, Any]]) -> Iterator[Clue]:
    for fact in facts:
        if fact["type"] == "access_moved" and fact["body"].get("target") in {"cancelled", "incomplete"}:
            yield Clue("An access was given up in between, with the pocket open or nearly so.", fact["seq"])


def _length(facts: Sequence[Mapping[str, Any]]) -> Iterator[Clue]:
    moves = sum(fact["type"] == "units_moved" for fact in facts)
    if moves > LONG:
        yield Clue(f"{moves} movements lie between the two counts: a count in between would narrow it.")
