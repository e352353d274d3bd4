"""A container that gives many doses: withdrawn for one, put back in the same access, good for so many days once it is opened.

Alone knows: when one counts as opened and as gone, until when it may be used, and that what is drawn out of a controlled one is stated.
Must not know: what else an access asks.
"""

from datetime import timedelta

from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.plan import owes_waste
from cabinet.domain.dose.portion import units_m
from cabinet.domain.events import QuantityEntered
from cabinet.domain.facts import ContainerDiscarded, ContainerOpened, DoseDrawn
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import row_of
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, Line
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import ItemId, PocketId
from cabinet.domain.withdrawal.memory import WHOLE_M
from cabinet.domain.withdrawal.rule import CustodyRules

DISCARDED = "discarded"
"""The purpose for which an opened container leaves its pocket for good: only then the balance falls."""

PULLS = {"expire", "unload"}
DRAWS = {"withdraw", "emergency"}


def judge_drawn(access: Access, item: Item, rules: CustodyRules, event: QuantityEntered) -> Refusal | None:
    """Whether it was said how much was drawn out of what is put back, where given and wasted are to add up to it.

    In an emergency nobody is asked; a look at it is owed instead (`debt/closing.py`).
    """
    if not is_drawn(access, item, rules, event.units) or access.confirmed is not None:
        return None
    if event.drawn is None:
        return None if row_of(access).is_urgent else Refusal("dose.drawn", item.title)
    said_m = _drawn_m(item, event.drawn)
    if isinstance(said_m, Unreadable):
        return Refusal("dose.drawn", said_m.why)
    return Refusal("dose.drawn_more", event.drawn) if said_m > most_m(item) else None


def is_drawn(access: Access, item: Item, rules: CustodyRules, units: int) -> bool:
    """Whether an access that states so many units took an accountable dose out of a container, and put that back."""
    is_put_back = item.is_multi_dose and access.kind in DRAWS and access.purpose != DISCARDED and not access.wants_cancel
    return is_put_back and not units and owes_waste(item, rules)


def most_m(item: Item) -> int:
    """What one container may hold at most, in thousandths of it: what it says, and its maker's overfill."""
    return WHOLE_M + item.overfill_permille


def _drawn_m(item: Item, said: str) -> int | Unreadable:
    is_none = {figure for figure in said if figure.isdecimal()} == {"0"}
    return 0 if is_none else units_m(item, said)


def note_drawn(turn: Turn, access: Access, item: Item, event: QuantityEntered) -> None:
    """Write down what was drawn; it was judged."""
    drawn_m = None if event.drawn is None or event.units or not item.is_multi_dose else _drawn_m(item, event.drawn)
    if isinstance(drawn_m, int) and access.kind in DRAWS:
        turn.record(DoseDrawn(PocketId(access.pocket), item.id, event.drawn or "", drawn_m), access=access)


def note(turn: Turn, access: Access, item: Item, line: Line, units: int) -> None:
    """What a stated quantity means for the opened container of a pocket: none taken away means it was opened, used and put back."""
    if not item.is_multi_dose:
        return
    is_gone = access.purpose == DISCARDED or access.kind in PULLS
    if access.kind in DRAWS and not units and line.use_by is None and not access.wants_cancel:
        turn.record(ContainerOpened(PocketId(line.pocket), ItemId(line.item), _use_by(turn, item, line)), access=access)
    elif is_gone and units and line.use_by is not None:
        turn.record(ContainerDiscarded(PocketId(line.pocket), ItemId(line.item)), access=access)


def _use_by(turn: Turn, item: Item, line: Line) -> str:
    """So many days from today, and never after the expiry on its label."""
    last = (turn.at.utc.date() + timedelta(days=item.open_days)).isoformat()
    return min(last, line.earliest_expiry or last)
