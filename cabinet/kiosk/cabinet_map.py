"""A little picture of the cabinet, for finding one pocket in it.

Alone knows: how drawers and pockets are laid out in that picture. Must not know: what is in them.
"""

from dataclasses import dataclass

from cabinet.domain.layout import Layout
from cabinet.domain.vocabulary import PocketId


@dataclass(frozen=True)
class Cell:
    """One pocket of the picture."""

    id: str
    is_target: bool


@dataclass(frozen=True)
class MapDrawer:
    """One drawer of the picture, from the top down as the cabinet has them."""

    name: str
    is_target: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CabinetMap:
    """The whole cabinet with one pocket marked; `is_lidded` where that pocket has a lid of its own."""

    drawers: tuple[MapDrawer, ...]
    target: str
    is_lidded: bool


def cabinet_map(layout: Layout, target: PocketId) -> CabinetMap:
    """The picture for one pocket."""
    drawers = tuple(
        MapDrawer(
            drawer.name,
            any(pocket.id == target for pocket in drawer.pockets),
            tuple(Cell(pocket.id, pocket.id == target) for pocket in drawer.pockets),
        )
        for drawer in layout.drawers
    )
    return CabinetMap(drawers, target, layout.pockets[target].lid is not None)
