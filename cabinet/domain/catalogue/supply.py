"""What is answered about searching, about where things may stand, about kits and about codes that nobody knows yet.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "place.occupied": Entry(
        "Something else is still in this pocket: two items or strengths never share one.", "Unload it first, or choose an empty one."
    ),
    "place.nowhere": Entry(
        "No free pocket of this cabinet may hold this item.", "Unload a fit pocket first, or take it to another cabinet."
    ),
    "place.controlled": Entry("A controlled item needs a lid of its own, in a fridge its own locked box.", "Choose a pocket with a lid."),
    "place.paralytic": Entry(
        "A paralysing drug belongs behind a lid of its own or into a sealed kit, never into an open pocket.", "Choose a pocket with a lid."
    ),
    "place.high_alert": Entry("A high-alert item belongs behind a lid of its own.", "Choose a pocket with a lid."),
    "place.cold": Entry("This item is kept in a fridge.", "Choose a pocket of the fridge."),
    "place.room": Entry(
        "It is kept in a fridge, and only for so many days out of it.", "Write the day that the screen names on every package."
    ),
    "place.population": Entry(
        "A children's and a grown-ups' strength of one item never stand side by side.", "Choose a pocket away from the other strength."
    ),
    "place.look_alike": Entry("It is mistaken for what stands in the next pocket.", "Choose a pocket away from it."),
    "place.expired": Entry("What is to be put in has expired.", "Do not put it in; it goes back to the pharmacy."),
    "place.capacity": Entry("More than the pocket holds.", "Put in what fits, and say that the pocket is full."),
    "place.short_dated": Entry("It expires before it is likely to be used.", "Put it in front, and tell the pharmacy."),
    "kit.no_tag": Entry("A sealed kit is told by the number on its tag.", "Read the tag, and enter its number."),
    "kit.tag_unknown": Entry("No kit with this tag is known here.", "Read the tag again; if it is right, ask the pharmacy."),
    "kit.other_item": Entry("This tag is that of another kit.", "Take the kit that was asked for."),
    "kit.elsewhere": Entry("The kit with this tag is recorded in another place.", "Read the tag again; if it is right, tell the pharmacy."),
    "kit.broken": Entry("The seal of this kit is broken.", "Do not use it for this: it goes back to the pharmacy. Take another one."),
    "kit.expired": Entry("Something in this kit has expired.", "Take another one; this one goes back to the pharmacy."),
    "kit.uncounted": Entry(
        "This kit was opened, and what is controlled inside is not counted.",
        "Count what is left and say what was given; then bring it back.",
    ),
    "kit.tag_taken": Entry("Another kit bears this tag.", "Seal it with a tag of its own."),
    "kit.contents": Entry("A sealed kit holds what the formulary says, with the expiry of each.", "Enter every item of the kit."),
    "code.unparked": Entry("There is no unknown code to park here.", "Scan the package first."),
    "code.unknown": Entry("No such code is waiting.", "Look at the list again: somebody else may have seen to it."),
    "code.linked": Entry("This code belongs to another item already.", "Compare the package with both items before anything is changed."),
    "code.form": Entry(
        "A code is a GTIN, an NDC with dashes or of 11 digits, or a HIBC code with its plus sign.", "Enter it as it is printed."
    ),
    "refill.not_low": Entry(
        "This pocket holds more than it is refilled at.", "If you find fewer than the cabinet says, count it: then it can be asked for."
    ),
    "refill.reason": Entry("Say why it could not be filled: not in the bag, jammed, full, or short.", "Choose one of the four reasons."),
}
"""What people are answered."""
