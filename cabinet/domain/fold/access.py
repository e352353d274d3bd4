"""What an access's facts mean for what is remembered of it.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import access_of, change
from cabinet.domain.kinds import signs_number
from cabinet.domain.state import FINAL, Access, Scan, State
from cabinet.domain.vocabulary import utc_text

RECENT = 256
"""How many accesses are remembered after they are over (the journal has them all)."""


@change.register
def _requested(fact: facts.AccessRequested, state: State, draft: Draft) -> None:
    assert draft.access is not None
    assert draft.staff is not None
    state.accesses[draft.access] = Access(
        draft.access, fact.kind, fact.pocket or "", fact.item, fact.units, fact.authority, fact.session, draft.staff, fact.patient,
        utc_text(draft.at.utc), order=fact.order, reason=fact.reason, moved_from=fact.moved_from, instead_of=fact.instead_of,
        purpose=fact.purpose, withdrawal=fact.withdrawal, place=fact.place, sheet=fact.sheet, part_m=fact.part_m,
        said=fact.said, witness_rule=fact.witness_rule,
        acknowledged=list(fact.acknowledged), indication=fact.indication, delivery=fact.delivery, bag=fact.bag,
    )  # fmt: skip
    state.picks.pop(draft.access, None)
    _forget_old(state)


def _forget_old(state: State) -> None:
    surplus = len(state.accesses) - RECENT
    if surplus > 0:
        over = [access.id for access in state.accesses.values() if access.phase in FINAL][:surplus]
        for access_id in over:
            del state.accesses[access_id]


@change.register
def _access_moved(fact: facts.AccessMoved, state: State, draft: Draft) -> None:
    access = access_of(state, draft)
    access.phase = fact.target
    access.why = fact.why
    access.was_open = access.was_open or fact.target == "open"


@change.register
def _access_moved_over(fact: facts.AccessMovedOver, state: State, draft: Draft) -> None:
    access_of(state, draft).moved_to = fact.moved_to


@change.register
def _quantity(fact: facts.QuantityConfirmed, state: State, draft: Draft) -> None:
    access = access_of(state, draft)
    if signs_number(access) and access.confirmed not in {None, fact.units}:
        access.witness = None  # another number than was signed for
    access.confirmed, access.lot, access.doubted_by = fact.units, fact.lot or "", ""


@change.register
def _doubted(fact: facts.QuantityDoubted, state: State, draft: Draft) -> None:
    access = access_of(state, draft)
    access.doubts += 1
    access.doubted_by, access.doubted_beside = fact.basis, fact.beside


@change.register
def _scanned(fact: facts.PackageScanned, state: State, draft: Draft) -> None:
    access_of(state, draft).scan = Scan(fact.lot, fact.expiry)


@change.register
def _scan_refused(fact: facts.ScanRefused, state: State, draft: Draft) -> None:
    access_of(state, draft).scan = Scan(code=fact.code, found=fact.found, key=fact.key)


@change.register
def _cancel_asked(_fact: facts.CancelAsked, state: State, draft: Draft) -> None:
    access_of(state, draft).wants_cancel = True


@change.register
def _witnessed(_fact: facts.WitnessSigned, state: State, draft: Draft) -> None:
    access = state.accesses.get(draft.access or "")  # who signs long afterwards signs for one that is forgotten
    if access is not None:
        access.witness = draft.witness
