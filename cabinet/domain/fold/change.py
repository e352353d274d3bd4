"""The one door for facts, and what every room behind it shares.

Alone knows: that a fact goes to the room that registered for its type. Must not know: any type of fact.
"""

from functools import singledispatch

from cabinet.domain.facts import Draft, Fact
from cabinet.domain.state import Access, Line, State
from cabinet.domain.vocabulary import utc_text

LEFT_OPEN = "drawer.left_open"


@singledispatch
def change(_fact: Fact, _state: State, _draft: Draft) -> None:
    """Most facts are evidence: they say what happened and change nothing that is remembered."""


def access_of(state: State, draft: Draft) -> Access:
    """The access that a fact is about."""
    assert draft.access is not None
    return state.accesses[draft.access]


def touch(state: State, line: Line, draft: Draft) -> None:
    """Note that a pocket's stock is another than before."""
    line.changed_seq = state.seq
    line.changed_at = utc_text(draft.at.utc)


def fault_key(code: str, place: str) -> str:
    """The id of a fault."""
    return f"{code}@{place}"
