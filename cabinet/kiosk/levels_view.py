"""The levels of a pocket as they are and as somebody would set them, each with what it comes to by this pocket's own use.

Alone knows: which days of use count, and how a forecast reads. Must not know: HTTP, HTML, clocks; the model (`cabinet.domain.forecast`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from cabinet.domain.core import Core
from cabinet.domain.events import LevelsChangeAsked
from cabinet.domain.forecast import DAYS_LOOKED_BACK, Forecast, days_of, forecast
from cabinet.domain.formulary import Item
from cabinet.domain.phrase import Phrase
from cabinet.domain.reference.changing import judge_levels
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import Instant, ItemId, PocketId, SessionId, Units

LEAST_SAID = 0.05


@dataclass(frozen=True)
class Levels:
    """Three levels, and what they come to; `forecast` is null where there are too few days of use."""

    par: int
    min: int
    critical_low: int
    forecast: Forecast | None


@dataclass(frozen=True)
class LevelsScreen:
    """The levels of a pocket: `now`, and `then` where others were typed; `refusal` is why those cannot be."""

    pocket: str
    drawer_name: str
    item: Item
    days: int
    """So many whole days of use are known."""
    now: Levels
    then: Levels | None
    refusal: Refusal | None


def levels_screen(core: Core, line: Line, typed: tuple[int, int, int] | None, now: Instant) -> LevelsScreen:
    """One pocket that holds an item; `typed` are par, min and critical low."""
    use = _use(line, now.utc.date())
    here = (line.par, line.min, line.critical_low)
    refusal = None
    if typed is not None:
        asked = LevelsChangeAsked(now, SessionId(""), PocketId(line.pocket), *(Units(level) for level in typed))
        refusal = judge_levels(core.scene, asked)
    is_new = typed is not None and typed != here and refusal is None
    layout = core.world.layout
    return LevelsScreen(
        line.pocket, layout.drawer_of(layout.pockets[PocketId(line.pocket)]).name, core.world.formulary[ItemId(line.item)], len(use),
        _levels(core, use, here), _levels(core, use, typed) if is_new and typed is not None else None, refusal,
    )  # fmt: skip


def levels_of(core: Core, line: Line, levels: tuple[int, int, int], now: Instant) -> Levels:
    """Such levels of a pocket, with what they come to."""
    return _levels(core, _use(line, now.utc.date()), levels)


def _levels(core: Core, use: list[int], levels: tuple[int, int, int]) -> Levels:
    par, least, _ = levels
    return Levels(*levels, forecast(use, par=par, least=least, round_days=ceil(core.world.policy.refill_interval_h / 24)))


def _use(line: Line, today: date) -> list[int]:
    """Units day by day, as long as the pocket holds its item; today is not over and does not count."""
    known = sorted(line.used) or [today.isoformat()]
    first = max(line.since or known[0], (today - timedelta(days=DAYS_LOOKED_BACK)).isoformat())
    days = [(today - timedelta(days=back)).isoformat() for back in range(DAYS_LOOKED_BACK, 0, -1)]
    return days_of(line.used, [day for day in days if day >= first])


def figure(number: float) -> str:
    """A forecast's number as it is read: one decimal, and small ones as what they are."""
    return f"{number:.1f}" if number >= LEAST_SAID or not number else Phrase("under {number}", number="0.1")
