"""What is answered to people about who they are and what their role may do.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "session.unknown": Entry("Your session has ended.", "Sign in again; nothing that was recorded is lost."),
    "session.not_recognised": Entry("Badge and PIN do not match.", "Try again, or ask the charge nurse for help."),
    "session.too_many": Entry("Too many attempts at once for this person.", "Wait a few seconds, then try once."),
    "session.missing": Entry("Nobody is signed in.", "Sign in with your badge and your PIN."),
    "session.badge_gone": Entry("The badge was shown too long ago.", "Hold your badge to the reader again, then enter your PIN."),
    "session.drawer_open": Entry("A drawer that you opened is still open.", "Close the drawer, finish the screen, then sign out."),
    "session.locked": Entry(
        "Your sign-in is locked after wrong PINs; everybody else can sign in.",
        "Wait, or ask a charge nurse or the house supervisor to unlock you or to issue a PIN for this shift.",
    ),
    "session.expired": Entry("Your account ended.", "Ask the charge nurse to let you in until the end of the shift."),
    "session.revoked": Entry("Your account is switched off.", "Ask the charge nurse, or whoever enrols staff."),
    "session.area": Entry("You do not work in this care area.", "Ask the charge nurse to let you in until the end of the shift."),
    "session.dismissed": Entry("Your account was changed.", "Finish what is open, close the drawer, and sign in again."),
    "session.covered": Entry(
        "Your refill made way for somebody who needs a medicine.", "Sign in with badge and PIN to go on; every pocket you finished is kept."
    ),
    "session.prove_again": Entry("A controlled item asks who you are once more.", "Enter your PIN, then choose the item again."),
    "session.competency": Entry("Your training for this has run out.", "Ask a colleague; whoever keeps the staff list renews the date."),
    "access.attended": Entry("The person of this access is still at it.", "Ask them, or wait a few seconds."),
    "access.own": Entry("This access is your own.", "Go on with it."),
    "staff.unknown": Entry("There is no such person.", "Choose one from the list."),
    "staff.own_record": Entry("Nobody changes their own record.", "Ask another person who may enrol staff."),
    "staff.until": Entry("The end of this account is no moment to come, or too far away.", "Name the end of the shift."),
    "staff.temporary_only": Entry(
        "Your role lets people in until the end of the shift, and no further.", "Name an end, and a role that policy lists for it."
    ),
    "staff.form": Entry("The record is not complete.", "Give an id of small letters and digits, a name, and a role."),
    "staff.badge_taken": Entry("This badge belongs to somebody else.", "Take another badge, or switch the other person's off first."),
    "staff.no_pin": Entry("This person has no PIN yet.", "Set a PIN for them, or issue one for this shift."),
    "staff.not_locked": Entry("This person's sign-in is not locked.", "Look at the list again."),
    "pin.form": Entry("The PIN has too few digits, too many, or something else in it.", "Choose another one."),
    "pin.differ": Entry("The two PINs are not the same.", "Type the new PIN twice."),
    "pin.easy": Entry("This PIN is one of those that are tried first.", "Choose one without repeats, runs, dates or your badge's number."),
    "passkey.refused": Entry("The passkey was not accepted.", "Try again, or sign in with badge and PIN."),
    "setup.code": Entry(
        "This is not the setup code.", "Read it at the machine: `adc staff setup-code`. It changes after five wrong tries."
    ),
    "setup.done": Entry("This cabinet has somebody who enrols staff.", "Ask them."),
    "cabinet.no_staff": Entry(
        "Nobody is enrolled at this cabinet.",
        "Enrol the first administrator at its screen, with the code that `adc staff setup-code` tells at the machine.",
    ),
    "policy.role": Entry("Your role may not do this.", "Ask a colleague whose role may, or the pharmacy."),
    "policy.recovery": Entry(
        "Your role may not bring this drawer back.", "Use another pocket; ask the charge nurse or a technician to free this one."
    ),
    "policy.needs_order": Entry("This needs an order that a pharmacist has verified.", "Choose it from the patient's orders."),
    "policy.factors": Entry("This needs badge and PIN.", "Sign in with your badge and your PIN."),
    "witness.dependent": Entry(
        "Nobody has a second person in an account that they made, or in a PIN that they set.",
        "Ask another colleague. Until one is there it stays owed.",
    ),
}

FAULTS: dict[str, Entry] = {
    "session.many_failures": Entry(
        "Many sign-ins at this screen have failed.",
        "Look who is at the cabinet. Sign in as usual; it takes some seconds longer.",
        "More wrong badges or PINs than policy allows in a row of minutes: somebody is guessing, a reader garbles badges, or PINs were "
        "changed elsewhere. It is over by itself once nobody has failed for a while.",
    ),
}
