"""What every screen says of power and fridges, and the list of fridges: pure views of what the core knows.

Alone knows: the words for a cabinet on battery and for a fridge out of range. Must not know: HTTP, HTML, clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.layout import Drawer
from cabinet.domain.phrase import Phrase, counted, message
from cabinet.domain.surroundings import climate, power
from cabinet.domain.surroundings.memory import FridgeState, minutes_since
from cabinet.domain.vocabulary import Instant, ItemId

_STATES = {
    "unknown": message("not known"),
    "in_range": message("in range"),
    "out": message("out of range"),
    "excursion": message("out of range for too long"),
}


@dataclass(frozen=True)
class Notice:
    """One line above every screen. `is_stop`: something is not to be had now; `counts`: it holds minutes, and is asked for again."""

    text: str
    is_stop: bool
    counts: bool = False


@dataclass(frozen=True)
class ExcursionView:
    """One time out of range that nobody has decided about, or whose contents are not to be used."""

    since: str
    minutes: int
    lowest: str
    highest: str
    lasts: bool
    verdict: str


@dataclass(frozen=True)
class AllowedView:
    """How long an item of a fridge may be out of it by the formulary; 0: that is not known."""

    title: str
    minutes: int


@dataclass(frozen=True)
class FridgeView:
    """One fridge. `shown` is what its probe showed last (null: not known); `contents` are free, undecided or discarded."""

    drawer: str
    name: str
    state: str
    says: str
    shown_mc: int | None
    shown: str
    low_mc: int
    high_mc: int
    minutes_out: int
    contents: str
    pockets: tuple[str, ...]
    excursions: tuple[ExcursionView, ...]
    allowed: tuple[AllowedView, ...]
    """What the formulary allows of what is in it, for whoever decides."""


@dataclass(frozen=True)
class PowerView:
    """Where the power comes from by the supply's word, and for how long pockets still open on battery (s; null: it does not end)."""

    state: str
    since: str
    charge_percent: int | None
    runtime_s: int | None
    left_s: int | None


def notices(core: Core, now: Instant) -> tuple[Notice, ...]:
    """What every screen says of power and fridges, most urgent first; nothing while all is well."""
    said = [_power_notice(core, now)]
    said += [_fridge_notice(fridge) for fridge in fridge_views(core, now)]
    return tuple(sorted((one for one in said if one is not None), key=lambda one: not one.is_stop))


def _power_notice(core: Core, now: Instant) -> Notice | None:
    scene = core.scene
    if scene.state.power.state == "low":
        return Notice(
            Phrase(
                "The battery is nearly empty: no drawer is released any more. "
                "The mechanical key opens drawers: note what you take, and count the pocket when the mains is back."
            ),
            is_stop=True,
        )
    if scene.state.power.state == "battery":
        minutes = power.left_s(scene, now) // 60
        ending = Phrase("On battery: drawers open for less than a minute more, then by key.")
        lasting = counted(
            minutes, "On battery: drawers open for about {n} minute more, then by key.",
            "On battery: drawers open for about {n} minutes more, then by key.",
        )  # fmt: skip
        return Notice(lasting if minutes else ending, is_stop=False, counts=True)
    if scene.world.supply is not None and scene.world.supply in scene.state.failures:
        return Notice(
            Phrase("The power supply does not answer: whether the mains is there is not known. Drawers open as ever."), is_stop=False
        )
    return None


def _fridge_notice(fridge: FridgeView) -> Notice | None:
    if fridge.state != "excursion":
        return None
    text = counted(
        fridge.minutes_out, "{fridge} is out of range: {shown}, {n} minute. A pharmacist decides about what is in it.",
        "{fridge} is out of range: {shown}, {n} minutes. A pharmacist decides about what is in it.", fridge=fridge.name, shown=fridge.shown,
    )  # fmt: skip
    return Notice(text, is_stop=True, counts=True)


def fridge_views(core: Core, now: Instant) -> tuple[FridgeView, ...]:
    """Every fridge that is watched, in the order of the furniture."""
    return tuple(_fridge(core, drawer, now) for drawer in core.world.layout.drawer_by_probe.values())


def _fridge(core: Core, drawer: Drawer, now: Instant) -> FridgeView:
    assert drawer.climate is not None
    known = climate.fridge_of(core.scene, drawer.id)
    sight = core.scene.sights.get(drawer.id)
    shown_mc = None if sight is None or known.state == "unknown" else sight.newest_mc
    shown = Phrase("not known") if shown_mc is None else climate.in_degrees(shown_mc)
    lines = core.state.lines
    pockets = tuple(pocket.id for pocket in drawer.pockets if pocket.id in lines and lines[pocket.id].units)
    return FridgeView(
        drawer.id, drawer.name, known.state, Phrase(_STATES[known.state]), shown_mc, shown, drawer.climate.low_mc, drawer.climate.high_mc,
        climate.minutes_out(now, known), _contents(known), pockets, _excursions(known, now),
        tuple(_allowed(core, pockets)),
    )  # fmt: skip


def _allowed(core: Core, pockets: tuple[str, ...]) -> Iterator[AllowedView]:
    items = dict.fromkeys(core.state.lines[pocket].item for pocket in pockets)
    for item in filter(None, (core.world.formulary.get(ItemId(one)) for one in items)):
        yield AllowedView(item.title, item.room_minutes)


def _contents(known: FridgeState) -> str:
    if not known.excursions:
        return "free"
    return "discarded" if all(one.verdict == "discard" for one in known.excursions) else "undecided"


def _excursions(known: FridgeState, now: Instant) -> tuple[ExcursionView, ...]:
    return tuple(
        ExcursionView(
            one.since, one.minutes if one.ended_at else minutes_since(now, one.since), climate.in_degrees(one.lowest_mc),
            climate.in_degrees(one.highest_mc), not one.ended_at, one.verdict,
        )
        for one in known.excursions
    )  # fmt: skip


def undecided(core: Core, now: Instant) -> int:
    """How many fridges hold what is not to be had without a decision."""
    return sum(fridge.contents != "free" for fridge in fridge_views(core, now))


def power_view(core: Core, now: Instant) -> PowerView:
    """Where the power comes from."""
    scene = core.scene
    state, told = scene.state.power, scene.power
    left_s = {"battery": power.left_s(scene, now), "low": 0}.get(state.state)
    charge_percent, runtime_s = (None, None) if told is None else (told.charge_percent, told.runtime_s)
    return PowerView(state.state, state.since, charge_percent, runtime_s, left_s)
