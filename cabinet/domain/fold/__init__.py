"""The one way in which state changes: `apply` a fact. Life and replay both go through here, and replay triggers nothing.

Alone knows: every room that has a meaning for some facts; importing it here lets it register.
Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.discrepancy.fold import trace
from cabinet.domain.facts import Draft
from cabinet.domain.fold import (
    access,
    belonging,
    case,
    caseload,
    debt,
    delivery,
    device,
    document,
    house,
    kit,
    lock,
    mode,
    person,
    pick,
    quarantine,
    reference,
    refill,
    sheet,
    stock,
    ward,
)
from cabinet.domain.fold.change import LEFT_OPEN, change
from cabinet.domain.scale import fold as scale
from cabinet.domain.state import State
from cabinet.domain.surroundings import fold as surroundings

__all__ = [
    "LEFT_OPEN",
    "access",
    "apply",
    "belonging",
    "case",
    "caseload",
    "debt",
    "delivery",
    "device",
    "document",
    "house",
    "kit",
    "lock",
    "mode",
    "person",
    "pick",
    "quarantine",
    "reference",
    "refill",
    "sheet",
    "stock",
    "ward",
]


def apply(state: State, seq: int, draft: Draft) -> None:
    """Let `state` know fact number `seq`."""
    state.seq = seq
    change(draft.fact, state, draft)
    trace(draft.fact, state, draft)


change.register(facts.PocketWeighed)(scale.weighed)
change.register(facts.MassTaught)(scale.taught)
change.register(facts.SampleDoubted)(scale.sampled)
change.register(facts.ScaleChecked)(scale.checked)
change.register(facts.TemperatureLogged)(surroundings.logged)
change.register(facts.FridgeMoved)(surroundings.moved)
change.register(facts.ExcursionBegan)(surroundings.began)
change.register(facts.ExcursionEnded)(surroundings.ended)
change.register(facts.ExcursionDecided)(surroundings.decided)
change.register(facts.PowerMoved)(surroundings.powered)
