"""What is answered about orders and doses: an order that is over, and the acts that warnings force.

Alone knows: these sentences and remedies. Must not know: when a code applies (`dose/warning.py`), or what a site makes of it (its policy).
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "order.stopped": Entry(
        "This order was stopped.", "Look at the patient's list for the order that took its place, or ask the pharmacy or the prescriber."
    ),
    "order.held": Entry("This order is on hold.", "Ask the prescriber or the pharmacy whether it is to be given."),
    "dose.which": Entry("The order says a range.", "Choose which dose you give."),
    "dose.weight": Entry("The dose goes by weight, and none is known.", "Enter the weight in kg, such as 61.4 kg, or the dose."),
    "dose.drawn": Entry(
        "The container is put back, and nobody said how much was drawn out of it.",
        "Enter the amount that was drawn, such as 2 mL or 10 mg.",
    ),
    "dose.drawn_more": Entry("More than one container holds.", "Look at the amount and its unit, and enter what was drawn."),
    "dose.weight_range": Entry("Nobody weighs that.", "Weigh again, or look at the unit: the weight is in kg."),
    "dose.unreadable": Entry(
        "The order's dose cannot be read.", "Enter how much you give, with its unit; the pharmacy looks at the order."
    ),
    "dose.per_day": Entry("The order says the dose of a whole day.", "Enter how much of it you give now."),
    "dose.units": Entry("The order says a rate.", "Enter how many you need."),
    "dose.differs": Entry(
        "The order's dose and its units do not agree.", "Choose which of them you take; the pharmacy looks at the order."
    ),
    "warning.paralytic": Entry(
        "PARALYSES BREATHING - is the patient ventilated? Nothing has opened.", "If so, type the word that the screen names; if not, stop."
    ),
    "warning.tenfold": Entry(
        "This dose is far from what one package holds.", "Type the strength on the label and the dose that you are going to give."
    ),
    "warning.allergy": Entry("The patient has an allergy to this.", "Stop, or say who decided that it is given all the same, and why."),
    "warning.weight": Entry(
        "This weight is far from the one on record.", "Weigh again, or say why it is right. What the dose leaves over goes by the record."
    ),
    "warning.max_daily": Entry(
        "With this dose the patient gets more than the most of a day.", "Ask the prescriber, or say why it is right."
    ),
    "warning.already_taken": Entry("This dose was taken out already.", "Ask the colleague who took it, or say why it is needed again."),
    "warning.too_soon": Entry("It is too soon for the next dose.", "Wait, or say why it is needed now."),
    "warning.more_than_order": Entry("This is more than the order says.", "Take what the order says, or say why more is needed."),
    "warning.high_alert": Entry("This does great harm when it goes wrong, and no verified order stands behind it.", "Type its strength."),
    "warning.population": Entry("This strength is meant for other patients.", "Choose the strength for this patient, or say why this one."),
}
