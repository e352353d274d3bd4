"""What is wrong, as callers of the API and the list of things to mend see it: each fault with its words, and how the locks work.

Alone knows: which faults are listed for whom, under which id, and what may be done about each here. Must not know: HTTP, HTML.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.core import Core
from cabinet.domain.lock import recovery, wear
from cabinet.domain.lock.memory import Fault
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase
from cabinet.domain.scale import calibration
from cabinet.domain.vocabulary import ItemId, PocketId
from cabinet.kiosk.whereabouts import names


@dataclass(frozen=True)
class FaultView:
    """A drawer, lid, device or item that is not as it should be. `id` names it in `/faults/{id}/recovery` and its neighbours.

    `sentence` and `remedy` are for whoever stands before it, `cause` is for technicians. `is_failing`: out of use until it is brought
    back; `tries` is how often that was tried in vain. `raised_at` is empty where an older journal does not tell.
    """

    id: str
    kind: str
    where: str
    code: str
    sentence: str
    remedy: str
    cause: str = ""
    detail: str = ""
    raised_at: str = ""
    is_failing: bool = False
    tries: int = 0
    place: str = ""


@dataclass(frozen=True)
class LockWear:
    """How one lock works: openings so far, the quickest quarter of its times at first and lately, and the middle lately (ms)."""

    lock: str
    where: str
    state: str
    cycles: int
    early_ms: int | None
    recent_ms: int | None
    median_ms: int | None
    misses_percent: int
    worn: str


def fault_views(core: Core) -> list[FaultView]:
    """Everything that is wrong: what is out of use first, then the newest."""
    found = sorted(core.state.faults.values(), key=lambda fault: fault.raised_at, reverse=True)
    views = [_fault(core, fault) for fault in sorted(found, key=lambda fault: not fault.is_failing)]
    return [*_without_a_fault(core), *views]


def faults_for(core: Core, staff: Staff) -> list[FaultView]:
    """What of it this person is told. A scale's doubt is a technician's: it may say how much stands in a pocket."""
    is_at_scales = calibration.may_be_at_scales(core.world.policy, staff.role)
    return [fault for fault in fault_views(core) if is_at_scales or not fault.code.startswith("scale.")]


def _without_a_fault(core: Core) -> Iterator[FaultView]:
    """Drawers that failed in a journal that kept no faults."""
    for drawer in core.state.drawers.values():
        if drawer.state == "failed" and not core.state.is_condemned(drawer.lock):
            yield _fault(core, Fault(drawer.lock, "drawer.failed", "", "", is_failing=True))


def _fault(core: Core, fault: Fault) -> FaultView:
    kind, where = _where(core, fault.place)
    entry = CATALOGUE[fault.code]
    is_named_alone = fault.is_failing or fault.is_of_device
    name = fault.place if is_named_alone else f"{fault.code}@{fault.place}"
    return FaultView(
        name, kind, where, fault.code, Phrase(entry.sentence), Phrase(entry.remedy), Phrase(entry.cause), fault.detail,
        fault.raised_at, fault.is_failing, fault.tries, fault.place,
    )  # fmt: skip


def _where(core: Core, place: str) -> tuple[str, str]:
    """What sort of thing is wrong, and what people call it."""
    layout = core.world.layout
    if place in layout.locks:
        return "drawer", names(layout)[place]
    if place == core.world.supply:
        return "device", Phrase("Power supply")
    pocket = layout.pockets.get(PocketId(place))
    if pocket is not None:
        return "pocket", Phrase("{drawer}, pocket {pocket}", drawer=layout.drawer_of(pocket).name, pocket=place)
    item = core.world.formulary.get(ItemId(place))
    if item is not None:
        return "item", item.title
    drawer = next((drawer.name for drawer in layout.drawers if drawer.id == place), None)
    return ("device", place) if drawer is None else ("drawer", drawer)


def may_say_mended(fault: FaultView) -> bool:
    """Whether a person's word ends this fault."""
    return fault.code in recovery.MENDED


def lock_views(core: Core) -> list[LockWear]:
    """Every lock with its trend, in the order of the furniture."""
    views = []
    for lock, where in names(core.world.layout).items():
        drawer = core.state.drawers.get(lock)
        found = wear.trend(core.state.wear[lock]) if lock in core.state.wear else wear.Trend(0, None, None, None, 0, "")
        views.append(
            LockWear(
                lock, where, "unknown" if drawer is None else drawer.state, found.cycles, found.early_ms, found.recent_ms, found.median_ms,
                found.misses_percent, found.why,
            )
        )  # fmt: skip
    return views
