"""What is broken at drawers, lids, fridges and where things stand.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

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
    "help.called": Entry(
        "Somebody who stands before this drawer called for help.",
        "Come to the cabinet, or call its ward; then say that it is seen to.",
        "What its other faults say; where there are none, ask the person who called.",
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
    "fridge.ajar": Entry(
        "The fridge's door is open or ajar.",
        "Push it until it catches, and look at what keeps it open.",
        "Its contact was off for longer than `drawer_open_call_s`: something in the way of the seal, a slack catch, a shifted switch.",
    ),
}
