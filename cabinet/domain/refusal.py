"""The four kinds of "no", in words: every refusal and fault code with what happened and what to do now.

Alone knows: the sentence and the remedy of each code. Must not know: when a code applies.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" as a value: a code from the catalogue, and details that make the sentence particular."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What happened, for the person at the cabinet."""
        return CATALOGUE[self.code][0] + (f" ({self.detail})" if self.detail else "")

    @property
    def remedy(self) -> str:
        """What to do now."""
        return CATALOGUE[self.code][1]


CATALOGUE: dict[str, tuple[str, str]] = {
    "session.unknown": ("Your session has ended.", "Sign in again; nothing that was recorded is lost."),
    "session.not_recognised": ("Badge and PIN do not match.", "Try again, or ask the charge nurse for help."),
    "session.too_many": ("Too many attempts at once for this person.", "Wait a few seconds, then try once."),
    "session.missing": ("Nobody is signed in.", "Sign in with your badge and your PIN."),
    "session.drawer_open": ("A drawer that you opened is still open.", "Close the drawer, finish the screen, then sign out."),
    "access.unknown": ("There is no such access.", "Go back to the start screen and choose again."),
    "access.repeated": ("This id already names another access.", "Send a new id for a new access."),
    "access.not_now": ("That step is not due.", "Look at what the screen asks for now."),
    "access.not_asked": ("That is not asked for here.", "Look at what the screen asks for now."),
    "access.incomplete": ("This access was cut short before it was finished.", "Count the pocket, so that its balance is known again."),
    "access.not_yours": ("Another person has this access.", "Ask them to finish, or choose another pocket."),
    "access.kind_unknown": ("This kind of access is not offered here.", "Choose withdraw, refill or count."),
    "access.looking": ("The drawer has just been released; the cabinet is still looking.", "Wait three seconds, then try again."),
    "policy.role": ("Your role may not do this.", "Ask a colleague whose role may, or the pharmacy."),
    "policy.needs_order": ("This needs an order that a pharmacist has verified.", "Choose it from the patient's orders."),
    "policy.factors": ("This needs badge and PIN.", "Sign in with your badge and your PIN."),
    "access.patient_unknown": ("There is no such patient on this ward.", "Choose the patient from the list."),
    "access.purpose": ("A withdrawal names its patient.", "Choose the patient first."),
    "access.units": ("The number of units must be a whole number from 1 to 100000.", "Enter how many units."),
    "access.lot_expired": ("The expiry that was entered has passed.", "Correct it, or do not put these units in: they go back."),
    "access.lot": ("A lot is at most 64 printed characters.", "Enter the lot as it stands on the package."),
    "access.authority": ("An access is asked for by policy or by order.", "Choose the item from the patient's orders, or from the list."),
    "access.date": ("An expiry is a date such as 2027-06-30.", "Enter the earliest expiry as it stands on the package."),
    "order.unknown": ("This patient has no such order.", "Choose the order from the patient's list."),
    "order.other_item": ("The order is for another item.", "Choose the item that the order names."),
    "order.unverified": ("This order waits for a pharmacist.", "Call the pharmacy, and try again once they have looked at it."),
    "pocket.unknown": ("There is no such pocket.", "Choose a pocket from the list."),
    "pocket.unassigned": ("This pocket holds no item.", "Choose another pocket; a technician can load this one."),
    "pocket.other_item": ("This pocket holds another item.", "Choose the pocket again from the list."),
    "item.unknown": ("What this pocket holds is not in the formulary any more.", "Choose another pocket; the pharmacy clears this one."),
    "pocket.capacity": ("That is more than can be counted.", "Enter the number of units again."),
    "stock.not_here": ("This item is not in this cabinet.", "Ask the pharmacy, or look at another cabinet."),
    "stock.out": ("This pocket is empty.", "Choose another pocket or ask the pharmacy; it has been told."),
    "stock.short": ("There are not that many units in this pocket.", "Take what is there, or choose another pocket."),
    "stock.expired": ("What is in this pocket has expired.", "Choose another pocket or ask the pharmacy; it has been told."),
    "drawer.in_use": ("Somebody else is using this drawer.", "Wait until they have closed it."),
    "drawer.not_opened": ("The drawer did not open.", "Push it gently shut, then try again; or cancel and use another pocket."),
    "drawer.failed": ("This drawer does not open.", "Use another pocket with this item; a technician has been told."),
    "drawer.not_failed": ("This drawer has not failed.", "Look at the list of faults again."),
    "drawer.shut_over_lid": ("The drawer was pushed shut over an open lid.", "Open it again, close the lid, then the drawer."),
    "drawer.unknown": ("The cabinet cannot see whether this drawer is closed.", "Use another pocket; a technician has been told."),
    "cabinet.not_ready": ("The cabinet is starting.", "Wait a few seconds."),
    "cabinet.no_staff": ("Nobody is enrolled at this cabinet.", "Enrol staff first: the pharmacy sends them, or a people file names them."),
    "cabinet.controlled_open": ("Another controlled item is being accessed.", "One at a time: wait until that pocket is closed."),
    "request.malformed": ("The request is not what was expected.", "Send what the API description says."),
    "request.unknown": ("There is nothing at this address.", "Go back to the start screen."),
    "request.elsewhere": ("This request came from another page.", "Use the cabinet's own screen."),
    "request.not_offered": ("This cabinet cannot do that yet.", "Ask the pharmacy to do it on their side."),
    "device.fault": ("A device did not do as it was told.", "A technician looks at the journal for the device's name."),
    "device.no_reply": ("A device is silent.", "Check its power, its address and its cable."),
    "device.wrong_reply": ("A device answered another question.", "Check for two devices on one address; lower the bus speed."),
    "device.garbled_reply": ("A device's answer was damaged on the wire.", "Check termination, polarity and cable."),
    "device.refused": ("A device refused an order.", "Check that the board's model in the site file is the one that is fitted."),
    "bus.lost": ("A whole line is gone.", "Check the adapter and its plug; the cabinet reopens it by itself."),
    "scale.bad_reading": ("A scale gave no weight.", "Clear the tray; check the load cell and its calibration."),
}
"""code -> (what happened, what to do now)."""
