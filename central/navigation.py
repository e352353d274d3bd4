"""The places of the pharmacy: which pages there are, in the order of a working day.

Alone knows: their addresses, names and order. Must not know: what any page shows.

A place is shown once a router answers at its address, so a server that lacks a page does not offer it.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `path` is also the start of the addresses that belong to it, save of the overview's."""

    path: str
    name: str


PLACES = (
    Place("/", "Overview"),
    Place("/watch", "Watch"),
    Place("/restock", "Restock"),
    Place("/discrepancies", "Discrepancies"),
    Place("/codes", "Unknown codes"),
    Place("/recalls", "Recall"),
    Place("/pars", "Pars"),
    Place("/figures", "Figures"),
    Place("/use", "Use"),
    Place("/people", "People"),
    Place("/formulary", "Formulary"),
    Place("/documents", "Documents"),
    Place("/compare", "Sheets"),
    Place("/interfaces", "Interfaces"),
)


def offered(is_answered: Callable[[str], bool]) -> tuple[Place, ...]:
    """The places at whose address something answers."""
    return tuple(place for place in PLACES if is_answered(place.path))


def place_of(path: str) -> str:
    """The address of the place that an address belongs to; a cabinet's page belongs to the overview."""
    return next((place.path for place in PLACES[1:] if path == place.path or path.startswith(f"{place.path}/")), PLACES[0].path)
