"""One person's way through the kiosk's screens, each of them looked at in three sizes, light and dark, and by axe-core.

Alone knows: which screens were looked at, by their templates. Must not know: any page.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from cabinet.domain.core import World
from cabinet.kiosk.template import FOLDER
from tests.browser import gallery
from tests.browser.test_kiosk_touch import Finger, finger

STEP = "access_"
PARTS = {"kit", "package", "scan", "stuck"}
"""What stands beside a step of an access, and is no screen of its own."""
WHICH = "() => [document.body.dataset.screen, document.querySelector('main').dataset.step || '']"


def screens() -> set[str]:
    """Every template that is a page, and every step of an access."""
    pages = {path.stem for path in FOLDER.glob("*.html") if path.read_text(encoding="utf-8").startswith('{% extends "page.html" %}')}
    steps = {path.stem for path in FOLDER.glob(f"{STEP}*.html")} - {f"{STEP}{part}" for part in PARTS}
    return pages | steps


class Walk:
    """One way. `faults` is what was wrong with any screen; of all ways together: the screens `seen`, and how many are `done`."""

    seen: ClassVar[set[str]] = set()
    done: ClassVar[int] = 0

    def __init__(self, hand: Finger) -> None:
        self.hand = hand
        self.faults: list[str] = []
        self._address = hand.page.url.rstrip("/").removesuffix("/setup")

    async def sees(self, name: str, text: str) -> None:
        """The screen `name`, once it says `text`."""
        await self.hand.sees(text)
        await self.hand.page.wait_for_load_state("load")
        template, step = await self.hand.page.evaluate(WHICH)
        self.seen.add(template)
        if template == "access":
            self.seen.add(f"{STEP}{step.split()[0]}")
        self.faults += [f"{name}: {fault}" for fault in await gallery.faults_of(self.hand.page)]
        await gallery.picture(self.hand.page, name)

    async def goes(self, path: str, name: str, text: str) -> None:
        """A page that somebody opens by its address, as a link on another leads there."""
        await self.hand.page.goto(f"{self._address}{path}")
        await self.sees(name, text)


@asynccontextmanager
async def walk(units: dict[str, int] | None = None, *, world: World | None = None, languages: tuple[str, ...] = ()) -> AsyncIterator[Walk]:
    """A cabinet and somebody who walks; at the end nothing was wrong with any screen."""
    async with finger(units=units, world=world, languages=languages) as hand:
        way = Walk(hand)
        yield way
        Walk.done += 1
        hand.complaints.clear()  # a refusal that was asked for on the way is no complaint of the page's
        assert way.faults == [], "\n".join(way.faults)
