"""What a cabinet next door has lived through: a week of withdrawals and refills, and what went wrong at last.

Alone knows: how such a week reads as facts. Must not know: how facts are kept or sent.

The week is invented, and the same for the same seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cabinet.domain import events, facts
from cabinet.domain.core import Core
from cabinet.domain.facts import Account, Draft, Fact
from cabinet.domain.layout import Pocket
from cabinet.domain.vocabulary import AccessId, DrawerId, Instant, PatientId, SessionId, StaffId, Units, utc_text

DAYS = 7
TECHNICIAN = StaffId("farid-haddad")
NURSES = (StaffId("ana-reyes"), StaffId("ben-okafor"))


@dataclass(frozen=True, slots=True)
class Week:
    """How a week goes: `use` of a pocket a day, in thousandths of its par; below `refilled_below` (thousandths of par) it is filled again.

    `ends_with` are facts of the last hour, each with its minutes before now.
    """

    use: int
    refilled_below: int
    ends_with: tuple[tuple[int, Fact], ...] = ()


def lived(core: Core, week: Week, now: datetime, seed: str) -> Sequence[Draft]:
    """The facts of a week that ends now: the site's pockets with their openings, then day after day."""
    return list(_lived(core, week, now, Random(seed)))


def _lived(core: Core, week: Week, now: datetime, chance: Random) -> Iterator[Draft]:
    begun = Core(core.world)
    start = now - timedelta(days=DAYS)
    yield from begun.step(events.Started(Instant(start, 0.0), 1, "", "")).drafts
    units = {line.pocket: line.units for line in begun.state.lines.values()}
    number = 0
    for hour in range(1, DAYS * 24):
        at = Instant(start + timedelta(hours=hour, minutes=chance.randrange(50)), 0.0)
        for pocket in core.world.layout.pockets.values():
            if pocket.id not in units or not pocket.levels.par:
                continue
            par = pocket.levels.par
            if hour % 24 == chance.choice((6, 14)) and 1000 * units[pocket.id] < week.refilled_below * par:
                yield _moved(pocket, par - units[pocket.id], Account.PHARMACY, at, TECHNICIAN)
                units[pocket.id] = par
            taken = min(units[pocket.id], _taken(par * week.use, chance))
            if taken:
                number += 1
                units[pocket.id] -= taken
                yield from _withdrawn(pocket, taken, at, chance, number)
    for minutes, fact in week.ends_with:
        yield Draft(Instant(now - timedelta(minutes=minutes), 0.0), fact)


def _taken(par_by_use: int, chance: Random) -> int:
    """Units of one hour, so that a day comes to about the week's use."""
    mean = par_by_use / 24_000
    return int(mean) + (chance.random() < mean - int(mean))


def _withdrawn(pocket: Pocket, units: int, at: Instant, chance: Random, number: int) -> Iterator[Draft]:
    nurse, access = chance.choice(NURSES), AccessId(f"past-{number}")
    patient = PatientId(f"p-{301 + chance.randrange(8)}")
    assert pocket.item is not None
    asked = facts.AccessRequested(
        "withdraw", pocket.id, pocket.item, Units(units), "order", SessionId(f"past-{number}"), patient, order=f"o-past-{number}"
    )
    yield Draft(at, asked, access, nurse)
    yield _moved(pocket, units, Account.PATIENT, at.later(20.0), nurse, access)
    yield Draft(at.later(30.0), facts.AccessMoved("closed", "settled", "counted"), access, nurse)


def _moved(pocket: Pocket, units: int, other: Account, at: Instant, staff: StaffId, access: AccessId | None = None) -> Draft:
    """Units to the patient, or from the pharmacy; of the lot that the pocket opened with, for nobody said another."""
    assert pocket.item is not None
    lot, expiry = (pocket.opening.lot, pocket.opening.expiry) if pocket.opening is not None else (None, None)
    pair = (Account.POCKET, other) if other is Account.PATIENT else (other, Account.POCKET)
    return Draft(at, facts.UnitsMoved(pocket.id, pocket.item, Units(units), *pair, lot, expiry), access, staff)


def jammed(lock: str) -> tuple[tuple[int, Fact], ...]:
    """A drawer that did not open, an hour ago."""
    return (
        (61, facts.DrawerMoved(lock, "latched", "failed", "it did not open")),
        (60, facts.FaultRaised(lock, "drawer.jammed", "it did not open, and was left", is_failing=True)),
    )


def on_battery(supply: str, drawer: str, now: datetime) -> tuple[tuple[int, Fact], ...]:
    """The mains went, and the fridge grew warm."""
    since, fridge = utc_text(now - timedelta(minutes=55)), DrawerId(drawer)
    return (
        (62, facts.PowerMoved(supply, "mains", "battery", "the mains is gone", 96, 5400)),
        (62, facts.FaultRaised(supply, "power.on_battery", "the mains is gone")),
        (55, facts.FridgeMoved(fridge, "unknown", "out", "warmer than it may be", 8300)),
        (45, facts.FridgeMoved(fridge, "out", "excursion", "out of range for 10 minutes", 8900)),
        (45, facts.ExcursionBegan(fridge, since, 10, 8300, 8900)),
    )


def unheard(now: datetime) -> tuple[tuple[int, Fact], ...]:
    """The pharmacy was not heard for a while, and a downtime began."""
    return ((35, facts.DowntimeBegan(utc_text(now - timedelta(minutes=40)))),)
