"""A recorded export performed again: every dispense a real access, every refill from what the cabinet says that it needs.

Alone knows: the order of the days (dispenses as recorded, a technician's round twice a day), and what is reported of them.
Must not know: boards, brokers or files.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cabinet.rehearsal.actor import Actor, Errand, Outcome
from cabinet.rehearsal.export import Dispense, Export
from cabinet.rehearsal.fitting import item_id
from cabinet.rehearsal.stage import Disagreement, Stage
from config.load import LoadedSite

ROUNDS_AT_H = (5, 17)
"""The technician comes at these hours, after the pick lists that hospitals print at 04:45 and 16:15."""

LOT_LASTS_DAYS = 365


@dataclass
class Report:
    """What a replay came to. Rates are in thousandths, times in milliseconds."""

    dispenses: int = 0
    performed: int = 0
    refused: int = 0
    stocked_out: int = 0
    units: int = 0
    refills: int = 0
    units_refilled: int = 0
    discrepancies: int = 0
    incomplete: int = 0
    bad_rows: int = 0
    repeated_rows: int = 0
    vend_to_refill_permille: int = 0
    stock_out_permille: int = 0
    at_cabinet_ms_median: int = 0
    at_cabinet_ms_p90: int = 0
    facts: int = 0
    pharmacy_seq: int = 0
    balanced: bool = False
    refusals: dict[str, int] = field(default_factory=dict)
    disagreements: list[dict[str, Any]] = field(default_factory=list)


class Replay:
    """Performs the dispenses of one export on one stage."""

    def __init__(self, stage: Stage, start: datetime) -> None:
        self._stage = stage
        self._start = start
        self._report = Report()
        self._refusals: Counter[str] = Counter()
        self._times_s: list[float] = []
        badges = {person.role: person.badge for person in (stage.loaded.people.staff if stage.loaded.people else ())}
        self._nurse, self._technician = Actor(stage, badges["nurse"]), Actor(stage, badges["technician"])

    async def perform(self, dispenses: Sequence[Dispense]) -> Report:
        """Play all of it; returns once the pharmacy server holds everything."""
        self._report.dispenses = len(dispenses)
        round_at = self._next_round(self._start)
        for dispense in dispenses:
            while round_at <= dispense.at:
                await self._until(round_at)
                await self._refill_round(round_at)
                round_at = self._next_round(round_at)
            await self._until(dispense.at)
            await self._dispense(dispense)
        await self._stage.rest()
        is_level = await self._stage.catch_up()
        return self._sum_up(self._stage.disagreements(), is_level=is_level)

    def _next_round(self, after: datetime) -> datetime:
        midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = [midnight + timedelta(days=day, hours=hour) for day in (0, 1) for hour in ROUNDS_AT_H]
        return next(at for at in hours if at > after)

    async def _until(self, at: datetime) -> None:
        """Let time jump; whoever comes late while the cabinet is busy simply comes next."""
        now = self._stage.house.controller.clock.now().utc
        if at > now:
            await asyncio.sleep((at - now).total_seconds())

    async def _dispense(self, dispense: Dispense) -> None:
        await self._nurse.sign_in()
        errand = Errand("withdraw", dispense.units, item=item_id(dispense.item), patient=dispense.patient)
        outcome = await self._nurse.run(errand)
        await self._nurse.sign_out()
        self._note(outcome)

    def _note(self, outcome: Outcome) -> None:
        report = self._report
        if outcome.refusal is not None:
            report.refused += 1
            report.stocked_out += outcome.refusal.code in {"stock.out", "stock.short"}
            self._refusals[outcome.refusal.code] += 1
            return
        assert outcome.access is not None
        self._times_s.append(outcome.took_s)
        if outcome.access.confirmed is None:
            report.incomplete += 1
            return
        report.performed += 1
        report.units += outcome.access.confirmed

    async def _refill_round(self, at: datetime) -> None:
        """Bring what the pharmacy server says that this cabinet needs, most urgent first; what is controlled on the pharmacy's sheets."""
        await self._stage.catch_up()
        needs = self._stage.office.inquiry.restock(self._stage.loaded.site.cabinet)
        if not needs:
            return
        picked = [need for need in needs if need.units_needed]
        sheets = {need.pocket: await self._stage.sheet_for(need.pocket, need.units_needed, self._technician.badge) for need in picked}
        expiry = (at + timedelta(days=LOT_LASTS_DAYS)).date().isoformat()
        await self._technician.sign_in()
        for need in needs:
            lot, sheet = f"L{at:%m%d%H}", sheets.get(need.pocket)
            errand = Errand("refill", need.units_needed, pocket=need.pocket, lot=lot, expiry=expiry, sheet=sheet)
            outcome = await self._technician.run(errand)
            if outcome.access is not None and outcome.access.confirmed:
                self._report.refills += 1
                self._report.units_refilled += outcome.access.confirmed
        await self._technician.sign_out()

    def _sum_up(self, disagreements: Sequence[Disagreement], *, is_level: bool) -> Report:
        report, state = self._report, self._stage.house.core.state
        report.refusals = dict(self._refusals)
        report.discrepancies = len(state.discrepancies)
        report.facts = state.seq
        report.pharmacy_seq = state.seq - self._stage.house.reporter.behind
        report.balanced = is_level and not disagreements
        report.disagreements = [asdict(found) for found in disagreements]
        if report.refills:
            report.vend_to_refill_permille = 1000 * report.performed // report.refills
        if report.dispenses:
            report.stock_out_permille = 1000 * report.stocked_out // report.dispenses
        if self._times_s:
            times = sorted(self._times_s)
            report.at_cabinet_ms_median = round(1000 * times[len(times) // 2])
            report.at_cabinet_ms_p90 = round(1000 * times[len(times) * 9 // 10])
        return report


async def replay(loaded: LoadedSite, export: Export, *, seed: int, journal: Path | None) -> Report:
    """Perform an export on a stage of its own. Run it on a virtual loop."""
    start = export.dispenses[0].at - timedelta(minutes=5)
    async with Stage.set(loaded, seed=seed, start=start, journal=journal) as stage:
        await stage.rest()
        report = await Replay(stage, start).perform(export.dispenses)
    report.bad_rows, report.repeated_rows = len(export.bad_rows), export.repeats
    return report
