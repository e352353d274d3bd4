"""What is remembered of deliveries: those that are not closed.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.delivery.memory import Delivery, Line
from cabinet.domain.facts import Account, Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _announced(fact: facts.DeliveryAnnounced, state: State, draft: Draft) -> None:
    lines = [Line(one.item, one.units, one.pocket, one.lot, one.expiry, one.checked_by) for one in fact.lines]
    state.deliveries[fact.delivery] = Delivery(fact.delivery, fact.place, utc_text(draft.at.utc), lines)


@change.register
def _closed(fact: facts.DeliveryClosed, state: State, _draft: Draft) -> None:
    del state.deliveries[fact.delivery]


def moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    """What an access that works a delivery off puts in, or takes back because it had said too many."""
    access = state.accesses.get(draft.access or "")
    delivery = None if access is None else state.deliveries.get(access.delivery or "")
    line = None if delivery is None else delivery.line(fact.pocket, fact.item)
    if line is None or Account.VARIANCE in {fact.source, fact.target}:
        return
    line.filled += fact.units if fact.target is Account.POCKET else -fact.units
    line.why_not = ""


def not_filled(fact: facts.LineNotFilled, state: State) -> None:
    """Why a line was not filled, or not wholly."""
    delivery = state.deliveries.get(fact.delivery or "")
    line = None if delivery is None else delivery.line(fact.pocket, fact.item)
    if line is not None:
        line.why_not = fact.reason
