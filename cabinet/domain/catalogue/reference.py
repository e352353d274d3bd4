"""What is answered about reference data: patients who are added and merged, orders, items and levels that are changed.

Alone knows: these sentences and remedies. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "patient.form": Entry(
        "A patient has a name, a date of birth and a bed.", 'Enter all three; the date as 1962-04-30, or "unknown" where nobody can tell.'
    ),
    "patient.taken": Entry("This id is another patient's.", "Send a new id for a new patient."),
    "patient.same": Entry("These are one patient already.", "Look at the list again."),
    "patient.listed": Entry(
        "Only a patient who was added at this cabinet is merged into another.", "Ask the admissions office to mend the two records."
    ),
    "patient.gone": Entry(
        "This patient has left this ward.",
        "Return or waste what is left; if they are still here, use override and ask the admissions office to mend the record.",
    ),
    "order.not_known": Entry("There is no such order.", "Look at the list of orders again."),
    "order.unmapped": Entry(
        "An order names no item of the formulary.", "The pharmacy compares it, and enters it again with its item; until then use override."
    ),
    "order.form": Entry("The order is not complete.", "Give id, patient, item, dose, route and schedule."),
    "item.form": Entry("The item is not complete.", "Give id, generic name, name as written, strength, form and the word for one unit."),
    "item.held": Entry(
        "A pocket holds this item, and what one unit of it is would change.", "Unload its pockets first; or enter a new item with a new id."
    ),
    "levels.item": Entry(
        "The pocket holds another item than these levels are for.", "Look at what the pocket holds now, and set them anew."
    ),
    "levels.capacity": Entry("The par is more than the pocket holds.", "Enter at most what fits, or choose a larger pocket."),
    "levels.order": Entry("Critical low, min and par rise in this order.", "Enter critical low at most min, and min at most par."),
}
