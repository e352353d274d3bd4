"""What leaves the fridge for good: at room temperature it may be used for so many days, and never longer than its label says.

Alone knows: which pockets stand for room temperature, and the last day of what is put there.
Must not know: how the cold is watched (`climate.py`), or how long a single return may have been out (`withdrawal/returning.py`).

The day is enforced as any expiry is: past it nothing is withdrawn, and the pocket is on the list to pull.
"""

from dataclasses import replace
from datetime import date, timedelta

from cabinet.domain.events import QuantityEntered
from cabinet.domain.facts import RoomExpirySet
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.phrase import Phrase
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId


def is_warm(scene: Scene, pocket: Pocket, item: Item) -> bool:
    """Whether an item of the fridge lies at room temperature in this pocket, for the days that it may."""
    return item.is_refrigerated and item.room_days > 0 and not scene.world.layout.drawer_of(pocket).is_fridge


def as_kept(scene: Scene, pocket: Pocket, item: Item) -> Item:
    """An item as it is kept in a pocket: what is warm there already is not asked how long it was out of the fridge."""
    return replace(item, is_refrigerated=False) if is_warm(scene, pocket, item) else item


def dated(scene: Scene, access: Access, entered: QuantityEntered) -> QuantityEntered:
    """A stated quantity with the expiry that counts at this pocket: the label's, the last day at room temperature, or what it had before.

    What stays in a warm pocket after a pull keeps the days that it was given: its labels would say more.
    """
    item, pocket = scene.item_of(access), scene.pocket_of(access)
    if not is_warm(scene, pocket, item):
        return entered
    if access.kind == "expire":
        return replace(entered, expiry=None)
    if not row_of(access).puts:
        return entered
    last = _last_day(entered.at.utc.date(), item)
    former = scene.state.accesses.get(access.withdrawal or "")
    before = [] if former is None else [batch.expiry for batch in former.touched]
    return replace(entered, expiry=min(day for day in (entered.expiry or last, last, *before) if day))


def _last_day(today: date, item: Item) -> str:
    return (today + timedelta(days=item.room_days)).isoformat()


def shown(scene: Scene, access: Access) -> tuple[str, ...]:
    """What stands on the screen of whoever puts something there."""
    if not (row_of(access).puts and row_of(access).opens and is_warm(scene, scene.pocket_of(access), scene.item_of(access))):
        return ()
    last = _last_day(date.fromisoformat(access.asked_at[:10]), scene.item_of(access))
    return (Phrase("Out of the fridge it may be used until {day} at the latest. Write that on every package.", day=last),)


def note(turn: Turn, access: Access, said: QuantityEntered, counts: QuantityEntered) -> None:
    """Write down that another day counts than the one that was read off the label: it is written on the packages."""
    if counts.expiry is not None and counts.expiry != said.expiry and said.units:
        turn.record(RoomExpirySet(PocketId(access.pocket), ItemId(access.item), said.units, counts.expiry, said.expiry), access=access)
