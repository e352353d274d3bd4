"""What a person just did with the record.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.vocabulary import SessionId


@dataclass(frozen=True)
class ReportDrawn(Event):
    """A report with names was drawn up for a person; `asked` are its arguments as `word=what was said`, the span among them."""

    session: SessionId
    report: str
    asked: tuple[str, ...]
    form: str
