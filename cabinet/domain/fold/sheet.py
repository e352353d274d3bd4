"""What is remembered of sheets: those that are still open.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft
from cabinet.domain.fold.change import change
from cabinet.domain.sheet.memory import Sheet
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _issued(fact: facts.SheetIssued, state: State, draft: Draft) -> None:
    state.sheets[fact.sheet] = Sheet(
        fact.sheet, fact.item, fact.units, fact.is_inbound, fact.issued_by, fact.carried_by, utc_text(draft.at.utc), fact.due, fact.place
    )


@change.register
def _late(fact: facts.SheetLate, state: State, _draft: Draft) -> None:
    state.sheets[fact.sheet].is_late = True


@change.register
def _closed(fact: facts.SheetClosed, state: State, draft: Draft) -> None:
    del state.sheets[fact.sheet]
    state.closed_sheets[fact.sheet] = utc_text(draft.at.utc)


def moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    """What comes out of transit was received on the sheet of its access."""
    access = state.accesses.get(draft.access or "")
    sheet = None if access is None else state.sheets.get(access.sheet or "")
    if sheet is not None and fact.source is Account.TRANSIT and sheet.is_inbound:
        sheet.received += fact.units
