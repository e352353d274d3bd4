"""What is true for ever of people who looked in from another screen of the ward.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them. None holds a secret.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import SessionId


@dataclass(frozen=True)
class WardSessionOpened(Fact):
    """A person was recognised away from the cabinet by these factors. It is no session at the cabinet, and opens nothing."""

    session: SessionId
    factors: list[str]


@dataclass(frozen=True)
class WardSessionClosed(Fact):
    """Such a session ended."""

    session: SessionId
    why: str
