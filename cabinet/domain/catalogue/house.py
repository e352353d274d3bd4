"""What is answered about the cabinet itself, its drawers, its devices and requests that reach it.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "scale.unknown": Entry("No pocket stands on a scale of this name.", "Choose a scale from the list."),
    "scale.test_mass": Entry("The test mass is too small for this scale.", "Take one of at least twenty divisions."),
    "scale.grams": Entry("That is no mass.", "Enter grams, such as 100.05."),
    "scale.no_sample": Entry("Nothing waits to be learned about this pocket.", "Refill the pocket; what is put in is the sample."),
    "drawer.in_use": Entry("Somebody else is using this drawer.", "Wait until they have closed it."),
    "drawer.not_opened": Entry("The drawer did not open.", "Push it gently shut, then try again; or cancel and use another pocket."),
    "drawer.failed": Entry("This drawer does not open.", "Use another pocket with this item; a technician has been told."),
    "drawer.not_shut": Entry("This drawer is not seen shut.", "Free what is in the way and push it home until it latches."),
    "drawer.not_open": Entry("This drawer is not seen open.", "Look at the list of faults again."),
    "drawer.just_opened": Entry("This drawer was opened only just now.", "Push it shut; if it still does not close, say so again."),
    "drawer.lid_under_drawer": Entry(
        "A lid cannot be tried under a closed drawer.", "Say that you freed it, then count its pocket: that opens the drawer and the lid."
    ),
    "drawer.not_failed": Entry("This drawer has not failed.", "Look at the list of faults again."),
    "drawer.shut_over_lid": Entry("The drawer was pushed shut over an open lid.", "Open it again, close the lid, then the drawer."),
    "drawer.unknown": Entry("The cabinet cannot see whether this drawer is closed.", "Use another pocket; a technician has been told."),
    "fridge.undecided": Entry(
        "This fridge was out of its range, and a pharmacist has not decided about what is in it.",
        "Call the pharmacist, or take it from another place; what is marked critical is not held back.",
    ),
    "fridge.discarded": Entry(
        "A pharmacist said that what is in this fridge is not to be used.",
        "Take it from another place or ask the pharmacy.",
    ),
    "fridge.still_out": Entry("This fridge is still out of its range.", "Decide once it is back in range; then all of the time is known."),
    "fridge.nothing_to_decide": Entry("Nothing in this fridge waits for a decision.", "Look at the list again."),
    "cabinet.not_ready": Entry("The cabinet is starting.", "Wait a few seconds."),
    "cabinet.maintenance": Entry(
        "A technician is working on this cabinet.", "Sign in and choose Give back, if you need it now; or use another cabinet."
    ),
    "cabinet.in_use": Entry("Somebody has an access at this cabinet.", "Wait until their drawer is closed and the screen is finished."),
    "service.not_in_maintenance": Entry("The cabinet is in service on the ward.", "Take it into maintenance first."),
    "service.no_lock": Entry("There is no such lock.", "Name a drawer, a pocket with a lid, or a lock such as locks-a:0."),
    "service.no_light": Entry("This pocket has no guide light.", "Choose another pocket."),
    "service.no_scale": Entry("This pocket stands on no scale.", "Choose another pocket."),
    "service.no_board": Entry("There is no such board or line.", "Choose one from the site file."),
    "service.count_blind": Entry(
        "This pocket is counted blind, so its weight is not told.", "Count it by hand first, or look at the scale while it is empty."
    ),
    "service.drawer_first": Entry(
        "This lid lies under a drawer that is not seen open.", "Pulse the drawer and pull it out; then pulse the lid."
    ),
    "service.controlled": Entry(
        "A controlled medicine lies behind this lock, and your role may not open to it.",
        "Have the pharmacy empty the pocket, or a technician who refills it serve this lock.",
    ),
    "service.failed_first": Entry("This drawer is marked as failed.", "Free it, push it shut and recover it first; then pulse it."),
    "service.reads_open": Entry(
        "This drawer or lid reads as open, so looking could not tell what a pulse did.",
        "Push it shut. If it is shut, its contact is wired or set the wrong way round.",
    ),
    "service.address": Entry("No board is set to this address.", "Follow what stands in brackets, then try again."),
    "cabinet.controlled_open": Entry("Another controlled item is being accessed.", "One at a time: wait until that pocket is closed."),
    "request.malformed": Entry("The request is not what was expected.", "Send what the API description says."),
    "request.unknown": Entry("There is nothing at this address.", "Go back to the start screen."),
    "request.too_many": Entry("Too much is asked at once.", "Wait a second, then try again."),
    "request.elsewhere": Entry("This request came from another page.", "Use the cabinet's own screen."),
    "request.not_offered": Entry("This cabinet cannot do that yet.", "Ask the pharmacy to do it on their side."),
}
