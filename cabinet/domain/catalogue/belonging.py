"""What is answered about patients' own medicine.

Alone knows: these sentences and remedies. Must not know: when a code applies (`belonging/keeping.py`).
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "bag.form": Entry(
        "A bag has a number, a patient, and what was counted into it.", "Enter the number on the seal and each medicine with its count."
    ),
    "bag.number": Entry("This pocket holds patients' own medicine, in bags.", "Name the bag, or choose the medicine that the ward stocks."),
    "bag.unknown": Entry("There is no such bag.", "Read the number on the seal again; a new bag is counted and sealed first."),
    "bag.taken": Entry("This bag is in the cabinet already, or its number is another's.", "Take a bag with a fresh number."),
    "bag.other_patient": Entry("This bag belongs to another patient.", "Look at the name on the bag."),
    "bag.elsewhere": Entry("The bag does not lie in this pocket.", "Choose the pocket that the list of bags names."),
    "bag.signature": Entry("Who gets the bag back signs for it.", "Enter the name of whoever takes it."),
    "bag.no_witness_rule": Entry(
        "Nobody may sign for a patient's own medicine here.", 'Whoever keeps the policy adds a [[witness]] row for "bag" and "bag_waste".'
    ),
}
