"""What is remembered of patients' own medicine: the bags that are sealed and not gone.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.belonging.memory import Bag, Content
from cabinet.domain.facts import Account, Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _sealed(fact: facts.BagSealed, state: State, draft: Draft) -> None:
    contents = [Content(one.what, one.units) for one in fact.contents]
    state.bags[fact.bag] = Bag(fact.bag, fact.patient, str(draft.staff), utc_text(draft.at.utc), contents)


def moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    """A bag goes where the one unit of its access goes; out of the cabinet it is remembered no more."""
    access = state.accesses.get(draft.access or "")
    bag = None if access is None else state.bags.get(access.bag or "")
    if access is None or bag is None or Account.VARIANCE in {fact.source, fact.target}:
        return
    if fact.target is Account.POCKET:
        bag.pocket, bag.access, bag.staff = fact.pocket, access.id, access.staff
    else:
        del state.bags[bag.id]
