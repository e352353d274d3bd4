"""The four kinds of "no", in words: one entry for every refusal and every fault, and nothing is said to anybody that is not here.

Alone knows: the sentence, the remedy and the cause of each code. Must not know: when a code applies.

A refusal is a "no" to a person at the cabinet: what happened, and what to do now. A fault is something broken: besides those two, which
are for the person who stands before it, its `cause` says to a technician what they will find.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """What one code means. `cause` is for technicians: what they will find; refusals have none."""

    sentence: str
    remedy: str
    cause: str = ""


REFUSALS: dict[str, Entry] = {
    "session.unknown": Entry("Your session has ended.", "Sign in again; nothing that was recorded is lost."),
    "session.not_recognised": Entry("Badge and PIN do not match.", "Try again, or ask the charge nurse for help."),
    "session.too_many": Entry("Too many attempts at once for this person.", "Wait a few seconds, then try once."),
    "session.missing": Entry("Nobody is signed in.", "Sign in with your badge and your PIN."),
    "session.badge_gone": Entry("The badge was shown too long ago.", "Hold your badge to the reader again, then enter your PIN."),
    "session.drawer_open": Entry("A drawer that you opened is still open.", "Close the drawer, finish the screen, then sign out."),
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
    "policy.role": Entry("Your role may not do this.", "Ask a colleague whose role may, or the pharmacy."),
    "policy.recovery": Entry(
        "Your role may not bring this drawer back.", "Use another pocket; ask the charge nurse or a technician to free this one."
    ),
    "policy.needs_order": Entry("This needs an order that a pharmacist has verified.", "Choose it from the patient's orders."),
    "policy.factors": Entry("This needs badge and PIN.", "Sign in with your badge and your PIN."),
    "access.patient_unknown": Entry("There is no such patient on this ward.", "Choose the patient from the list."),
    "access.purpose": Entry("A withdrawal names its patient.", "Choose the patient first."),
    "access.units": Entry("The number of units must be a whole number from 1 to 100000.", "Enter how many units."),
    "access.lot_expired": Entry("The expiry that was entered has passed.", "Correct it, or do not put these units in: they go back."),
    "scale.unknown": Entry("No pocket stands on a scale of this name.", "Choose a scale from the list."),
    "scale.test_mass": Entry("The test mass is too small for this scale.", "Take one of at least twenty divisions."),
    "scale.grams": Entry("That is no mass.", "Enter grams, such as 100.05."),
    "scale.no_sample": Entry("Nothing waits to be learned about this pocket.", "Refill the pocket; what is put in is the sample."),
    "access.lot": Entry("A lot is at most 64 printed characters.", "Enter the lot as it stands on the package."),
    "access.authority": Entry(
        "An access is asked for by policy or by order.", "Choose the item from the patient's orders, or from the list."
    ),
    "access.date": Entry("An expiry is a date such as 2027-06-30.", "Enter the earliest expiry as it stands on the package."),
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
    "scan.other_item": Entry("This is another item.", "Do not put it in: find the right package."),
    "scan.expired": Entry("What was scanned has expired.", "Do not put it in; it goes back to the pharmacy."),
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
    "cabinet.no_staff": Entry(
        "Nobody is enrolled at this cabinet.", "Enrol staff first: the pharmacy sends them, or a people file names them."
    ),
    "cabinet.controlled_open": Entry("Another controlled item is being accessed.", "One at a time: wait until that pocket is closed."),
    "request.malformed": Entry("The request is not what was expected.", "Send what the API description says."),
    "request.unknown": Entry("There is nothing at this address.", "Go back to the start screen."),
    "request.elsewhere": Entry("This request came from another page.", "Use the cabinet's own screen."),
    "request.not_offered": Entry("This cabinet cannot do that yet.", "Ask the pharmacy to do it on their side."),
}
"""What people are answered."""

FAULTS: dict[str, Entry] = {
    "drawer.jammed": Entry(
        "This drawer was released several times and did not open.",
        "Free what is in the way, push it home and have it tried; meanwhile take the item from another pocket.",
        "Something stands out into the frame, the bolt does not withdraw, or the coil gets no current: pulse it and listen for the click.",
    ),
    "drawer.latch": Entry(
        "This drawer is pushed home and does not stay shut.",
        "Free what is in the way and push once more; if it still does not hold, say so on the screen and keep it in sight.",
        "The bolt does not catch: bent strike plate, weak spring, overfull pocket; or the relay holds it back (feel if the coil is warm).",
    ),
    "drawer.left_open": Entry(
        "This drawer has been open for too long.",
        "Close it; what is behind it owes nothing as long as its access is not over.",
        "Nothing, unless people say that it is shut: then look at its contact and cable.",
    ),
    "drawer.forced": Entry(
        "This drawer was opened without a release.",
        "Close it and count what is behind it; tell the charge nurse, unless you used the key yourself.",
        "Somebody used the key or force: look for marks; where nobody did, the bolt slipped or a contact is loose.",
    ),
    "sensor.dead": Entry(
        "The cabinet cannot see whether this drawer is open.",
        "Treat it as open: keep it in sight and count what is behind it; use another pocket.",
        "The contact stays as it is whatever the drawer does: magnet or lever out of place, a stuck switch, a cut or shorted wire.",
    ),
    "relay.welded": Entry(
        "This drawer opens by itself.",
        "Push it shut and keep it in sight; use another pocket, and call the technician now.",
        "The relay's contact sticks although it reads off (the coil is warm), or the bolt never catches: change the board or the lock.",
    ),
    "lock.worn": Entry(
        "This lock works more slowly than it did, or misses.",
        "Go on using it; the technician has been told.",
        "Dirt, a weak spring or a tired coil: clean and adjust, or change the lock before it fails, then say so in the list of faults.",
    ),
    "stock.one_place": Entry(
        "A critical item can be reached in one way only.",
        "Ask the pharmacy to load it into a second drawer.",
        "Its pockets share a lock or a line: load it into a drawer whose lock hangs on another board of another line.",
    ),
    "device.fault": Entry(
        "A device did not do as it was told.",
        "A technician looks at the journal for the device's name.",
        "The driver's own detail stands in brackets; `adc journal export` shows when it began.",
    ),
    "device.no_reply": Entry(
        "A device is silent.",
        "Check its power, its address and its cable.",
        "No power at the board, a wrong address, a broken or swapped pair, or no common wire; where all boards are silent, the adapter.",
    ),
    "device.wrong_reply": Entry(
        "A device answered another question.",
        "Check for two devices on one address; lower the bus speed.",
        "Two boards answer at one address, or a reply that came late was taken for another's.",
    ),
    "device.garbled_reply": Entry(
        "A device's answer was damaged on the wire.",
        "Check termination, polarity and cable.",
        "A check sum was wrong: missing or double termination, swapped polarity, or a cable beside a solenoid's supply.",
    ),
    "device.refused": Entry(
        "A device refused an order.",
        "Check that the board's model in the site file is the one that is fitted.",
        "The board answered with an exception: another model or firmware than the site file names, or a channel that it does not have.",
    ),
    "device.restarted": Entry(
        "A board lost its power, or switched itself off.",
        "Nothing needs to be done now: it is checked and used again by itself.",
        "Its reset bit was set (a brown-out: look at supply and fuse), or its host watchdog fired (nobody asked it in time).",
    ),
    "bus.lost": Entry(
        "A whole line is gone.",
        "Check the adapter and its plug; the cabinet reopens it by itself.",
        "The adapter was unplugged or has no power, its device name changed, or the gateway does not accept connections.",
    ),
    "bus.silent": Entry(
        "No right answer comes from a whole line.",
        "Check the line's plugs and the boards' supply; the cabinet opens it again by itself, and its drawers can then be had.",
        "Silence: the pair is cut or shorted, the boards' supply is off, the adapter hangs. Damaged answers (`adc hw trace`): termination,"
        " polarity, two boards at one address, or something that talks without a pause.",
    ),
    "device.degraded": Entry(
        "More than one in a hundred exchanges with a device goes wrong.",
        "Nothing is stopped by it; a technician looks at its line before it gets worse.",
        "Termination, polarity, a loose terminal, or a coil without its diode: `up/health` counts the errors that came just at pulses.",
    ),
    "device.quarantined": Entry(
        "A device is left alone because it failed again and again.",
        "Mend it: it is tried every few seconds while somebody is at the cabinet, and taken back by itself.",
        "It did not answer three times and failed its check; it is identified and checked before anything of it is believed.",
    ),
    "reader.plain": Entry(
        "A badge reader is refused: it would send badges in the clear.",
        "Type the badge number; call a technician.",
        "The reader answers and knows no secure channel: it is another model, or it was exchanged. Fit one with OSDP secure channel.",
    ),
    "reader.key": Entry(
        "A badge reader is refused: it does not share this cabinet's key.",
        "Type the badge number; call a technician.",
        "The reader was exchanged or reset, or its key file is another's. Give it its key in install mode, then switch that off again.",
    ),
    "reader.tamper": Entry(
        "A badge reader was opened or taken off.",
        "Type the badge number; call security and a technician.",
        "The reader's tamper switch is open: look for a foreign device behind it, close the cover, mount it firmly.",
    ),
    "scanner.bad_frame": Entry(
        "A scanner sent something that is no code.",
        "Scan again, or enter lot and expiry by hand.",
        "Set the scanner to its serial mode with the suffix CR, and to the speed that the site names.",
    ),
    "input.stale": Entry(
        "The cabinet does not know at this moment whether that drawer is closed.",
        "Try again in a few seconds.",
        "The board of the drawer's switch did not answer in time just before the release; look at the errors of its line.",
    ),
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
        "What was put in does not weigh what this item weighed so far.",
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
    "device.stale": Entry(
        "An instrument has nothing certain to say.",
        "Nothing is stopped by it; a technician looks at what the instrument itself has lost.",
        "upsd runs and its driver has lost the supply (cable, USB rights, a driver that is not started), or its status contradicts itself.",
    ),
    "probe.stuck": Entry(
        "A temperature probe has shown exactly the same for hours.",
        "Treat what is in that fridge as not watched: put a thermometer in, and tell the pharmacy.",
        "A fridge swings with its compressor, so a value that never changes is no measurement: a frozen board or a wire that is shorted.",
    ),
    "probe.jumped": Entry(
        "A temperature probe jumped faster than anything in a fridge can change.",
        "Look whether the probe still hangs in the fridge; the cabinet believes it again after a few calm readings.",
        "More than 5 degrees in a minute: a loose contact, interference on its wire, or a probe that was pulled out of its buffer.",
    ),
    "fridge.ajar": Entry(
        "The fridge's door is open or ajar.",
        "Push it until it catches, and look at what keeps it open.",
        "Its contact was off for longer than `drawer_open_call_s`: something in the way of the seal, a slack catch, a shifted switch.",
    ),
    "power.on_battery": Entry(
        "The cabinet runs on its battery.",
        "Every pocket opens as ever, for as long as the screen says; take what will be needed soon.",
        "The supply has no mains: look at the socket, the ward's emergency circuit and the supply's own fuse.",
    ),
    "power.low_battery": Entry(
        "The battery is nearly empty, so the cabinet releases nothing more.",
        "Open the drawer with the mechanical key, by the printed procedure in the key's sealed box; note what you take, and count the "
        "pocket when the mains is back: an opening by key owes a count. What is open already is finished as ever.",
        "The stated `battery_minutes` are over, or the supply says that its battery is low; one that is low early is old: have it tested.",
    ),
    "probe.dead": Entry(
        "A temperature probe gives no temperature.",
        "Treat what is in that fridge as not watched: put a thermometer in, and tell the pharmacy.",
        "The probe is unplugged, cut or has just got its power back (85.0 C); exchange it and look at the connector for moisture.",
    ),
}
"""What is broken."""

CATALOGUE: dict[str, Entry] = REFUSALS | FAULTS
"""code -> what it means."""
