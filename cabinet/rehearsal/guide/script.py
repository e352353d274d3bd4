"""The script of the guided three minutes, as data: what a visitor does, why it matters, and by what it is recognised.

Alone knows: the order of the moves, their words, and which fact or state of the steel box ends each.
Must not know: how a move is done for the visitor (`performance.py`), or how any of it is shown.
"""

from cabinet.domain.facts import (
    DiscrepancyFound,
    FaultCleared,
    PocketCounted,
    PowerMoved,
    RefillYielded,
    SessionOpened,
    SessionResumed,
    WitnessSigned,
)
from cabinet.rehearsal.guide import performance as does
from cabinet.rehearsal.guide.cast import (
    ANTIDOTE,
    ANTIDOTE_TOO,
    AT_MIN,
    KIT,
    NURSE,
    ON_BATTERY,
    OPIOID,
    PHARMACIST,
    SEDATIVE,
    SHORT,
    SUPPLY,
    TECHNICIAN,
    WITNESS,
)  # fmt: skip
from cabinet.rehearsal.guide.look import Look
from cabinet.rehearsal.guide.move import Chapter, Move

ENDS = ("settled", "disputed")


def _is_back(look: Look) -> bool:
    return look.is_networked and not look.is_broken("mains_lost", SUPPLY) and look.pharmacy_seq >= look.entries[-1].seq


def _is_cut(look: Look) -> bool:
    power = look.last(PowerMoved)  # a visitor may have cut it before it was asked for
    return not look.is_networked and power is not None and power.target == "battery"


def _is_on_battery(look: Look) -> bool:
    return not look.is_networked and look.reached("withdraw", ON_BATTERY.item, "settled") and look.is_shut(ON_BATTERY.drawer)


def _is_free(look: Look) -> bool:
    return not look.is_broken("drawer_jammed", ANTIDOTE.drawer) and look.is_shut(ANTIDOTE.drawer) and look.has(FaultCleared)


