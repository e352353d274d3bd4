"""The whole house joined in one process: cabinet, simulated boards on cables, broker twin and pharmacy server, in virtual time.

Alone knows: which door of which room is joined to which, and when time may jump.
Must not know: what is played on it.

While nothing is released, open or under way, the scan rests and virtual time jumps to whatever comes next; whoever acts wakes it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cabinet.adapters.clock import LoopClock
from cabinet.adapters.directory import Credential, StaffDirectory
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.secrets import InlineSecrets
from cabinet.app.house import House
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.domain.vocabulary import ItemId, StaffId
from cabinet.messages import key_id_of
from cabinet.ports import LineLost
from central.document.room import DocumentRoom
from central.office import Office
from config.load import LoadedSite
from firmware_sim.assembly import Bench, build

PIN = "482915"
"""Everybody's on a stage: nothing real is behind it."""

CALM_S = 0.1
CAUGHT_UP_WITHIN_S = 120.0
VAULT = "vault"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A pocket of which plant, journal and pharmacy server do not say the same."""

    pocket: str
    plant: int
    journal: int
    pharmacy: int | None


class Stage:
    """One cabinet and its world. Enter with `async with Stage.set(...)` on a virtual loop."""

    def __init__(
        self, loaded: LoadedSite, bench: Bench, house: House, office: Office, documents: DocumentRoom, broker: TwinBroker,
        directory: StaffDirectory,
    ) -> None:  # fmt: skip
        self.loaded, self.bench, self.house, self.office, self.documents = loaded, bench, house, office, documents
        self.broker, self.directory, self.chance = broker, directory, broker.chance
        self.numbers = count(1)
        """Numbers sessions and accesses, so that the same seed names them alike."""

    @classmethod
    @contextlib.asynccontextmanager
    async def set(cls, loaded: LoadedSite, *, seed: int, start: datetime, journal: Path | None = None) -> "AsyncIterator[Stage]":
        """Build everything, run it, and take it down at the end. A bug in any part ends the stage with that bug."""
        loop, ids = asyncio.get_running_loop(), count(1)
        clock = LoopClock(loop, start)
        bench = build(loaded.site, seed=seed, clock=loop.time, refuse=LineLost)
        broker = TwinBroker(Random(seed))
        office = Office.in_memory(lambda: clock.now().utc)
        central = TwinCourier(broker, "pharmacy")
        office.attach(central)
        key = Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))  # the same seed signs alike
        documents = DocumentRoom(office.database, key, lambda: clock.now().utc)
        documents.attach(central)
        public = key.public_key()
        origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
        record = InlineJournal.open(journal, origin, now=clock.now, new_id=lambda: f"{seed:08x}-{next(ids):012x}")
        house = House(
            loaded, journal=record, courier=TwinCourier(broker, "cabinet"), clock=clock, line_of=lambda bus: bench.cables[bus.id],
            keys={key_id_of(public): public},
        )  # fmt: skip
        stage = cls(loaded, bench, house, office, documents, broker, await _directory(loaded))
        await central.start()
        try:
            async with asyncio.TaskGroup() as group:
                parts = [group.create_task(job) for job in (office.run(), documents.run(), house.run())]
                await house.ready()
                yield stage
                for part in parts:
                    part.cancel()
        finally:
            await central.stop()
            record.close()

    async def rest(self) -> None:
        """Wait until nothing is under way, then let the scan rest, so that time can jump."""
        controller, drawers = self.house.controller, self.house.core.state.drawers
        while not (controller.is_quiet and all(one.state not in {"releasing", "open"} for one in drawers.values())):  # noqa: ASYNC110 - calm has no one event
            await asyncio.sleep(CALM_S)
        self.house.hardware.rest()

    def wake(self) -> None:
        """Scan again, from now on."""
        self.house.hardware.wake()

    async def catch_up(self) -> bool:
        """Give the pharmacy server time to hold everything; tells whether it does."""
        until_s = asyncio.get_running_loop().time() + CAUGHT_UP_WITHIN_S
        while self.house.reporter.behind and asyncio.get_running_loop().time() < until_s:  # noqa: ASYNC110 - as in rest
            await asyncio.sleep(1.0)
        await self.office.idle()
        return not self.house.reporter.behind

    async def sheet_for(self, pocket: str, units: int, carried_by: str) -> str | None:
        """The sheet that the pharmacy issues with a pick, once the cabinet knows of it; None where policy asks for none."""
        core, line = self.house.core, self.house.core.state.lines[pocket]
        world = core.world
        if world.formulary[ItemId(line.item)].control_class not in world.policy.custody.sheet_classes:
            return None
        made = self.documents.register.issue(self.loaded.site.cabinet, line.item, units, issued_by=VAULT, carried_by=carried_by)
        async with asyncio.timeout(CAUGHT_UP_WITHIN_S):
            while made.sheet not in core.state.sheets:
                await self.house.controller.next_round()
        return made.sheet

    def disagreements(self) -> list[Disagreement]:
        """Every pocket of which plant, journal and pharmacy server do not agree to the last unit."""
        balances = self.office.balances(self.loaded.site.cabinet)
        found = []
        for pocket, line in self.house.core.state.lines.items():
            pieces = self.bench.plant.pieces(pocket)
            if not pieces == line.units == balances.get(pocket):
                found.append(Disagreement(pocket, pieces, line.units, balances.get(pocket)))
        return found


async def _directory(loaded: LoadedSite) -> StaffDirectory:
    secrets = InlineSecrets()
    people = () if loaded.people is None else loaded.people.staff
    digest = await secrets.digest(PIN)
    known = [Credential(StaffId(one.id), one.badge and secrets.mark(one.badge), digest) for one in people]
    return StaffDirectory(known, secrets)
