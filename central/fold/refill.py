"""Who asked for a refill.

Alone knows: the fields of this fact. Must not know: tables; whether the ask still stands, which the cabinet's restock report says.
"""

import msgspec

from central.fold.change import Change, RefillAsk
from central.record import Record


class _Asked(msgspec.Struct, frozen=True):
    pocket: str
    item: str


def _asked(record: Record, change: Change) -> None:
    asked = msgspec.convert(record.body, _Asked)
    change.asked.append(RefillAsk(asked.pocket, asked.item, record.staff or "", record.at))


FOLDS = {"refill_asked": _asked}
