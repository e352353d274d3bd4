"""What is answered about the word that something is taken on: overrides and emergencies that the area's lists do not know.

Alone knows: these sentences and remedies. Must not know: when a code applies (`authority.py`).
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "override.not_listed": Entry(
        "This item is not on the override list of this care area for your role.",
        "Ask a pharmacist to verify its order; in an emergency use Emergency access.",
    ),
    "override.reason": Entry("An override needs a reason from the list.", "Choose the reason that fits."),
    "override.indication": Entry("This item needs an indication on override.", "Say what it is given for."),
    "emergency.not_listed": Entry(
        "This item is not on the emergency list of this care area.",
        "Ask for it by an order or on override; a charge nurse can switch the whole cabinet to critical override.",
    ),
}
