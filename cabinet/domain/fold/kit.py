"""What the facts of a sealed kit mean for what is remembered of it.

Alone knows: that meaning, and that a kit goes where the units of its access go. Must not know: why a fact was written.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft
from cabinet.domain.fold.change import change
from cabinet.domain.kit.memory import Content, Tray
from cabinet.domain.state import State


@change.register
def _sealed(fact: facts.KitSealed, state: State, _draft: Draft) -> None:
    contents = [Content(one.item, one.units, one.lot, one.expiry) for one in fact.contents]
    where = Account.PHARMACY if fact.pocket is None else Account.POCKET
    state.trays[fact.tag] = Tray(
        fact.tag, fact.item, contents, fact.pocket, str(where), last_pocket=fact.pocket, sealed_seq=state.seq
    )  # fmt: skip


@change.register
def _read(fact: facts.KitRead, state: State, draft: Draft) -> None:
    if fact.tag in state.trays:
        state.trays[fact.tag].read_in = draft.access


@change.register
def _broken(fact: facts.KitBroken, state: State, _draft: Draft) -> None:
    if fact.tag in state.trays:
        state.trays[fact.tag].is_sealed = False


@change.register
def _contents_counted(fact: facts.KitContentsCounted, state: State, _draft: Draft) -> None:
    if fact.tag in state.trays:
        state.trays[fact.tag].is_counted = True
        state.trays[fact.tag].is_sealed = False


HANDED_OUT = {Account.PATIENT, Account.PURPOSE}
"""Where a kit is that somebody took out to use it."""


def moved(fact: facts.UnitsMoved, state: State, draft: Draft) -> None:
    """Units of an access went somewhere: so did the kits whose tags were read in it, one for each unit.

    What comes back without a tag being read, to the bin, are the kits that its withdrawal handed out.
    """
    if draft.access is None or Account.VARIANCE in {fact.source, fact.target}:
        return
    read = [tray for tray in state.trays.values() if tray.read_in == draft.access and tray.item == fact.item]
    if fact.source in HANDED_OUT and not read:
        read = [tray for tray in state.trays.values() if tray.out_in is not None and tray.out_in == fact.withdrawal]
    for tray in read[: fact.units]:
        tray.read_in = None
        tray.out_in = draft.access if fact.source is Account.POCKET and fact.target in HANDED_OUT else None
        tray.where = str(fact.target)
        tray.pocket = fact.pocket if fact.target is Account.POCKET else None
        tray.last_pocket = fact.pocket or tray.last_pocket
