"""What follows when an access is granted: it begins, its weight at rest is kept, its locks are released, its light burns.

Alone knows: the order of these. Must not know: why it was granted (`judgement.py`).
"""

from cabinet.domain import access as access_machine
from cabinet.domain import walk
from cabinet.domain.commands import SwitchLight
from cabinet.domain.events import AccessAsked
from cabinet.domain.facts import AccessRequested
from cabinet.domain.layout import Pocket
from cabinet.domain.people import Session
from cabinet.domain.scale import weighing
from cabinet.domain.scene import Scene
from cabinet.domain.state import Access
from cabinet.domain.turn import Turn
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId


def grant(
    scene: Scene, turn: Turn, event: AccessAsked, session: Session, pocket: Pocket,
    *, moved_from: AccessId | None = None, instead_of: PocketId | None = None,
) -> None:  # fmt: skip
    """Begin an access to a pocket. `instead_of` and `moved_from` as in the fact."""
    line = scene.state.lines[pocket.id]
    turn.record(
        AccessRequested(
            event.kind, pocket.id, ItemId(line.item), event.units, event.authority, event.session, event.patient, event.order,
            event.reason, moved_from, instead_of,
        ),
        access=_named(event.access, session),
    )  # fmt: skip
    access = scene.state.accesses[event.access]
    access_machine.step(access, "granted", turn, "policy" if moved_from is None else f"goes on with {moved_from}")
    weighing.begin(scene, turn, access, pocket)
    walk.release(scene, turn, access, pocket)
    if pocket.light is not None:
        turn.order(SwitchLight(pocket.light, True))


def _named(access_id: AccessId, session: Session) -> Access:
    """The envelope of a request: its access does not exist before the fact is applied."""
    return Access(access_id, "", "", "", 0, "", session.id, session.staff, None, "")
