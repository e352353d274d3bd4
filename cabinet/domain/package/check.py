"""A package that was scanned at an open pocket: whether it belongs there, and what it says of lot and expiry.

Alone knows: how a scanned code finds its item, and what is refused.
Must not know: how a code is read (`barcode.py`), or which device or page it came from.

Nothing is put in by a scan: it fills what a person then confirms. A code that several items share is taken for the pocket's own item
where that is one of them.
"""

from cabinet.domain.facts import PackageScanned, ScanRefused
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.kinds import KINDS
from cabinet.domain.package.ndc import ten_digits
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, ScannedCode, SessionId


def waiting(state: State) -> tuple[SessionId, AccessId] | None:
    """The one access that a scan out of nowhere can be meant for: open, and about to be told lot and expiry. None where it is not one."""
    wanting = [one for one in state.active() if is_due(one) and one.phase == "open" and one.session in state.sessions]
    return (SessionId(wanting[0].session), AccessId(wanting[0].id)) if len(wanting) == 1 else None


def is_due(access: Access) -> bool:
    """Whether a scan may still be taken for an access."""
    return KINDS[access.kind].wants_lot and access.confirmed is None and not access.wants_cancel


def items_of(formulary: Formulary, code: ScannedCode) -> list[Item]:
    """The items that a code may stand for, by its ten digits, however the formulary writes them."""
    return [item for item in formulary.values() if code.ndc is not None and code.ndc in ten_digits(item.ndc)]


def take(turn: Turn, access: Access, item: Item, formulary: Formulary, read: ScannedCode | Refusal) -> Refusal | None:
    """Take one scan for an access at a pocket with `item`; whether it fits or not is a fact."""
    found = [] if isinstance(read, Refusal) else items_of(formulary, read)
    refusal = read if isinstance(read, Refusal) else _judge(item, found, read, turn.at.utc.date().isoformat())
    if refusal is not None:
        other = found[0].id if found and item not in found else None
        turn.record(ScanRefused(PocketId(access.pocket), item.id, refusal.code, other), access=access)
        return refusal
    assert isinstance(read, ScannedCode)
    turn.record(
        PackageScanned(PocketId(access.pocket), ItemId(access.item), read.symbology, read.gtin, read.lot, read.expiry, read.serial),
        access=access,
    )  # fmt: skip
    return None


def _judge(item: Item, found: list[Item], code: ScannedCode, today: str) -> Refusal | None:
    if not found:
        return Refusal("scan.unknown", code.gtin or code.product or "")
    if item not in found:
        return Refusal("scan.other_item", mistaken(found[0], item))
    return Refusal("scan.expired", code.expiry) if code.expiry is not None and code.expiry < today else None


def mistaken(scanned: Item, wanted: Item) -> str:
    """What was scanned and what should have been, so that a look at the package shows the difference."""
    return f"this is {scanned.title}, the pocket holds {wanted.title}"
