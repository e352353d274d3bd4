"""Opinions are worked out, one cabinet after another, on a thread of their own, and everybody can see how far that is.

Alone knows: what is gathered for an opinion, and the job that is under way. Must not know: how advice is found, HTTP.

scipy is loaded with the first job; a server that lacks it says so, and everything else goes on.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.activity.line import FILLING, Line
from central.par.history import History
from central.par.rule import Criticality, Hold, Levels, Rules
from central.plan.case import Case, levels_by_item, lived
from central.plan.past import Clock, histories, sent
from central.plan.rounds import calendar_of
from central.plan.store import PlanStore
from central.plan.value import Lived
from config.pars import Pars
from config.restock import Restock
from config.schema import Item

log = structlog.get_logger()


@dataclass(slots=True)
class Job:
    """What is worked out at the moment: which cabinet of how many, and how many of its items are done."""

    cabinets: tuple[str, ...]
    place: int = 0
    done: int = 0
    all: int = 0
    fault: str = ""

    @property
    def cabinet(self) -> str:
        """Which cabinet it is at."""
        return self.cabinets[min(self.place, len(self.cabinets) - 1)]

    @property
    def percent(self) -> int:
        """Of the whole job."""
        share = self.done / self.all if self.all else 0.0
        return int(100 * (self.place + share) / len(self.cabinets))


class Advising:
    """Works out opinions of one pharmacy's cabinets."""

    def __init__(self, store: PlanStore, settings: Pars, restock: Restock, items: Mapping[str, Item], now: Callable[[], datetime]) -> None:
        self._store, self._settings, self._restock, self._now = store, settings, restock, now
        self._items = items
        self._running: set[asyncio.Task[None]] = set()
        self.job: Job | None = None
        self.fault = ""

    @property
    def names(self) -> dict[str, str]:
        """By item, as screens write it."""
        return {item.id: f"{item.tall_man} {item.strength}" for item in self._items.values()}

    def start(self, cabinets: Sequence[str], *, more_stock: bool) -> bool:
        """Begin with these cabinets; False while another job is under way, or there is nothing to do."""
        if self.job is not None or not cabinets:
            return False
        self.job, self.fault = Job(tuple(cabinets)), ""
        task = asyncio.get_running_loop().create_task(self._run(self.job, more_stock=more_stock))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def done(self) -> None:
        """Wait until nothing is under way."""
        while self._running:
            await asyncio.gather(*self._running)

    async def _run(self, job: Job, *, more_stock: bool) -> None:
        loop = asyncio.get_running_loop()
        try:
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-pars") as thread:
                for place, cabinet in enumerate(job.cabinets):
                    job.place, job.done = place, 0
                    await loop.run_in_executor(thread, self._form, cabinet, more_stock, job)
        except (ImportError, SQLAlchemyError) as problem:
            self.fault = "scipy is not installed here (extra `pars`)" if isinstance(problem, ImportError) else str(problem)
            log.warning("no advice", why=self.fault)
        finally:
            self.job = None

    def _form(self, cabinet: str, more_stock: bool, job: Job) -> None:
        def progress(done: int, whole: int) -> None:
            job.done, job.all = done, whole

        self.form(cabinet, progress, more_stock=more_stock)

    def form(self, cabinet: str, progress: Callable[[int, int], None] = lambda _done, _all: None, *, more_stock: bool = True) -> None:
        """Work out a cabinet's opinion and keep it, on the caller's thread. Raises ImportError where scipy is missing."""
        from central.plan.opinion import opinion  # noqa: PLC0415 - scipy takes a second, and a server may do without

        self._store.keep(opinion(self.case(cabinet), progress, more_stock=more_stock))

    def lived(self, cabinet: str, changes: Mapping[str, Levels]) -> tuple[Lived | None, Lived | None]:
        """What if: the cabinet's history lived again with its pockets as they stand, and with these (by pocket) instead."""
        case = self.case(cabinet)
        other = [replace(one, levels=changes.get(one.pocket, one.levels)) for one in case.pockets]
        return lived(case, levels_by_item(case.pockets)), lived(case, levels_by_item(other))

    def case(self, cabinet: str) -> Case:
        """All that is known of a cabinet now."""
        settings, now = self._settings, self._now()
        clock = Clock(ZoneInfo(self._restock.zone))
        begin = now - timedelta(days=settings.history_days)
        since = utc_text(begin)
        lines = list(self._store.lines(cabinet, since))
        held = {item: max(at, since) for item, at in self._store.held_since(cabinet).items()}
        to_min, from_min = clock.minute_of(now), clock.minute_of(begin)
        calendar = calendar_of(settings, self._restock, cabinet, self._store.area(cabinet))
        known = histories(lines, self._store.spells(cabinet, since), held, to_min, clock)
        return Case(
            cabinet, utc_text(now), known,
            sent(lines, from_min, to_min, clock), self._store.pockets(cabinet, self.names), calendar, rules_of(settings),
            self._store.elsewhere(cabinet, since, settings.history_days), _keeps(lines), self._holds(cabinet, now, clock), self.marks(),
            self.names, {one.item: _share(one) for one in known if one.demands and self._is_volume(one.item)},
        )  # fmt: skip

    def _is_volume(self, item: str) -> bool:
        return item in self._items and self._items[item].count_mode == "volume"

    def marks(self) -> dict[str, Criticality]:
        """How much hangs on items: what a pharmacist said stands above what the formulary says."""
        stated = {item.id: Criticality.CRITICAL for item in self._items.values() if item.critical}
        return stated | self._store.criticality()

    def _holds(self, cabinet: str, now: datetime, clock: Clock) -> dict[str, Hold]:
        found: dict[str, Hold] = {}
        for word in self._store.words(cabinet):
            if not word.until_at or parse_utc(word.until_at) > now:
                found.setdefault(word.pocket, Hold(word.said_by, word.reason, clock.minute(word.until_at) if word.until_at else None))
        return found


def _share(history: History) -> float:
    """What a millilitre is worth beside a vial: of one withdrawal as it is usual, its part."""
    return 1 / max(1.0, median(demand.units for demand in history.demands))


def _keeps(lines: Iterable[Line]) -> dict[str, int]:
    """How many days what was put in had until it expired, item by item: the middle of what was seen."""
    seen: dict[str, list[int]] = {}
    for line in lines:
        if line.kind in FILLING and line.keeps_days is not None:
            seen.setdefault(line.item, []).append(line.keeps_days)
    return {item: max(1, int(median(days))) for item, days in seen.items()}


def rules_of(settings: Pars) -> Rules:
    """What the pharmacy says of costs."""
    return Rules(
        call_cost_min=settings.call_cost, refusal_cost_min=settings.refusal_cost, line_cost_min=settings.line_cost,
        outdate_cost_min=settings.outdate_cost, shelf_price=settings.shelf_price, unused_days=settings.unused_days,
        sent_times=settings.sent_times, sent_days=settings.sent_days,
    )  # fmt: skip
