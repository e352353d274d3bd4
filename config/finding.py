"""What a rule between values finds, before it has a file and a line.

Alone knows: which documents a rule may look at.
Must not know: where anything stands in a text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from config.locate import KeyPath
from config.schema import Drawer, Formulary, Item, People, Pocket, Policy, Site

DocumentName = Literal["site", "formulary", "people", "policy"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept, at `path` of one document. `refers` names the kind of thing that was looked for and not found."""

    document: DocumentName
    path: KeyPath
    what: str
    hint: str = ""
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Documents:
    """The files of one site as far as they could be read; None where one could not."""

    site: Site | None
    formulary: Formulary | None
    people: People | None
    policy: Policy | None

    @property
    def items(self) -> dict[str, Item]:
        """The formulary's items by id; empty where it could not be read."""
        return {} if self.formulary is None else {item.id: item for item in self.formulary.items}

    def pockets(self) -> Iterator[tuple[KeyPath, Pocket]]:
        """Every pocket of the site with its path."""
        for _, path, pocket in self.placed_pockets():
            yield path, pocket

    def placed_pockets(self) -> Iterator[tuple[Drawer, KeyPath, Pocket]]:
        """Every pocket of the site with the drawer that it is in, and its path."""
        for d, drawer in enumerate(self.site.drawers if self.site else ()):
            for p, pocket in enumerate(drawer.pockets):
                yield drawer, ("drawer", d, "pocket", p), pocket


def doubles(named: Iterable[tuple[KeyPath, str]]) -> Iterator[tuple[KeyPath, str]]:
    """The second and further places of a value that stands more than once."""
    seen: dict[str, int] = defaultdict(int)
    for path, value in named:
        seen[value] += 1
        if seen[value] > 1:
            yield path, value
