"""Refilling by a delivery's list: announced, worked off line by line, and closed once every line is filled or has its reason.

Alone knows: which line an access is for, and when a delivery is done. Must not know: how a pocket is filled (`desk.py`), or the way
through the cabinet in which a page lists lines.

A line that was not filled is carried over: its reason stands beside the pocket until somebody fills it (`package/parking.py`).
"""

from dataclasses import replace

from cabinet.domain import events
from cabinet.domain.delivery.memory import Delivery
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import DeliveryAnnounced, DeliveryClosed, DeliveryLine
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import Kind
from cabinet.domain.person import speaking
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import PocketId, is_id

ACT = "refill"
MOST_LINES, MOST_UNITS = 500, 100_000


def announce(scene: Scene, turn: Turn, event: events.DeliveryAnnounceAsked) -> Refusal | None:
    """A list to be worked off; the same number again changes nothing."""
    who = speaking.speaker(scene, turn, event.session, ACT)
    if isinstance(who, Refusal):
        return who
    if event.delivery in scene.state.deliveries:
        return None
    if not is_id(event.delivery) or not 0 < len(event.lines) <= MOST_LINES:
        return Refusal("delivery.form", event.delivery)
    if event.place is not None and event.place not in {neighbour.id for neighbour in scene.world.neighbours}:
        return Refusal("transfer.cabinet", event.place)
    wrong = next((line for line in event.lines if not _is_line(scene, line)), None)
    if wrong is not None:
        return Refusal("delivery.form", f"{wrong.item} for {wrong.pocket or 'any pocket'}")
    taken: set[str] = set()
    lines = [_placed(scene, line, taken) for line in event.lines]
    turn.record(DeliveryAnnounced(event.delivery, lines, event.place), staff=who)
    return None


def judge_sent(scene: Scene, one: events.SentDelivery) -> Refusal | None:
    """Whether a list of the pharmacy's may be announced here, whatever its pockets hold by now."""
    wrong = next((line.item for line in one.lines if not _is_line(scene, replace(line, pocket=None))), None)
    is_list = is_id(one.id) and 0 < len(one.lines) <= MOST_LINES
    return None if is_list and wrong is None else Refusal("delivery.form", f"{one.id}: {wrong or len(one.lines)}")


def as_it_stands(scene: Scene, line: DeliveryLine) -> DeliveryLine:
    """A line of the pharmacy's: where its pocket holds something else by now, or is no more, it is for any that holds its item."""
    return line if _is_line(scene, line) else replace(line, pocket=None)


def _is_line(scene: Scene, line: DeliveryLine) -> bool:
    held = None if line.pocket is None else scene.state.lines.get(line.pocket)
    is_there = line.pocket is None or (line.pocket in scene.world.layout.pockets and (held is None or held.item == line.item))
    return line.item in scene.world.formulary and is_there and 0 < line.units <= MOST_UNITS


def _placed(scene: Scene, line: DeliveryLine, taken: set[str]) -> DeliveryLine:
    """A line with its pocket: of those that hold the item the one that lacks most, each once before any twice."""
    if line.pocket is None:
        holding = [held for held in scene.state.lines.values() if held.item == line.item]
        first = min(holding, key=lambda held: (held.pocket in taken, held.units - held.par), default=None)
        line = line if first is None else replace(line, pocket=PocketId(first.pocket))
    taken.add(line.pocket or "")
    return line


def judge(scene: Scene, kind: Kind, event: AccessAsked, item: Item, pocket: PocketId) -> Refusal | None:
    """Whether a request that names a delivery is for one of its lines."""
    if event.delivery is None:
        return None
    delivery = scene.state.deliveries.get(event.delivery)
    if delivery is None or not kind.puts or kind.undoes_withdrawal:
        return Refusal("delivery.unknown", event.delivery)
    line = delivery.line(pocket, item.id)
    if line is None:
        return Refusal("delivery.no_line", item.title)
    sender = delivery.place or "the pharmacy"
    return None if event.place == delivery.place else Refusal("delivery.unknown", f"{event.delivery} from {sender}")


def checked_by(scene: Scene, event: AccessAsked, pocket: PocketId | None) -> str | None:
    """Who checked, at the pharmacy, what an access puts in; None where no delivery says so."""
    delivery = scene.state.deliveries.get(event.delivery or "")
    line = None if delivery is None else delivery.line(pocket, event.item or "")
    return None if line is None else line.checked_by


def note(turn: Turn, access: Access) -> None:
    """A quantity was stated: where that was the last of the list, it is closed."""
    delivery = turn.state.deliveries.get(access.delivery or "")
    if delivery is not None and not delivery.missing:
        turn.record(DeliveryClosed(delivery.id, 0), access=access)


def close(scene: Scene, turn: Turn, event: events.DeliveryCloseAsked) -> Refusal | None:
    """A person is through: every line is filled, or says why not."""
    who = speaking.speaker(scene, turn, event.session, ACT)
    if isinstance(who, Refusal):
        return who
    delivery = scene.state.deliveries.get(event.delivery)
    if delivery is None:
        return Refusal("delivery.unknown", event.delivery)
    if any(line.is_open for line in delivery.lines):
        return Refusal("delivery.lines_left", _left(scene, delivery))
    turn.record(DeliveryClosed(delivery.id, delivery.missing), staff=who)
    return None


def _left(scene: Scene, delivery: Delivery) -> str:
    titles = {str(item.id): item.title for item in scene.world.formulary.values()}
    return ", ".join(f"{titles.get(line.item, line.item)} ({line.pocket or 'no pocket'})" for line in delivery.lines if line.is_open)
