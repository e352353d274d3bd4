"""By what the guide knows that a move is done.

Why it matters: a visitor who did a move before it was asked for could not do it again, and stood before it for good.
"""

from datetime import UTC, datetime

from cabinet.domain.facts import Entry, Fact, PowerMoved
from cabinet.rehearsal.guide.look import Look
from cabinet.rehearsal.guide.script import MOVES


def seen(*facts: Fact, is_networked: bool = False) -> Look:
    """What stands in the journal from before the move began."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    entries = tuple(Entry(1, number, f"f{number}", at, fact, None, None, None, "", "") for number, fact in enumerate(facts, 1))
    return Look(entries, len(facts), {"faults": [], "drawers": []}, {}, 0, is_networked)


def moved(target: str) -> PowerMoved:
    """The supply's word."""
    return PowerMoved("ups", "mains" if target == "battery" else "battery", target, "said so", 100, 1800)


def test_what_was_cut_before_it_was_asked_for_is_cut() -> None:
    """The state counts, not the moment."""
    cut = next(move for move in MOVES if move.id == "cut").is_done
    assert cut(seen(moved("battery")))
    assert not cut(seen(moved("battery"), is_networked=True))
    assert not cut(seen(moved("battery"), moved("mains")))
    assert not cut(seen())


def test_a_move_is_named_by_its_first_words_once_it_is_done() -> None:
    """They stand in the list behind a tick: "Sign out" says nothing of a refill."""
    for move in MOVES:
        assert len(move.do.replace(":", ".").split(". ")[0].split()) > 2, move.id
