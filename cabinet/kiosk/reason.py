"""The journal's reasons as people read them: why a count, a look or a signature is owed.

Alone knows: which of them the cabinet writes itself. Must not know: when it does (`cabinet/domain/debt`), or which page says one.

The journal keeps English. What is not listed here, such as one with a name in it or one that somebody typed, is shown as written.
"""

from cabinet.domain.layout import Layout
from cabinet.domain.phrase import Phrase, message
from cabinet.kiosk.whereabouts import in_words
from cabinet.kiosk.word import WORDS, word

WRITTEN = {
    message("given out in an emergency"),
    message("withdrawn before a pharmacist saw an order"),
    message("given out for a patient whom nobody named"),
    message("removed without a scan, no code could be read"),
    message("what was scanned last was another item"),
    message("what was scanned last had expired"),
    message("nobody said how much was drawn out of the container"),
    message("more was drawn out of the container than it holds"),
    message("the dose went by a weight that was typed, and that nothing on record bears out"),
    message("it was found, and no withdrawal of it is on record here"),
    message("who is named in the late entry says that they did not take it"),
    message("nobody has said yet that it ended"),
    message("taken while the cabinet could not record it, and entered late"),
    message("entered late without an order"),
    message("a tray is out whose tag was not read"),
    message("opened for service"),
    message("the journal was put back from a copy"),
    message("opened without a release"),
    message("found open"),
    message("found closed"),
    message("found open by the next person"),
    message("the drawer was recovered"),
    message("the drawer is out of sight"),
    message("the drawer cannot be watched"),
    message("it opened unseen"),
    message("it was said not to close"),
    message("it was said to be shut, and shown as open"),
    message("the cabinet cannot see whether the drawer opened"),
    message("the controller restarted"),
    message("session signed out"),
    message("session timed out"),
    message("the bin sensor and the journal differ"),
    message("the site has taken it away, and the journal holds units in it"),
    message("the scale and what was stated differ"),
    message("what lies there does not weigh what this item weighs"),
    message("its scale shows that something was taken out or put in while a neighbour was opened"),
    message("its scale shows less although nobody opened it"),
}


def reason(layout: Layout, why: str) -> str:
    """One reason, with the names that people know."""
    said = in_words(layout, why)
    if said in WORDS:
        return word(said)
    return Phrase(said) if said in WRITTEN else said
