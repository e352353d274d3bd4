"""How old what the pharmacy said is, document by document: staff, orders and formulary as last known.

Alone knows: when a document was current, from which age on an order reads "last known at", and that a controlled withdrawal on such an
order asks for a reason and goes to review. Must not know: how the pharmacy is heard. Age alone refuses nobody: a reason is enough.
"""

from datetime import timedelta

from cabinet.domain.events import AccessAsked
from cabinet.domain.formulary import Item
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.vocabulary import Instant, parse_utc, utc_text

ORDERS = "orders"


def heard_until(scene: Scene, now: Instant) -> str:
    """Until when the pharmacy was heard, as records write moments; "": it never was."""
    if scene.contact is None:
        return scene.state.modes.down_since
    return utc_text(now.utc) if scene.contact.is_heard else scene.contact.until


def as_of(scene: Scene, now: Instant, document: str) -> str:
    """Until when the pharmacy's word on this reached here; "": it never did, and what stands was set up at the cabinet.

    A document is as old as the last word of whoever sends it: changed or not, it was current then. One whose newest version was refused
    here is as old as the version that stands.
    """
    heard, known = heard_until(scene, now), scene.state.documents.get(document)
    if known is None or not known.code:
        return heard
    return min(heard, known.applied_at) if heard else known.applied_at


def is_stale(scene: Scene, now: Instant, document: str = ORDERS) -> bool:
    """Whether a document is older than the policy's age for orders. A cabinet that stands alone has no others."""
    known, age_min = as_of(scene, now, document), scene.world.policy.downtime.orders_age_min
    return bool(known and age_min) and parse_utc(known) + timedelta(minutes=age_min) < now.utc


def judge(scene: Scene, now: Instant, event: AccessAsked, item: Item) -> Refusal | None:
    """Whether a controlled item is asked for on an order that may have changed, and nobody said why it is still good."""
    is_asked = event.kind == "withdraw" and event.order is not None and item.is_controlled
    if not is_asked or (event.reason or "").strip() or not is_stale(scene, now):
        return None
    return Refusal("order.last_known", Phrase("last known at {time}", time=f"{parse_utc(as_of(scene, now, ORDERS)):%Y-%m-%d %H:%M} UTC"))


def goes_to_review(scene: Scene, now: Instant, access: Access) -> str:
    """Why a withdrawal is looked at afterwards; empty where it need not be."""
    is_asked = access.kind == "withdraw" and access.order is not None and scene.item_of(access).is_controlled
    if not is_asked or not is_stale(scene, now):
        return ""
    return f"on an order last known at {parse_utc(as_of(scene, now, ORDERS)):%Y-%m-%d %H:%M} UTC"
