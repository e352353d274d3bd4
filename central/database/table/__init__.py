"""The pharmacy server's tables, one subject a file; a new subject is a file and a line here, and a step in `central/database/migration`.

Alone knows: which subjects there are. Must not know: what a fact means or who asks.
"""

from central.database.table.activity import ACTIVITY, FIGURE_DAY, FOLLOWED, SHELF_DAY, SPELL
from central.database.table.alert import ALERT
from central.database.table.cabinet import CABINET, REPORT
from central.database.table.document import HELD, RECORD, SHEET, VERSION
from central.database.table.fact import EARLY, FACT, HEAD
from central.database.table.interface import CURSOR, LINKED, MESSAGE, OUTGOING, STANDING
from central.database.table.kind import METADATA
from central.database.table.par import LINE, MARK, OPINION, PLAN, STEP, WORD
from central.database.table.person import PERSON, ROSTER, VISIT
from central.database.table.pocket import DISCREPANCY, NEED, POCKET, REFILL_CALL, TOTAL
from central.database.table.recall import RECALL, RECALL_LINE
from central.database.table.restock import PICK_FOLLOWED, PICK_LINE, PICK_LIST, PICK_ROUND, PICK_STEP, REFILL_ASKED
from central.database.table.surveillance import GIVEN, LOOK
from central.database.table.watch import LETTER, WATCHED

__all__ = [
    "ACTIVITY", "ALERT", "CABINET", "CURSOR", "DISCREPANCY", "EARLY", "FACT", "FIGURE_DAY", "FOLLOWED", "GIVEN", "HEAD", "HELD",
    "LETTER", "LINE", "LINKED", "LOOK", "MARK", "MESSAGE", "METADATA", "NEED", "OPINION", "OUTGOING", "PERSON", "PICK_FOLLOWED",
    "PICK_LINE", "PICK_LIST", "PICK_ROUND", "PICK_STEP", "PLAN", "POCKET", "RECALL", "RECALL_LINE", "RECORD", "REFILL_ASKED",
    "REFILL_CALL", "REPORT", "ROSTER", "SHEET", "SHELF_DAY", "SPELL", "STANDING", "STEP", "TOTAL", "VERSION", "VISIT", "WATCHED",
    "WORD",
]  # fmt: skip
