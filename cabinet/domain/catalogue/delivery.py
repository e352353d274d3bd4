"""What is answered about deliveries.

Alone knows: these sentences and remedies. Must not know: when a code applies (`delivery/working.py`).
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "delivery.form": Entry(
        "A delivery has a number and lines: an item of the formulary, at least one unit, and a pocket that holds this item or none.",
        "Check the line that is named against the list in your hand.",
    ),
    "delivery.unknown": Entry("There is no such delivery to be put in here.", "Look at the list of deliveries again."),
    "delivery.no_line": Entry(
        "The delivery has no line for this pocket.", "Choose a line of the list; what is beside it is refilled from the cabinet's own list."
    ),
    "delivery.lines_left": Entry(
        "Some lines are neither filled nor have a reason.", "Fill them, or say why not: not in the bag, jammed, full, short."
    ),
}
