"""What the kiosk shows of lines that could not be filled as they stood, and of sealed kits.

Alone knows: which sentence goes with a parked code, a reason and a kit. Must not know: HTTP, HTML, clocks.
"""

from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.formulary import Item
from cabinet.domain.kit import tray
from cabinet.domain.kit.memory import Tray
from cabinet.domain.package.memory import Parked, Unfilled
from cabinet.domain.package.parking import REASONS
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import Instant, ItemId
from cabinet.kiosk.reason import reason


@dataclass(frozen=True)
class ParkedView:
    """A code that nobody knew at a refill. `stands` is waiting, linked or dismissed; `title` is what the pocket holds."""

    key: str
    pocket: str
    item: str
    title: str
    by: str
    at: str
    stands: str
    sentence: str


@dataclass(frozen=True)
class UnfilledView:
    """Why a pocket was not filled."""

    pocket: str
    item: str
    title: str
    reason: str
    note: str | None
    at: str
    sentence: str


@dataclass(frozen=True)
class ContentView:
    """One line of what a kit holds."""

    item: str
    title: str
    units: int
    lot: str | None
    expiry: str | None
    is_controlled: bool


@dataclass(frozen=True)
class KitView:
    """One sealed kit. `stands` is sealed, broken or expired; `where` the account it is in; `owes_count`: of what is controlled inside.

    `is_out`: it was handed out with something controlled in it that nobody has accounted for.
    """

    tag: str
    item: str
    title: str
    pocket: str | None
    where: str
    expiry: str | None
    stands: str
    owes_count: bool
    is_out: bool
    contents: tuple[ContentView, ...]


def parked_views(core: Core) -> list[ParkedView]:
    """Every parked code, those that wait first, the oldest first."""
    found = sorted(core.state.parked.values(), key=lambda one: (not one.is_waiting, one.at))
    return [_parked(core, one) for one in found]


def _parked(core: Core, parked: Parked) -> ParkedView:
    if parked.linked is not None:
        stands, sentence = "linked", Phrase("Known now as {item}: the line can be filled.", item=_title(core, parked.linked))
    elif parked.why_not:
        stands, sentence = "dismissed", Phrase("Do not put it in: {why}.", why=reason(core.world.layout, parked.why_not))
    else:
        stands, sentence = "waiting", Phrase("Waiting for a pharmacist.")
    return ParkedView(parked.key, parked.pocket, parked.item, _title(core, parked.item), parked.staff, parked.at, stands, sentence)


def unfilled_views(core: Core) -> list[UnfilledView]:
    """Every pocket that could not be filled, until it is."""
    return [
        UnfilledView(
            one.pocket, one.item, _title(core, one.item), one.reason, one.note, one.at,
            _not_filled(one),
        )
        for one in core.state.unfilled.values()
    ]  # fmt: skip


def _not_filled(one: Unfilled) -> Phrase:
    why = Phrase(REASONS[one.reason])
    return Phrase("Not filled: {why} ({note}).", why=why, note=one.note) if one.note else Phrase("Not filled: {why}.", why=why)


def line_notes(core: Core) -> dict[str, str]:
    """What is said of a pocket's line in the refill list, by pocket."""
    notes = {one.pocket: one.sentence for one in unfilled_views(core)}
    return notes | {
        one.pocket: Phrase("Code {code}: {sentence}", code=one.key, sentence=one.sentence) for one in reversed(parked_views(core))
    }


def kit_views(core: Core, now: Instant) -> list[KitView]:
    """Every kit that is known by its tag."""
    today = now.utc.date().isoformat()
    return [_kit(core, one, today) for one in tray.trays(core.scene).values()]


def _kit(core: Core, one: Tray, today: str) -> KitView:
    formulary = core.world.formulary
    stands = "broken" if not one.is_sealed else "expired" if one.expiry is not None and one.expiry < today else "sealed"
    contents = tuple(
        ContentView(line.item, _title(core, line.item), line.units, line.lot, line.expiry, _is_controlled(formulary.get(ItemId(line.item))))
        for line in one.contents
    )
    return KitView(
        one.tag, one.item, _title(core, one.item), one.pocket, one.where, one.expiry, stands, tray.owes_count(one, formulary),
        tray.is_out(one, formulary), contents,
    )  # fmt: skip


def _is_controlled(item: Item | None) -> bool:
    return item is not None and item.is_controlled


def _title(core: Core, item_id: str) -> str:
    item = core.world.formulary.get(ItemId(item_id))
    return item_id if item is None else item.title
