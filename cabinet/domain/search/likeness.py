"""How alike two names are in writing: for names that are mistaken for each other, and for what was perhaps meant.

Alone knows: the measures and their limits. Must not know: items, classes, or what follows from a likeness.

Two measures after Kondrak and Dorr (2004, the ground of FDA's POCA): shared pairs of letters (Dice), cheap, for every two names that begin
alike; and the number of slips (letters added, left out, exchanged or turned round) for a name that nobody has.
"""

from collections.abc import Iterable

ALIKE = 0.5
"""From this share of common pairs on, two names that begin with the same two letters are taken for mistakable."""

SHORTEST_GUESS = 4
"""With fewer letters nothing is guessed."""


def pairs_of(word: str) -> frozenset[str]:
    """The pairs of neighbouring letters in a word."""
    return frozenset(word[place : place + 2] for place in range(len(word) - 1))


def is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two words, given by their pairs, are alike in writing."""
    return 2 * len(one & other) >= ALIKE * (len(one) + len(other))


def slips(typed: str, meant: str) -> int:
    """How many slips of the finger lie between two words (Damerau, Levenshtein: optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for place, letter in enumerate(typed, 1):
        before, above, row = row, before, [place]
        for at, other in enumerate(meant, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != other))
            if place > 1 and at > 1 and letter == meant[at - 2] and typed[place - 2] == other:
                cost = min(cost, above[at - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(typed: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names that `typed` is perhaps a slip of, or of the beginning of, nearest first; none where it is too short or too far off."""
    if len(typed) < SHORTEST_GUESS:
        return ()
    allowed = 1 if len(typed) < 7 else 2  # noqa: PLR2004 - a second slip only in a long word
    found = []
    for name in names:
        far = min(slips(typed, name[: len(typed) + more]) for more in (-1, 0, 1))
        if far <= allowed:
            found.append((far, abs(len(name) - len(typed)), name))
    return tuple(name for _, _, name in sorted(found)[:most])