SCRIPT = (
    Chapter("0:00", "A dose that is due", (
        Move(
            "badge", "cabinet", "Touch the badge reader on the cabinet and hold Ana Reyes's badge to it. The kiosk asks for her PIN.",
            "Badge and PIN are two factors. A wrong PIN locks that one person for half a minute, and nobody else.",
            does.sign_in, lambda look: look.has(SessionOpened, staff=NURSE) or look.has(SessionResumed, staff=NURSE), NURSE,
        ),
        Move(
            "due", "kiosk", "Touch Eleanor Voss, then oxyCODONE 5 mg. The drawer and one lid open, and a light shows the pocket.",
            "Before any lock moves, the intent is on disk. Of eight lids only this one opens.",
            does.open_due, lambda look: look.reached("withdraw", OPIOID.item, "open"),
        ),
        Move(
            "count", "kiosk", "Count the tablets in the open pocket on the cabinet, and type the number at the kiosk.",
            "The count is blind: neither record nor scale is shown before you have said what you see.",
            does.count_due, lambda look: look.has(PocketCounted, lambda fact: fact.pocket == OPIOID.pocket),
        ),
        Move(
            "take", "cabinet", "Take 1 from the pocket, say so at the kiosk, close the lid and push the drawer shut.",
            "Walk away now, and nothing is lost: an access that stays open asks the next person who they are.",
            does.finish_due, lambda look: look.reached("withdraw", OPIOID.item, *ENDS),
        ),
        Move(
            "number", "pharmacy", "Look at oxyCODONE at the pharmacy: its number has moved by one.",
            "Every fact is numbered, chained and sent until the pharmacy has said that it holds it.",
            does.see_pharmacy,
        ),
    )),
    Chapter("0:40", "\u201cVE\u201d must not find vecuronium", (
        Move(
            "override", "kiosk", "Choose Nathaniel Cho, touch Override, and type VE.",
            "A patient died when VE opened a list with vecuronium alone. Here the whole formulary is judged: five letters, or the name.",
            does.search_override, who=NURSE,
        ),
        Move(
            "kit", "kiosk", "Home, Emergency access, rapid sequence intubation kit: two touches. Take it, and close up.",
            "In an emergency nothing stands in front of the drug: no witness, count or reason. They are asked for afterwards.",
            does.take_kit, lambda look: look.reached("emergency", KIT.item, *ENDS) and look.is_shut(KIT.drawer), NURSE,
        ),
    )),
    Chapter("1:10", "A drawer jams", (
        Move(
            "jam", "cabinet", "Touch the name of Drawer 1 on the cabinet and jam it.",
            "Naloxone stands in two drawers, on two locks, on two lines. The check of the site's file insists on it.",
            does.jam, lambda look: look.is_broken("drawer_jammed", ANTIDOTE.drawer),
        ),
        Move(
            "elsewhere", "kiosk", "Remove naloxone for Marcus Adeyemi. Drawer 1 does not open: try again twice, and Drawer 2 opens.",
            "The screen says what was recorded, and the withdrawal goes on without a new search.",
            does.open_elsewhere, lambda look: look.reached("withdraw", ANTIDOTE.item, "open", pocket=ANTIDOTE_TOO.pocket), NURSE,
        ),
        Move(
            "antidote", "cabinet", "Take the naloxone from Drawer 2, say so, and push the drawer shut.",
            "The patient has the antidote while the drawer is still jammed.",
            does.finish_elsewhere, lambda look: look.reached("withdraw", ANTIDOTE.item, "settled", pocket=ANTIDOTE_TOO.pocket), NURSE,
        ),
        Move(
            "free", "cabinet", "Mend the jam on the cabinet. At the kiosk bring Drawer 1 back: have it tried, and push it shut.",
            "The nurse brings it back herself, guided. What it holds owes a count, and blames nobody.",
            does.recover, _is_free, NURSE,
        ),
    )),
    Chapter("1:40", "A wrong count, and half a tablet", (
        Move(
            "miscount", "kiosk", "Remove LORazepam for Ingrid Solberg and type one tablet too few, twice. Take 1 and close up.",
            "A count that differs is asked for once more, then recorded. It never stands between the patient and the dose.",
            does.miscount, lambda look: look.has(DiscrepancyFound) and look.reached("withdraw", SEDATIVE.item, *ENDS), NURSE,
        ),
        Move(
            "interval", "kiosk", "Open the discrepancy: the interval between two counts, everybody in it alike, and what the scale felt.",
            "It names a time and never a culprit. Beside the count stand what scale and photo-eye say, and what may explain it.",
            does.see_discrepancy, who=NURSE,
        ),
        Move(
            "alone", "kiosk", "Half a tablet is left over: waste 0.5 mg, and try to sign as your own witness.",
            "Nobody witnesses their own waste. What is owed stays owed, and never blocks the next withdrawal.",
            does.witness_self, who=NURSE,
        ),
        Move(
            "witness", "kiosk", "Let Ben Okafor sign with his badge and PIN.",
            "The witness signs one act, on a screen that names item, amount and reason.",
            does.witness_other, lambda look: look.has(WitnessSigned), WITNESS,
        ),
    )),
    Chapter("2:10", "A refill makes way", (
        Move(
            "refill", "kiosk", "As Farid Haddad, once Ana has signed out, refill cefazolin in Drawer 2, and push it shut.",
            "Each pocket is stored on its own: lot and earliest expiry stand behind every unit.",
            does.refill_first, lambda look: look.reached("refill", AT_MIN.item, *ENDS), TECHNICIAN, does.send_sheet,
        ),
        Move(
            "interrupt", "kiosk", "Ana is in a hurry: touch Somebody needs the cabinet, hold up her badge, remove a flush, and sign out.",
            "Between two pockets a refill yields. The technician's screen is covered, and nothing of it is lost.",
            does.interrupt, lambda look: look.has(RefillYielded), NURSE,
        ),
        Move(
            "resume", "kiosk", "Farid's badge and PIN: his refill goes on where it was. Fill fentaNYL, and touch the number of its sheet.",
            "He proves who he is again, for anybody may have stood here meanwhile. What is controlled comes on a numbered sheet.",
            does.resume, lambda look: look.reached("refill", SHORT.item, *ENDS), TECHNICIAN,
        ),
    )),
    Chapter("2:30", "Network and mains are gone", (
        Move(
            "cut", "guide", "Pull the network cable here in the guide, and the mains plug at the back of the cabinet.",
            "The pharmacy hears nothing from now on, and the cabinet runs on its battery.",
            does.cut, _is_cut,
        ),
        Move(
            "battery", "kiosk", "Sign in as Ana Reyes and remove ondansetron for Marcus Adeyemi.",
            "Nobody is kept from a medicine. Every pocket opens on battery for a stated time, then by key.",
            does.withdraw_on_battery, _is_on_battery, NURSE,
        ),
        Move(
            "back", "guide", "Plug both in again, and watch the pharmacy catch up.",
            "Facts are forgotten by nobody: what was not acknowledged is sent again, in order, once.",
            does.bring_back, _is_back,
        ),
    )),
    Chapter("2:50", "Who had this pocket open?", (
        Move(
            "report", "kiosk", "As Hugo Marchetti, draw the pocket history of LORazepam between two counts, and print it.",
            "Six months later a surveyor asks this. The answer is drawn from a journal that cannot be changed unseen.",
            does.print_history, who=PHARMACIST,
        ),
    )),
)  # fmt: skip
"""All of it. What "next" does is in `performance.py`, a function for each move."""

MOVES = tuple(move for chapter in SCRIPT for move in chapter.moves)
