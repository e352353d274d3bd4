"""One cabinet put together: core, journal, hardware, shell and reporter, from parts that are handed in.

Alone knows: who is plugged into whom. Must not know: whether a part is the real one or its twin in virtual time.
"""

import contextlib
from collections.abc import Sequence

from cabinet.adapters.journal import SqliteJournal
from cabinet.adapters.pinned import Keys
from cabinet.adapters.report import CoreView
from cabinet.adapters.reporter import Identity, Reporter
from cabinet.app.hardware import CabinetHardware, LineFactory
from cabinet.app.letterbox import Letterbox, sent_policy
from cabinet.app.memory import freeze, thaw
from cabinet.app.readers import for_open_access
from cabinet.app.software import SOFTWARE
from cabinet.app.world import world_of
from cabinet.controller import Controller
from cabinet.courier.port import Courier
from cabinet.domain.core import Core
from cabinet.domain.events import PharmacyHeard, PharmacyLost
from cabinet.domain.facts import Entry
from cabinet.domain.vocabulary import CabinetId
from cabinet.ports import Clock
from config.load import LoadedSite

SNAPSHOT_EVERY = 10_000
"""A start folds at most about this many facts that no snapshot holds, however the last run ended."""


def identity_of(loaded: LoadedSite, boot: int) -> Identity:
    """Who a cabinet is to the pharmacy, at its `boot`-th start."""
    return Identity(CabinetId(loaded.site.cabinet), boot, SOFTWARE, loaded.sha256, loaded.site.name, loaded.site.area)


class House:
    """One cabinet. `run` until cancelled; what ends it otherwise is raised, with every coil off."""

    def __init__(
        self, loaded: LoadedSite, *, journal: SqliteJournal, courier: Courier, clock: Clock, line_of: LineFactory, keys: Keys | None = None
    ) -> None:  # fmt: skip
        """`keys` are the pharmacy's that are pinned here; without, its documents are taken unsigned."""
        keys = keys or {}
        self.loaded = loaded
        self.journal = journal
        self.core = Core(world_of(loaded))
        self._recall()
        self.hardware = CabinetHardware(loaded, line_of)
        self.controller = Controller(self.core, journal, self.hardware, clock)
        self.hardware.readers.on_code = for_open_access(self.controller)
        self.boot = journal.count_boot()
        identity = identity_of(loaded, self.boot)
        view = CoreView(self.core, journal, clock, self.hardware.health_report, next(iter(keys), None))
        self.reporter = Reporter(courier, journal, view, identity, clock, Ear(self.controller))
        self.controller.listen(self.reporter)
        Letterbox(self.controller, loaded, keys, self.reporter.report_documents).attach(courier)
        self.controller.listen(self)

    def _recall(self) -> None:
        """Take up the last snapshot and fold what came after it; write a new one where that was much."""
        found = self.journal.load_snapshot()
        state = None if found is None else thaw(found[1])
        if state is not None and found is not None and state.seq == found[0]:
            self.core.state = state
        start = self.core.state.seq
        for entry in self.journal.entries(start) if start else self.journal.history():
            self.core.replay(entry)
        self._kept_seq = start
        rules = sent_policy(self.core.state.policy, self.loaded.site.area)
        if rules is not None:
            self.core.scene.go_by(rules)
        if self.core.state.seq - start >= SNAPSHOT_EVERY:
            self._keep()
        self.core.state.mode = "starting"  # whatever it was when the journal ends: no door has been looked at yet

    async def run(self) -> None:
        """Serve until cancelled. The pharmacy may be out of reach for as long as it likes."""
        await self.reporter.start()
        try:
            await self.controller.run(boot=self.boot, software=SOFTWARE, config=self.loaded.sha256)
        finally:
            await self.reporter.stop()
            self._keep()

    def committed(self, entries: Sequence[Entry]) -> None:
        """See CommitListener: a run that ends by a power cut has left its snapshots behind as well. Takes about 2 ms when it is time."""
        if entries[-1].seq - self._kept_seq >= SNAPSHOT_EVERY:
            self._keep()

    def _keep(self) -> None:
        """Write a snapshot. It is a convenience: that it could not be written stops nobody, and is tried again when the next is due."""
        self._kept_seq = self.core.state.seq
        with contextlib.suppress(OSError, ValueError):
            self.journal.save_snapshot(self._kept_seq, freeze(self.core.state))

    async def ready(self) -> None:
        """Return once every door has been looked at."""
        while self.core.state.mode == "starting":
            await self.controller.next_round()


class Ear:
    """Tells the core whether the pharmacy is heard."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def heard(self) -> None:
        """See ContactListener."""
        self._controller.post(PharmacyHeard(self._controller.clock.now()))

    def lost(self, until: str) -> None:
        """See ContactListener."""
        self._controller.post(PharmacyLost(self._controller.clock.now(), until))
