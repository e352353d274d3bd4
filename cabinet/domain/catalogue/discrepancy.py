"""What is answered about discrepancies: why one is not settled like this.

Alone knows: these sentences and remedies. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "discrepancy.unknown": Entry("There is no such discrepancy here.", "Choose it from the list of discrepancies."),
    "discrepancy.settled": Entry("This discrepancy is settled already.", "Nothing more is to be done about it."),
    "discrepancy.reason": Entry("That is none of the reasons of this hospital.", "Choose one of the reasons on the screen."),
    "discrepancy.note": Entry("This reason is said in words, too.", "Write a sentence: what was looked at, and what was found."),
    "discrepancy.recount": Entry(
        "None of those who settle it has counted the pocket since.", "Count the pocket again first, or choose another reason."
    ),
    "discrepancy.alone": Entry(
        "Only you had an access between the two counts, so a second person looks at it with you.",
        "Ask a colleague to sign with badge and PIN. It says nothing about you: nobody closes their own interval alone.",
    ),
    "discrepancy.in_interval": Entry(
        "You had an access between the two counts, and here somebody who had none settles it.",
        "Ask the charge nurse or the pharmacy. It says nothing about you.",
    ),
    "discrepancy.pair": Entry(
        "What is settled together must be open, and short here by as many as it is over there.",
        "Settle them one by one, or count the neighbour first.",
    ),
}
"""code -> what it means."""
