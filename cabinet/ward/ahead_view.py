"""An access that was asked for here, as its person sees it from the ward.

Alone knows: that it waits for a badge at the cabinet, whatever it is. Must not know: HTTP; what the cabinet asks there.
"""

from dataclasses import dataclass

from cabinet.domain.refusal import Refusal
from cabinet.domain.state import FINAL
from cabinet.kiosk.pick_view import PickRow, pick_rows
from cabinet.kiosk.problem import Problem
from cabinet.ward.entrance import Onlooker
from cabinet.ward.window import Window

BADGE = "badge_at_cabinet"
"""All that is ever asked here: a session opened at the kiosk goes on with it."""


@dataclass(frozen=True)
class AheadView:
    """`pick` is what was picked, until it is begun at the cabinet or dropped."""

    id: str
    kind: str
    phase: str
    asks: tuple[str, ...]
    pick: PickRow | None


def ahead_view(window: Window, onlooker: Onlooker, access_id: str) -> AheadView:
    """A pick of this person's, or the access that it became. Raises Problem: nobody sees what another person takes."""
    row = next((one for one in pick_rows(window.core, onlooker.staff, window.now()) if one.id == access_id), None)
    if row is not None:
        return AheadView(access_id, "withdraw", "requested", (BADGE,), row)
    access = window.core.state.accesses.get(access_id)
    if access is None:
        raise Problem(Refusal("access.unknown"))
    if access.staff != onlooker.staff.id:
        raise Problem(Refusal("access.not_yours"))
    return AheadView(access_id, access.kind, access.phase, () if access.phase in FINAL else (BADGE,), None)
