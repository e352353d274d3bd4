"""What may come back, and what may be wasted: judged against the withdrawal that took it out.

Alone knows: that given + wasted + returned is what was removed, and where an unopened package may go.
Must not know: what is done with it then (`custody.py`), or who may (`policy.py`).

What another cabinet gave out, or what was withdrawn long ago, is not known here: the item is named instead, and the pharmacy joins the two.
Of what owes a waste it is stated as found then: nobody brings more of that than was removed without somebody else looking at it.
"""

from cabinet.domain.dose.plan import owes_waste
from cabinet.domain.events import AccessAsked
from cabinet.domain.formulary import Item
from cabinet.domain.kinds import TO_POCKET, row_of
from cabinet.domain.layout import Pocket
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, State
from cabinet.domain.unit import portion
from cabinet.domain.withdrawal.fold import BIN
from cabinet.domain.withdrawal.memory import WHOLE_M, Withdrawal
from cabinet.domain.withdrawal.rule import CustodyRules

MOST_UNITS = 100_000

FOUND = "found"
"""The purpose of what comes back or is wasted without a withdrawal on record here: somebody else looks at it."""


def item_of(state: State, event: AccessAsked) -> str | Refusal:
    """The item that a return, a waste or the emptying of the bin is about."""
    if event.withdrawal is None:
        return event.item or ""
    known = state.withdrawals.get(event.withdrawal)
    return Refusal("withdrawal.unknown") if known is None else known.item


def judge(state: State, rules: CustodyRules, event: AccessAsked, item: Item, pocket: Pocket | None) -> Refusal | None:
    """Whether this much may come back or be wasted, and there. Nothing changes."""
    known = state.withdrawals.get(event.withdrawal or "")
    if event.withdrawal is not None and known is None:
        return Refusal("withdrawal.unknown")
    if event.item is not None and event.item != item.id:
        return Refusal("withdrawal.other_item", item.title)
    if event.kind == "empty_bin":
        return None if 0 <= event.units <= MOST_UNITS else Refusal("access.units")
    if not 0 <= event.units <= MOST_UNITS or not 0 <= event.part_m < WHOLE_M or event.units * WHOLE_M + event.part_m == 0:
        return Refusal("access.units")
    if known is None and event.purpose != FOUND and owes_waste(item, rules):
        return Refusal("withdrawal.not_named", item.title)
    if event.kind == "waste":
        return _judge_waste(event, item, known)
    return _judge_return(state, rules, event, item, known, pocket)


def judge_signed(state: State, access: Access, item: Item) -> Refusal | None:
    """Whether what waited for a signature is still there: somebody may have returned or wasted it meanwhile."""
    known = state.withdrawals.get(access.withdrawal or "")
    if known is None or not row_of(access).undoes_withdrawal:
        return None
    most_m = _most_wasted_m(known, item) if access.kind == "waste" else known.left_m
    return None if access.units * WHOLE_M + access.part_m <= most_m else Refusal("withdrawal.more", portion(most_m, item.count_unit))


def _most_wasted_m(known: Withdrawal, item: Item) -> int:
    """A container holds more than its label says."""
    return known.left_m + known.units * item.overfill_permille


def _judge_waste(event: AccessAsked, item: Item, known: Withdrawal | None) -> Refusal | None:
    if not event.reason:
        return Refusal("withdrawal.reason")
    most_m = None if known is None else _most_wasted_m(known, item)
    if most_m is not None and event.units * WHOLE_M + event.part_m > most_m:
        return Refusal("withdrawal.more", portion(most_m, item.count_unit))
    return None


def _judge_return(
    state: State, rules: CustodyRules, event: AccessAsked, item: Item, known: Withdrawal | None, pocket: Pocket | None
) -> Refusal | None:  # fmt: skip
    place = event.place or BIN
    if event.part_m or (item.is_controlled and not event.is_intact):
        return Refusal("return.opened")
    if known is not None and event.units * WHOLE_M > known.left_m:
        return Refusal("withdrawal.more", portion(known.left_m // WHOLE_M * WHOLE_M, item.count_unit))
    if item.kit and not event.is_intact and f"kit-{event.withdrawal}"[:64] in state.debts:
        return Refusal("kit.uncounted", item.title)
    if item.is_refrigerated and place != BIN and event.minutes_out is None:
        return Refusal("return.time_out")
    if item.is_refrigerated and place in {TO_POCKET, *rules.return_places} and (event.minutes_out or 0) > item.room_minutes:
        return Refusal("return.too_warm", Phrase("{n} minutes, {most} are allowed", n=event.minutes_out, most=item.room_minutes))
    if place == TO_POCKET:
        return _judge_pocket(rules, event, item, known, pocket)
    return None if place == BIN or place in rules.return_places else Refusal("return.place", place)


def _judge_pocket(rules: CustodyRules, event: AccessAsked, item: Item, known: Withdrawal | None, pocket: Pocket | None) -> Refusal | None:
    """Back to where it came from: only what this cabinet gave out, unopened, and where policy lets it."""
    if item.control_class not in rules.pocket_return_classes:
        return Refusal("return.not_to_pocket")
    if not event.is_intact:
        return Refusal("return.opened")
    if known is None or pocket is None or pocket.id != known.pocket:
        return Refusal("return.other_pocket")
    return None
