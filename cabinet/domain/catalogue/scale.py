"""What is broken, or doubted, at scales.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

FAULTS: dict[str, Entry] = {
    "scale.bad_reading": Entry(
        "A scale gave no weight.",
        "Clear the tray; check the load cell and its calibration.",
        "The cell is broken, overloaded or unsteady: look for a cut wire, something that leans on the pan, or a draught.",
    ),
    "scale.frozen": Entry(
        "A scale shows the very same weight although pieces were moved.",
        "Check the scale with a test mass.",
        "The transmitter hangs or repeats its last value, the tray rests on the frame, or nothing was moved although it was said.",
    ),
    "scale.swapped": Entry(
        "What was taken from or put into a pocket shows on another pocket's scale.",
        "Check both scales with a test mass, and mend the cable or the site file.",
        "Two load cells are plugged into each other's transmitters, or two addresses or `weighed` lines are exchanged.",
    ),
    "scale.wandered": Entry(
        "The weight of a pocket changed although nobody opened it.",
        "Check that nothing touches the tray, then check the scale with a test mass.",
        "Creep or zero drift beyond drift_mg_per_h, warmth, a tray that touches its neighbour, a wet cell or a loose cable.",
    ),
    "scale.foreign": Entry(
        "Something that is no piece of the item lies on a scale, or was taken off it.",
        "Look into the pocket: a rubber band, an opened pack, a glove.",
        "The weight changed by no whole number of pieces, and the pieces themselves weigh what they should.",
    ),
    "scale.check_overdue": Entry(
        "A scale's check is overdue.",
        "Check the scale with a test mass.",
        "The policy's scale_check_days are over; until a check is passed the scale's word is advisory.",
    ),
    "scale.check_failed": Entry(
        "A scale failed its check.",
        "Adjust or replace the scale, then check it again.",
        "It was off by more than the policy's scale_tolerance_divisions; until a check is passed its word is advisory.",
    ),
    "scale.sample_differs": Entry(
        "What was counted does not weigh what this item weighed so far, or nothing is known of its mass.",
        "Read the label and count again; then let the mass of the new lot be learned.",
        "Another manufacturer or lot, a wrong item, a wrong count, or packaging that was put in with the pieces.",
    ),
    "pocket.read_label": Entry(
        "What was moved does not weigh what this item weighs.",
        "Read the label of what you hold and of what lies in the pocket.",
        "Another item lies there, pieces of another strength or manufacturer, or an opened pack.",
    ),
    "scale.restarted": Entry(
        "A scale was switched off and on, so its weights are not believed.",
        "Count by hand until a technician has checked its zero with the tray empty, and the scale with a test mass.",
        "The balance said its line of power-up: it may have taken what lay on the tray for its zero. Look for a loose supply.",
    ),
}
