"""What is answered about an access: what was asked, in which step, for whom, and out of which pocket.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

REFUSALS: dict[str, Entry] = {
    "access.unknown": Entry("There is no such access.", "Go back to the start screen and choose again."),
    "access.repeated": Entry("This id already names another access.", "Send a new id for a new access."),
    "access.not_now": Entry("That step is not due.", "Look at what the screen asks for now."),
    "access.not_asked": Entry("That is not asked for here.", "Look at what the screen asks for now."),
    "access.incomplete": Entry(
        "This access was cut short before it was finished.", "Count the pocket, so that its balance is known again."
    ),
    "access.not_yours": Entry("Another person has this access.", "Ask them to finish, or choose another pocket."),
    "access.kind_unknown": Entry("This kind of access is not offered here.", "Choose withdraw, refill or count."),
    "access.looking": Entry("The drawer has just been released; the cabinet is still looking.", "Wait three seconds, then try again."),
    "access.patient_unknown": Entry("There is no such patient on this ward.", "Choose the patient from the list."),
    "access.other_patient": Entry(
        "You have a pocket open for another patient.", "One patient at a time: finish there and close it, then ask again."
    ),
    "access.at_cabinet": Entry(
        "From here orders are picked ahead, and nothing else.", "Go to the cabinet and sign in there with badge and PIN."
    ),
    "pick.many": Entry("You have picked as much as one person may at one time.", "Take some of it, or drop what you do not need."),
    "access.purpose": Entry("A withdrawal names its patient.", "Choose the patient first."),
    "access.units": Entry("The number of units must be a whole number from 1 to 100000.", "Enter how many units."),
    "access.lot_expired": Entry("The expiry that was entered has passed.", "Correct it, or do not put these units in: they go back."),
    "access.lot": Entry("A lot is at most 64 printed characters.", "Enter the lot as it stands on the package."),
    "access.authority": Entry(
        "An access is asked for by policy or by order.", "Choose the item from the patient's orders, or from the list."
    ),
    "access.date": Entry("An expiry is a date such as 2027-06-30.", "Enter the earliest expiry as it stands on the package."),
    "scan.needed": Entry(
        "Here nothing is put in before its package was scanned.", "Scan it; where its code is not known, park the line for the pharmacist."
    ),
    "scan.needed_to_remove": Entry(
        "Here this item is scanned before it is removed.", "Scan its package; if no code of it reads, say so: that is noted, and you go on."
    ),
    "scan.missed": Entry("No code of the package could be read.", "You go on without a scan; somebody looks at it afterwards."),
    "scan.no_prefix": Entry(
        "The scanner did not say what kind of code this is.", "Enter lot and expiry by hand; a technician sets the scanner's AIM prefix."
    ),
    "scan.unreadable": Entry("This code cannot be read as that of a medicine.", "Scan the other code on the package, or enter it by hand."),
    "scan.doubtful": Entry(
        "Parts of this code seem to have run together, so its lot is not believed.", "Enter lot and expiry by hand, as printed."
    ),
    "scan.unknown": Entry(
        "This code belongs to no item of the formulary.", "Compare name and strength by eye; the pharmacy adds the code."
    ),
    "scan.other_item": Entry("This is another item.", "Neither use it nor put it in: find the right package."),
    "scan.expired": Entry("What was scanned has expired.", "Neither use it nor put it in; it goes back to the pharmacy."),
    "order.unknown": Entry("This patient has no such order.", "Choose the order from the patient's list."),
    "order.other_item": Entry("The order is for another item.", "Choose the item that the order names."),
    "order.unverified": Entry("This order waits for a pharmacist.", "Call the pharmacy, and try again once they have looked at it."),
    "pocket.unknown": Entry("There is no such pocket.", "Choose a pocket from the list."),
    "pocket.unassigned": Entry("This pocket holds no item.", "Choose another pocket; a technician can load this one."),
    "pocket.other_item": Entry("This pocket holds another item.", "Choose the pocket again from the list."),
    "item.unknown": Entry(
        "What this pocket holds is not in the formulary any more.", "Choose another pocket; the pharmacy clears this one."
    ),
    "pocket.capacity": Entry("That is more than can be counted.", "Enter the number of units again."),
    "stock.not_here": Entry("This item is not in this cabinet.", "Ask the pharmacy, or look at another cabinet."),
    "stock.nowhere_else": Entry(
        "No other pocket here can serve this.", "Try this one again, or ask the pharmacy for the nearest cabinet that has it."
    ),
    "stock.out": Entry("This pocket is empty.", "Choose another pocket or ask the pharmacy; it has been told."),
    "stock.short": Entry("There are not that many units in this pocket.", "Take what is there, or choose another pocket."),
    "stock.expired": Entry("What is in this pocket has expired.", "Choose another pocket or ask the pharmacy; it has been told."),
    "witness.needed": Entry("A second person must sign this.", "Ask a colleague to hold their badge and enter their PIN; it is one touch."),
    "witness.unknown": Entry("The second person was not recognised.", "Let them try again, or ask another colleague."),
    "witness.same_person": Entry("The second person must be somebody else.", "Ask a colleague; nobody signs for themselves."),
    "witness.role": Entry("This role may not sign for that.", "Ask a colleague whose role may; the policy names them."),
    "witness.factors": Entry("The second person showed too little.", "A signature takes badge or id, and the PIN."),
    "withdrawal.unknown": Entry(
        "This cabinet does not know that withdrawal any more.", "Name the item instead; the pharmacy joins the two."
    ),
    "withdrawal.not_named": Entry(
        "No withdrawal is named that it came from.", "Choose it from the patient's list; if none is there, say that it was found."
    ),
    "withdrawal.other_item": Entry("That withdrawal was of another item.", "Choose the withdrawal from the patient's list."),
    "withdrawal.more": Entry("That is more than was taken out.", "Enter what is in your hand; report what is really missing."),
    "withdrawal.amount": Entry(
        "That amount cannot be read for this item.", "Type it as the label says it: 2.5 mg, 0.5 mL, half a unit as 0.5."
    ),
    "withdrawal.reason": Entry("A reason is missing.", "Choose or type why."),
    "return.opened": Entry("Opened packages are not returned.", "Waste what is left with a witness; say so if the package is whole."),
    "return.time_out": Entry("This item is kept cold.", "Say how many minutes it was out of the fridge."),
    "return.too_warm": Entry("It was out of the fridge for too long.", "Put it into the return bin; the pharmacy decides."),
    "return.place": Entry("There is no such place for returns.", "Use the return bin."),
    "return.not_to_pocket": Entry("This item does not go back to its pocket.", "Put it into the return bin."),
    "return.other_pocket": Entry("It was not taken from this pocket.", "Put it into the return bin."),
    "debt.unknown": Entry("Nothing like that is owed.", "Look at the list again; it may be settled already."),
    "debt.not_yours": Entry("Another person owes that.", "They hand it over, or the charge nurse closes it with a reason."),
    "debt.personal": Entry("Only who is named can give their word.", "They say it when they are here, or the charge nurse closes it."),
    "debt.role": Entry(
        "This colleague's role does not do what is owed here.", "Hand it over to somebody whose role does; it is still yours."
    ),
    "debt.own": Entry("Nobody closes their own debt.", "Do what is owed, hand it over, or ask the charge nurse."),
    "stock.quarantined": Entry(
        "This must not be used now.", "Take it from another pocket or cabinet; the pharmacy says when it is free again."
    ),
    "quarantine.unknown": Entry("That names nothing to block.", "Name a pocket, an item, an NDC, or a lot with its item, and say why."),
    "sheet.needed": Entry("This item comes and goes on a numbered sheet.", "Enter the number that is on the sheet in your hand."),
    "sheet.unknown": Entry("No sheet of this number is on its way here.", "Check the number, or type the sheet in first."),
    "transfer.cabinet": Entry(
        "No other cabinet of this name is known here.", "Choose the cabinet that sent it; a new one is added to the site's file."
    ),
    "transfer.where": Entry("Nobody said to which cabinet it goes.", "Touch the cabinet that gets it, and ask again."),
    "sheet.own": Entry("Who issued or carried a sheet does not close it.", "Have somebody else count it and close the sheet."),
    "sheet.used": Entry("This sheet's number is taken.", "Take a fresh sheet."),
    "sheet.other_item": Entry("This sheet is for another item.", "Take the sheet that belongs to this package."),
    "sheet.arrived": Entry(
        "How many arrived where this sheet went was not said.", "Ask who received them there, and state the number that was counted."
    ),
    "sheet.form": Entry("A sheet names an item of the formulary and at least one unit.", "Check what was typed against the paper."),
    "case.unknown": Entry("There is no such case.", "It may be over; look at the list again."),
    "case.taken": Entry("This id names another patient's case.", "Send a new id for a new case."),
    "case.open": Entry("This patient has a case already.", "Go on with it, or end it first."),
}
