"""The cabinet as the pharmacy server is told of it: stock of each pocket, and what is needed.

Alone knows: how state becomes the contract's reports. Must not know: when or how they are sent (`reporter.py`).
"""

from collections.abc import Callable, Iterable

from cabinet.domain import refill_asking, stock
from cabinet.domain.core import Core
from cabinet.domain.document.memory import Received
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId, utc_text
from cabinet.messages import (
    DOCUMENTS,
    DocumentsReport,
    DocumentState,
    FridgeHealth,
    HealthReport,
    ItemSummary,
    LockCycles,
    Need,
    PartHealth,
    PowerHealth,
    RestockReport,
    StockReport,
)
from cabinet.ports import Clock, Journal


def stock_report(core: Core, pocket: PocketId, epoch: int, now: Instant) -> StockReport | None:
    """One pocket as it stands after the newest fact; None where no item is assigned."""
    line = core.state.lines.get(pocket)
    if line is None:
        return None
    item = core.world.formulary[ItemId(line.item)]
    place = core.world.layout.pockets.get(pocket)
    return StockReport(
        pocket=pocket,
        item=ItemSummary(item.id, item.name, item.strength, item.form),
        units=line.units,
        unit=item.count_unit,
        count_mode=line.count_mode,
        par=line.par,
        min=line.min,
        critical_low=line.critical_low,
        status=stock.status(
            line,
            now.utc.date().isoformat(),
            is_failed=place is not None and core.is_failed(place),
            is_quarantined=core.scene.is_quarantined(line),
        ),
        earliest_expiry=line.earliest_expiry,
        last_counted_at=line.last_counted_at,
        count_basis=line.basis,
        epoch=epoch,
        seq=core.state.seq,
        at=utc_text(now.utc),
        capacity=None if place is None else place.capacity,
    )


def restock_report(core: Core, epoch: int, now: Instant) -> RestockReport:
    """Everything this cabinet needs, in the order of its pockets."""
    today, interval_h = now.utc.date().isoformat(), core.world.policy.refill_interval_h
    found = ((line, stock.need(line, today, interval_h)) for line in core.state.lines.values())
    needs = [_need(core, line, need) for line, need in found if need is not None]
    return RestockReport(epoch, core.state.seq, utc_text(now.utc), needs)


def _need(core: Core, line: Line, need: stock.Need) -> Need:
    asked = refill_asking.asked(core.state, line)
    return Need(
        need.pocket, need.item, need.units, need.min, need.par, need.units_needed, need.urgency, need.why,
        None if asked is None else asked.at,
    )  # fmt: skip


def _document_state(known: Received | None) -> DocumentState:
    if known is None:
        return DocumentState()
    word = "refused" if known.code else "applied"
    reason = f"{known.code}: {known.why}" if known.code else ""
    return DocumentState(known.version, known.sha256, word, reason, known.at, known.refused_version)


class CoreView:
    """A core in the eyes of the reporter."""

    def __init__(
        self, core: Core, journal: Journal, clock: Clock, health: Callable[[], list[PartHealth]] = list, key_id: str | None = None
    ) -> None:  # fmt: skip
        """`key_id` is the short name of the pharmacy's key that is pinned here."""
        self._core = core
        self._health = health
        self._journal = journal
        self._clock = clock
        self._key_id = key_id

    @property
    def mode(self) -> str:
        """The cabinet's mode."""
        return self._core.state.mode

    def pockets(self) -> Iterable[PocketId]:
        """Every pocket of the layout, and those that still hold something although the layout has lost them."""
        placed = self._core.world.layout.pockets
        return [*placed, *(PocketId(pocket) for pocket in self._core.state.lines if pocket not in placed)]

    def stock_report(self, pocket: PocketId) -> StockReport | None:
        """One pocket as it stands; None where nothing is assigned."""
        return stock_report(self._core, pocket, self._journal.epoch, self._clock.now())

    def health_report(self) -> HealthReport:
        """How lines, boards, locks, fridges and the power are."""
        core = self._core
        cycles = [LockCycles(lock, wear.cycles) for lock, wear in sorted(core.state.wear.items())]
        fridges = [FridgeHealth(one.drawer, one.state, one.logged_mc, one.logged_at) for _, one in sorted(core.state.fridges.items())]
        power = PowerHealth(core.state.power.state, core.state.power.since)
        return HealthReport(
            self._journal.epoch, core.state.seq, utc_text(self._clock.now().utc), self._health(), cycles, fridges, power
        )  # fmt: skip

    def documents_report(self) -> DocumentsReport:
        """What there is of each of the pharmacy's documents."""
        state, at = self._core.state, utc_text(self._clock.now().utc)
        states = {name: _document_state(state.documents.get(name)) for name in DOCUMENTS}
        return DocumentsReport(**states, epoch=self._journal.epoch, seq=state.seq, at=at, key_id=self._key_id)

    def restock_report(self) -> RestockReport:
        """Everything that this cabinet needs."""
        return restock_report(self._core, self._journal.epoch, self._clock.now())
