"""Bags with patients' own medicine, as whoever keeps them sees them.

Alone knows: that those whose patient has left stand first. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.belonging.memory import Bag
from cabinet.domain.core import Core
from cabinet.domain.reference import roll
from cabinet.domain.vocabulary import Instant, utc_text


@dataclass(frozen=True)
class BagContentView:
    """One line of what is in a bag."""

    what: str
    units: int


@dataclass(frozen=True)
class BagView:
    """One bag. `stands` is sealed (not in the cabinet yet), kept, or due: its patient has left."""

    bag: str
    patient: str
    patient_name: str
    contents: tuple[BagContentView, ...]
    sealed_by: str
    at: str
    pocket: str | None
    stands: str


def bag_views(core: Core, now: Instant) -> list[BagView]:
    """Every bag that is not gone, those that are to be given back first."""
    found = [_view(core, bag, now) for bag in core.state.bags.values()]
    return sorted(found, key=lambda one: (one.stands != "due", one.at))


def _view(core: Core, bag: Bag, now: Instant) -> BagView:
    patient = core.scene.patient(bag.patient)
    has_left = patient is None or roll.left(core.scene, patient, utc_text(now.utc)) is not None
    stands = "sealed" if bag.pocket is None else "due" if has_left else "kept"
    contents = tuple(BagContentView(one.what, one.units) for one in bag.contents)
    name = bag.patient if patient is None else f"{patient.name} ({patient.record})"
    return BagView(bag.id, bag.patient, name, contents, bag.sealed_by, bag.at, bag.pocket, stands)
