"""What is answered about the cabinet's modes, stale orders and late entries.

Alone knows: these sentences and remedies. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "cabinet.locked_down": Entry(
        "This cabinet is locked down: it opens for an emergency alone.",
        "Choose Emergency access, use another cabinet, or ask whoever locked it down.",
    ),
    "cabinet.training": Entry("This cabinet is in training.", "Touch End training; an emergency access ends it at once."),
    "cabinet.training_over": Entry(
        "Training is over: this was an emergency.", "Sign in and choose Emergency access; the drawers are real now."
    ),
    "mode.unknown": Entry("Nobody declares such a mode.", "Choose critical_override, locked_down or training."),
    "mode.reason": Entry("A reason is missing.", "Say in a few words why."),
    "mode.stands": Entry("The cabinet is in this mode already.", "Look at the line above every screen."),
    "mode.not_now": Entry("That cannot be declared in the present mode.", "End what stands first; the modes page says what does."),
    "mode.not_standing": Entry("The cabinet is not in this mode.", "Look at the modes page again."),
    "order.last_known": Entry(
        "The pharmacy has not been heard for too long: this order may have changed.",
        "Say why it is still good; the withdrawal goes to review.",
    ),
    "late.moment": Entry(
        "A late entry needs the moment at which it was taken.", "Enter date and time, not in the future nor too long ago."
    ),
    "late.pocket": Entry("A late entry names the pocket that was opened.", "Choose the pocket."),
    "late.counted_since": Entry(
        "This pocket was counted after that moment, and the count stands.",
        "Where that count was short, explain its discrepancy with this; nothing is taken twice from the record.",
    ),
    "late.taken_by": Entry("Nobody of this name is on record.", "Choose who took it, or leave it empty where it was you."),
}
