"""What is answered to the pharmacy about a document that is not applied.

Alone knows: these sentences and remedies. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "document.form": Entry("The document cannot be read.", "Look at the reason: it names the place. Mend the record, and send it again."),
    "document.signature": Entry(
        "The document is not signed with a key that is pinned here.",
        "Put the pharmacy server's public key into the state folder's pharmacy.pub.",
    ),
    "document.target": Entry("The document is for another cabinet.", "See that no two cabinets bear the same id."),
    "document.expired": Entry(
        "The document came after it had expired, or before it was issued.",
        "Set the clocks of cabinet and pharmacy server; it is sent again.",
    ),
    "document.gap": Entry("The document builds on another version than is here.", "Nothing is to be done: it is sent whole."),
    "document.busy": Entry(
        "Somebody is at a drawer, and rules do not change under their hands.", "Nothing is to be done: it is sent again."
    ),
    "document.old": Entry(
        "A later version of the document is here already.", "Issue it anew, with a later version, if what it says is what counts."
    ),
    "document.recall": Entry("A recall names an item, an NDC or a lot of an item, and why.", "Name all of it, and send it again."),
    "document.policy": Entry(
        "The policy does not fit this cabinet.", "Look at the reason: it names the rule. Mend the policy, and send it again."
    ),
}
"""What the pharmacy is answered."""
