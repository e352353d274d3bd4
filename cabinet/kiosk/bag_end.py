"""What a person says of the bag of an infusion that ended: how much was left of it, read from their words.

Alone knows: how these words become the event. Must not know: pages or paths, or what is owed then.
"""

from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.portion import units_m
from cabinet.domain.events import BagEnded
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit


async def end_bag(floor: Floor, visit: Visit, access: str, said: str) -> None:
    """A bag ran in: `0` or an amount with its unit is left of it. Raises Problem."""
    known = floor.core.state.withdrawals.get(access)
    if known is None:
        raise Problem(Refusal("withdrawal.unknown"))
    item = floor.world.formulary[ItemId(known.item)]
    left_m = 0 if said.partition(" ")[0] == "0" else units_m(item, said, of_units=True)
    if isinstance(left_m, Unreadable):
        raise Problem(Refusal("withdrawal.amount", said))
    await floor.reception.ask(visit, BagEnded(floor.now(), visit.session, AccessId(access), said, left_m))
