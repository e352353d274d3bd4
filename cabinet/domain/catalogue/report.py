"""What is answered to people who ask for a report.

Alone knows: these sentences and remedies. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "report.unknown": Entry("There is no report of this name.", "Choose one from the list of reports."),
    "report.asked": Entry("The report cannot be drawn up as it was asked for.", "Change what it is narrowed by, as the line below says."),
    "report.failed": Entry("The report could not be drawn up.", "Try again; if it stays so, draw it with `adc report` and call service."),
}
