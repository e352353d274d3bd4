"""The root of all events.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.vocabulary import Instant


@dataclass(frozen=True)
class Event:
    """The root: every event has its moment."""

    at: Instant
