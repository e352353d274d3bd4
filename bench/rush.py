"""RUSH: how long people wait for one cabinet at 09:00: eight nurses within ten minutes and a technician on a round, in virtual time.

Everything is the demo ward's: its drawers and lids, its policy, the wire at its speed, doors that spring. What a person takes is drawn
from assumed ranges: 4 to 8 s for badge and PIN, 2 to 4 s to find the next item on the screen, 1.5 to 3 s to count, 1 to 2.5 s to take,
0.5 to 1 s to close. Each nurse has four items; who comes stands in line; the technician makes way between two pockets and stands in line
again. Beside the waits stands what nobody's hand takes of an item: wire, locks and software together. What the processor computes is free
in virtual time; `bench/screen.py` and `bench/round.py` measure that.

There is no peer: published time-and-motion figures are of other wards. A wait is shown and gates nothing but the cabinet's part.
"""

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

import structlog

import config
from bench.figure import Figure
from cabinet.rehearsal.actor import Actor, Errand
from cabinet.rehearsal.stage import Stage
from cabinet.rehearsal.virtual_time import run_virtual
from config.load import LoadedSite, load_site

DEMO = Path(config.__file__).parent / "sites/demo.toml"
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NURSES, ITEMS, WITHIN_S, RUSHES = 8, 4, 600.0, 10
BADGE_AND_PIN_S, NEXT_ITEM_S = (4.0, 8.0), (2.0, 4.0)
REFILLED, REFILL_UNITS = ("m1-01", "m1-02", "m1-03", "m2-06"), 3
TAKEN = ("acetaminophen-325-tab", "ondansetron-4-vial", "metoprolol-25-tab", "furosemide-40-vial", "lisinopril-10-tab", "oxycodone-5-tab")
GOAL_ITEM_S = 5.0 / 6
"""A round of six items costs at most five seconds that are nobody's hand."""


class Visitor(Actor):
    """Somebody whose own time is counted apart from the cabinet's."""

    def __init__(self, stage: Stage, badge: str, chance: Random) -> None:
        super().__init__(stage, badge)
        self.own_s, self._chance = 0.0, chance

    async def thinks(self, between_s: tuple[float, float]) -> None:
        """A person's moment."""
        await self._pause(*between_s)

    async def _pause(self, least_s: float, most_s: float) -> None:
        own_s = self._chance.uniform(least_s, most_s)
        self.own_s += own_s
        await asyncio.sleep(own_s)


@dataclass
class Rush:
    """What came of some rushes, in seconds."""

    waits_s: list[float] = field(default_factory=list)
    visits_s: list[float] = field(default_factory=list)
    items_s: list[float] = field(default_factory=list)
    """For each item taken, what was nobody's hand."""
    pockets: int = 0
    refused: int = 0


class Line:
    """One cabinet, and people who come to it one after the other."""

    def __init__(self, stage: Stage, chance: Random, seen: Rush) -> None:
        self._stage, self._chance, self._seen, self._screen = stage, chance, seen, asyncio.Lock()

    async def nurse(self, badge: str, patient: str) -> None:
        """Come, wait, take four items, go."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._chance.uniform(0, WITHIN_S))
        came_s = loop.time()
        async with self._screen:
            began_s = loop.time()
            self._seen.waits_s.append(began_s - came_s)
            who = Visitor(self._stage, badge, self._chance)
            await who.thinks(BADGE_AND_PIN_S)
            await who.sign_in()
            for item in self._chance.sample(TAKEN, ITEMS):
                await who.thinks(NEXT_ITEM_S)
                await self._takes(who, Errand("withdraw", 1, item=item, patient=patient))
            await who.sign_out()
            self._seen.visits_s.append(loop.time() - began_s)

    async def _takes(self, who: Visitor, errand: Errand) -> None:
        own_s = who.own_s
        outcome = await who.run(errand)
        if outcome.refusal is not None:
            self._seen.refused += 1
            return
        self._seen.items_s.append(outcome.took_s - (who.own_s - own_s))

    async def technician(self, badge: str) -> None:
        """A round; between two pockets whoever waits comes first."""
        await asyncio.sleep(self._chance.uniform(0, WITHIN_S / 2))
        for pocket in REFILLED:
            async with self._screen:
                who = Visitor(self._stage, badge, self._chance)
                await who.thinks(BADGE_AND_PIN_S)
                await who.sign_in()
                done = await who.run(Errand("refill", REFILL_UNITS, pocket=pocket, lot="RUSH", expiry="2031-01-31"))
                self._seen.pockets += done.refusal is None
                await who.sign_out()


def crowd(loaded: LoadedSite) -> LoadedSite:
    """The demo ward with eight nurses."""
    assert loaded.people is not None
    nurse = next(one for one in loaded.people.staff if one.role == "nurse")
    more = tuple(
        nurse.model_copy(update={"id": f"nurse-{number}", "name": f"Nurse {number}", "badge": f"90{number}"}) for number in range(NURSES)
    )
    return replace(loaded, people=loaded.people.model_copy(update={"staff": (*loaded.people.staff, *more)}))


async def rush(loaded: LoadedSite, seed: int, seen: Rush) -> None:
    """One morning."""
    assert loaded.people is not None
    technician = next(one.badge for one in loaded.people.staff if one.role == "technician")
    async with Stage.set(loaded, seed=seed, start=NINE) as stage:
        await stage.rest()
        line = Line(stage, Random(seed), seen)
        patients = loaded.people.patients
        async with asyncio.TaskGroup() as group:
            group.create_task(line.technician(technician))
            for number in range(NURSES):
                group.create_task(line.nurse(f"90{number}", patients[number].id))
        assert not stage.house.core.state.discrepancies, "careful people counted rightly"


def measure() -> list[Figure]:
    """Ten mornings; about a minute."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    loaded, seen = crowd(load_site(DEMO)), Rush()
    try:
        for seed in range(1, RUSHES + 1):
            run_virtual(rush(loaded, seed, seen))
    finally:
        structlog.reset_defaults()
    many = f"{RUSHES} mornings, {NURSES} nurses with {ITEMS} items, {seen.pockets} pockets refilled, {seen.refused} refused"
    item_s = median(seen.items_s)
    return [
        Figure("RUSH", "wait for the cabinet at 09:00: half, p95", _spread(seen.waits_s), many, None, "shown", ok=True),
        Figure("RUSH", "a nurse's visit: half, p95", _spread(seen.visits_s), "", None, "shown", ok=True),
        Figure(
            "RUSH", "wire, locks and software for each item: half, p95", _spread(seen.items_s), f"{len(seen.items_s)} items", None,
            f"half ≤ {GOAL_ITEM_S:.2f} s", item_s <= GOAL_ITEM_S,
        ),
    ]  # fmt: skip


def _spread(took_s: list[float]) -> str:
    return f"{median(took_s):.1f} s, {quantiles(took_s, n=20, method='inclusive')[18]:.1f} s"
