"""A package that was scanned at an open pocket: whether it belongs there, and what it says of lot and expiry.

Alone knows: when a package is to be scanned, how its code finds its item, and what is refused.
Must not know: how a code is read (`barcode.py`), or which device or page it came from.

Nothing is put in by a scan: a person then says how many. Nor is anything taken, save where policy lets a scan say so. A code that several
items share is taken for the pocket's own item where that is one of them.
"""

from collections.abc import Mapping
from functools import lru_cache

from cabinet.domain.facts import PackageScanned, ScanRefused
from cabinet.domain.formulary import Formulary, Item
from cabinet.domain.kinds import row_of
from cabinet.domain.package.code import keys_of, keys_of_scan, main_key
from cabinet.domain.policy import Policy
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import Access, State
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId, ScannedCode, SessionId
from cabinet.domain.world import World

UNKNOWN, OTHER, EXPIRED, MISSED = "scan.unknown", "scan.other_item", "scan.expired", "scan.missed"
KNOWN_WRONG = frozenset({OTHER, EXPIRED})
"""What was read and must not be used: nobody passes it by saying that a code does not read."""
NOTHING: Mapping[str, str] = {}


def waiting(state: State, world: World) -> tuple[SessionId, AccessId] | None:
    """The one access that a scan out of nowhere can be meant for. None where it is not one."""

    def wants(access: Access) -> bool:
        item = world.formulary.get(ItemId(access.item))
        is_asked = item is not None and (is_asked_for(access, item, world.policy) or says_taken(access, item, world.policy))
        return access.phase == "open" and access.session in state.sessions and (is_asked or (row_of(access).wants_lot and is_due(access)))

    wanting = [access for access in state.active() if wants(access)]
    return (SessionId(wanting[0].session), AccessId(wanting[0].id)) if len(wanting) == 1 else None


def is_due(access: Access) -> bool:
    """Whether a scan may still be taken for an access: of what fills a pocket, and of what is removed, asked for or not."""
    row = row_of(access)
    return (row.wants_lot or row.wants_scan) and access.confirmed is None and not access.wants_cancel


def is_asked_for(access: Access, item: Item, policy: Policy) -> bool:
    """Whether a package is still to be scanned before anybody says how many; kits are known by their tags, bags by their numbers.

    Where a hospital wants it: whatever is put in, back into its pocket too, and what is removed of the classes and items that it names.
    """
    row = row_of(access)
    is_meant = policy.placing.is_scan_needed if row.wants_lot else row.wants_scan and policy.custody.is_scanned(item)
    if not is_meant or not is_due(access) or item.kit or access.bag is not None:
        return False
    return access.scan is None or access.scan.code not in {"", MISSED}


def says_taken(access: Access, item: Item, policy: Policy) -> bool:
    """Whether a scan of what is removed spares its person the touch that says how many; not of what is put back after each dose."""
    is_meant = policy.custody.scan_confirms and row_of(access).wants_scan and not item.is_multi_dose
    return is_meant and is_due(access) and not item.kit and access.bag is None


def judge_scanned(access: Access, item: Item, policy: Policy, units: int) -> Refusal | None:
    """Whether what is put in or removed was scanned, where that is asked for. That it was none is an answer without a scan."""
    if not units or not is_asked_for(access, item, policy):
        return None
    return Refusal("scan.needed" if row_of(access).wants_lot else "scan.needed_to_remove")


def miss(turn: Turn, access: Access, item: Item) -> Refusal | None:
    """A person says that no code of what they remove can be read: they go on, and a look at it is owed once they took any."""
    if access.scan is not None and access.scan.code in KNOWN_WRONG:
        return Refusal(access.scan.code)
    turn.record(ScanRefused(PocketId(access.pocket), item.id, MISSED, None), access=access)
    return None


def items_of(formulary: Formulary, code: ScannedCode, linked: Mapping[str, str] = NOTHING) -> list[Item]:
    """The items that a code may stand for: by NDC or a further code, however the formulary writes it, or as `linked` at this cabinet."""
    keys = keys_of_scan(code)
    by_hand = {linked[key] for key in keys & linked.keys()}
    return [item for item in formulary.values() if item.id in by_hand or not keys.isdisjoint(_keys(item))]


def known_keys(formulary: Formulary, linked: Mapping[str, str] = NOTHING) -> dict[str, set[str]]:
    """Every code that is known, and the items that bear it."""
    known: dict[str, set[str]] = {key: {item} for key, item in linked.items()}
    for item in formulary.values():
        for key in _keys(item):
            known.setdefault(key, set()).add(item.id)
    return known


@lru_cache(maxsize=65_536)
def _keys_of(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*map(keys_of, codes))


def _keys(item: Item) -> frozenset[str]:
    return _keys_of((item.ndc, *item.codes))


def take(turn: Turn, access: Access, item: Item, formulary: Formulary, read: ScannedCode | Refusal) -> Refusal | None:
    """Take one scan for an access at a pocket with `item`; whether it fits or not is a fact."""
    found = [] if isinstance(read, Refusal) else items_of(formulary, read, turn.state.codes)
    refusal = read if isinstance(read, Refusal) else _judge(item, found, read, turn.at.utc.date().isoformat())
    if refusal is not None:
        other = found[0].id if found and item not in found else None
        turn.record(_refused(access, item, refusal.code, other, read), access=access)
        return refusal
    assert isinstance(read, ScannedCode)
    turn.record(
        PackageScanned(PocketId(access.pocket), ItemId(access.item), read.symbology, read.gtin, read.lot, read.expiry, read.serial),
        access=access,
    )  # fmt: skip
    return None


def _refused(access: Access, item: Item, code: str, other: ItemId | None, read: ScannedCode | Refusal) -> ScanRefused:
    pocket = PocketId(access.pocket)
    if isinstance(read, Refusal) or code != UNKNOWN:
        return ScanRefused(pocket, item.id, code, other)
    return ScanRefused(pocket, item.id, code, None, main_key(read))


def _judge(item: Item, found: list[Item], code: ScannedCode, today: str) -> Refusal | None:
    if not found:
        return Refusal(UNKNOWN, code.gtin or code.product or "")
    if item not in found:
        return Refusal(OTHER, mistaken(found[0], item))
    return Refusal(EXPIRED, code.expiry) if code.expiry is not None and code.expiry < today else None


def mistaken(scanned: Item, wanted: Item) -> str:
    """What was scanned and what should have been, so that a look at the package shows the difference."""
    return f"this is {scanned.title}, the pocket holds {wanted.title}"
