"""One cabinet after another over the same journal: a changed site is taken up without losing what is in it.

Alone knows: when a running cabinet may be put down, and what is done when its new site is not sound.
Must not know: what a site says, or how a cabinet works.

The site's files are read whole first; where anything is wrong, nothing changes and the log says what. Then nobody may be at a pocket or at
the bench, however long that takes. Then the cabinet is put down and put together anew over the same journal, within seconds: pockets keep
what they hold by their id, every door is looked at again, and who was signed in signs in again.
"""

import asyncio
import contextlib
from typing import Any, Protocol

import structlog
from fastapi import FastAPI

from cabinet.adapters.directory import CredentialsDamaged
from cabinet.app.classroom import Classroom, Teach
from cabinet.app.daily import Daily
from cabinet.app.house import House
from cabinet.app.switchboard import Switchboard
from cabinet.app.ward import WardPart
from cabinet.app.wiring import wiring_of
from cabinet.courier.port import Broker
from cabinet.ports import LineLost
from config.load import LoadedSite, load_site
from config.problem import SiteProblems

log = structlog.get_logger()


class Furnished(Protocol):
    """What stays while cabinets come and go."""

    def try_on(self, loaded: LoadedSite) -> None:
        """See that a cabinet can be made of a site. Raises LineLost, OSError, ValueError, KeyError or CredentialsDamaged."""
        ...

    def furnish(self, loaded: LoadedSite, broker: Broker) -> tuple[House, FastAPI]:
        """A cabinet as its site says, and its kiosk."""
        ...


class Tenancy:
    """Runs cabinets one after the other, until cancelled or until one ends by itself. Without `teach` none goes to training.

    `ward` serves those who look in from the ward.
    """

    def __init__(
        self, premises: Furnished, broker: Broker, board: Switchboard, teach: Teach | None = None, ward: WardPart | None = None
    ) -> None:
        self._premises, self._broker, self._board, self._teach, self._ward = premises, broker, board, teach, ward
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Have the site's files read anew."""
        self._asked.set()

    async def run(self, house: House, app: FastAPI) -> None:
        """Serve, and change over whenever it is asked for."""
        while True:
            self._board.app = app
            running = asyncio.ensure_future(house.run())
            parts = self._parts(house, app)
            try:
                _say_wiring(house)
                changed = await self._until_changed(house, running, *parts)
            finally:
                self._board.app = None
                for part in (*parts, running):
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)
                with contextlib.suppress(asyncio.CancelledError):
                    await running
            house, app = self._premises.furnish(changed, self._broker)
            log.info("site taken up", config=changed.sha256)

    def _parts(self, house: House, app: FastAPI) -> list["asyncio.Future[None]"]:
        """What goes on beside a cabinet: its daily self-test, training where it is taught here, and the ward's listener."""
        parts: list[asyncio.Future[None]] = [asyncio.ensure_future(Daily(house.controller, house.hardware).run())]
        if self._teach is not None:
            parts.append(asyncio.ensure_future(Classroom(self._teach, house, app, self._board).run()))
        if self._ward is not None:
            parts.append(asyncio.ensure_future(self._ward.run(house, app)))
        return parts

    async def _until_changed(self, house: House, *running: "asyncio.Future[None]") -> LoadedSite:
        """A sound new site, once nobody is at the cabinet. Raises what ended the cabinet by itself."""
        while True:
            asked = asyncio.ensure_future(self._asked.wait())
            await _first(asked, *running)
            self._asked.clear()
            changed = self._read(house.loaded)
            if changed is None:
                continue
            while house.core.state.active() or house.core.state.maintenance is not None:
                log.info("site waits", why="somebody is at the cabinet")
                await _first(asyncio.ensure_future(house.controller.next_round()), *running)
            return changed

    def _read(self, present: LoadedSite) -> LoadedSite | None:
        """The site's files as they are now; None, and said why, where they are not sound or nothing changed."""
        try:
            changed = load_site(present.path)
            self._premises.try_on(changed)
        except (SiteProblems, CredentialsDamaged, LineLost, OSError, ValueError, KeyError) as problem:
            log.error("site not taken up", problem=str(problem))
            return None
        if changed.site.cabinet != present.site.cabinet:
            log.error("site not taken up", problem="it is another cabinet's: a journal belongs to one")
            return None
        return changed


def _say_wiring(house: House) -> None:
    """A cabinet that was walked with other wires says so at the start; it works all the same."""
    last = house.core.state.commissioning
    if last is None:
        log.warning("never commissioned", remedy="adc hw walk")
    elif last.wiring != wiring_of(house.loaded.site):
        log.warning("wiring differs from the last commissioning", commissioned_at=last.at, remedy="adc hw walk")


async def _first(waited: "asyncio.Future[Any]", *running: "asyncio.Future[None]") -> None:
    """Return when `waited` is done; raise what ended a part of the cabinet before that."""
    try:
        await asyncio.wait((waited, *running), return_when=asyncio.FIRST_COMPLETED)
    finally:
        waited.cancel()
    for part in running:
        if part.done():
            part.result()
