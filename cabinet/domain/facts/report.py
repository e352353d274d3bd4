"""What is true for ever of the record's readers.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact


@dataclass(frozen=True)
class ReportDrawn(Fact):
    """A report with people's names in it was drawn up for whoever stands in the envelope.

    `asked` is what it was narrowed by, its span (`from=`, `to=`) among it; `form` json, csv or pdf.
    """

    report: str
    asked: list[str]
    form: str
