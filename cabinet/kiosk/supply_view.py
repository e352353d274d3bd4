"""What stands beside an item that is low or out: who asked for a refill, or that it may be asked for; and where else the item is.

Alone knows: for which pockets the button is offered, and which other places are worth naming. Must not know: HTTP, HTML, clocks; who may
ask (`cabinet.domain.refill_asking`), or how anybody knows of other cabinets (`cabinet.domain.neighbour`).
"""

from dataclasses import dataclass

from cabinet.domain import refill_asking, stock
from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.neighbour import Whereabouts, told
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import Instant
from cabinet.kiosk.view import Place, places

NOT_THERE = {"failed", "quarantined", "expired", "out"}
"""The states of a pocket from which nothing is taken."""


@dataclass(frozen=True)
class AskView:
    """A pocket that is low or out. `by` asked for a refill at `at`; both are empty while nobody has, and a touch asks for it."""

    pocket: str
    by: str
    at: str


@dataclass(frozen=True)
class Elsewhere:
    """Where else an item is: `here` the other pockets from which it can be taken, and a sentence about other cabinets."""

    here: tuple[Place, ...]
    beyond: str


def ask_view(core: Core, staff: Staff, pocket: str, now: Instant) -> AskView | None:
    """What is said of a refill of a pocket; None where it needs none, or nobody asked and this person may not."""
    line = core.state.lines.get(pocket)
    if line is None or stock.need(line, now.utc.date().isoformat(), core.world.policy.refill_interval_h) is None:
        return None
    asked = refill_asking.asked(core.state, line)
    if asked is None:
        may_ask = any(core.world.policy.allows(staff.role, act) for act in refill_asking.ACTS)
        return AskView(pocket, "", "") if may_ask else None
    person = core.scene.staff(asked.staff)
    return AskView(pocket, asked.staff if person is None else person.name, asked.at)


def elsewhere(core: Core, whereabouts: Whereabouts, item: Item, besides: str, now: Instant) -> Elsewhere:
    """Where else an item is than in the pocket `besides`."""
    here = tuple(place for place in places(core, item, now) if place.pocket != besides and place.status not in NOT_THERE)
    found = whereabouts.nearest(item.id)
    if found is None:
        return Elsewhere(here, Phrase("Which other cabinet has it is not known here: ask the pharmacy."))
    neighbour, sighting = found
    nearest = Phrase(
        "Nearest other cabinet: {cabinet}, {place} ({told}).", cabinet=neighbour.name, place=neighbour.where, told=told(sighting)
    )
    return Elsewhere(here, nearest)
