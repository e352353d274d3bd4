"""What the facts about fridges and power mean for what is remembered.

Alone knows: how an excursion grows, ends and is decided. `fold/` registers it for its types of fact.
Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.state import State
from cabinet.domain.surroundings.memory import Excursion, FridgeState
from cabinet.domain.vocabulary import utc_text


def _fridge(state: State, drawer: str) -> FridgeState:
    return state.fridges.setdefault(drawer, FridgeState(drawer))


def started(state: State) -> None:
    """Nothing has been read yet; the excursions stand."""
    for fridge in state.fridges.values():
        fridge.state = "unknown"
    state.power.state = "unknown"


def logged(fact: facts.TemperatureLogged, state: State, draft: Draft) -> None:
    """A summary: the extremes of a time out of range grow by it."""
    fridge = _fridge(state, fact.drawer)
    fridge.logged_at, fridge.logged_mc = utc_text(draft.at.utc), fact.milli_c
    if fridge.out_since:
        fridge.lowest_mc, fridge.highest_mc = min(fridge.lowest_mc, fact.lowest_mc), max(fridge.highest_mc, fact.highest_mc)
    lasting = fridge.lasting
    if lasting is not None:
        lasting.lowest_mc, lasting.highest_mc = min(lasting.lowest_mc, fact.lowest_mc), max(lasting.highest_mc, fact.highest_mc)


def moved(fact: facts.FridgeMoved, state: State, draft: Draft) -> None:
    """In range, out of range, or out of sight; the time out of range begins with the first reading that was."""
    fridge = _fridge(state, fact.drawer)
    fridge.state = fact.target
    if fact.target == "in_range":
        fridge.out_since = ""
    elif fact.target == "out" and not fridge.out_since and fact.milli_c is not None:
        fridge.out_since = utc_text(draft.at.utc)
        fridge.lowest_mc = fridge.highest_mc = fact.milli_c


def began(fact: facts.ExcursionBegan, state: State, _draft: Draft) -> None:
    """A pharmacist decides about what is in there."""
    _fridge(state, fact.drawer).excursions.append(Excursion(fact.since, fact.lowest_mc, fact.highest_mc, fact.minutes))


def ended(fact: facts.ExcursionEnded, state: State, draft: Draft) -> None:
    """It is over, and not decided."""
    lasting = _fridge(state, fact.drawer).lasting
    assert lasting is not None
    lasting.minutes, lasting.ended_at = fact.minutes, utc_text(draft.at.utc)
    lasting.lowest_mc, lasting.highest_mc = fact.lowest_mc, fact.highest_mc


def decided(fact: facts.ExcursionDecided, state: State, _draft: Draft) -> None:
    """What may be used is forgotten; what may not is kept until it may."""
    fridge = _fridge(state, fact.drawer)
    for excursion in fridge.excursions:
        excursion.verdict = fact.verdict
    if fact.verdict == "usable":
        fridge.excursions = []


def powered(fact: facts.PowerMoved, state: State, draft: Draft) -> None:
    """Where the power comes from. The stated time on battery begins with the battery."""
    state.power.state = fact.target
    state.power.since = utc_text(draft.at.utc)
