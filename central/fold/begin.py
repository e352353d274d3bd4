"""A journal's first fact, as far as it says what the journal goes on from.

Alone knows: its fields. Must not know: what becomes of balances.
"""

import msgspec

from central.fold.change import Change, Seq
from central.record import Record


class _Begun(msgspec.Struct, frozen=True):
    after_epoch: Seq | None = None
    after_seq: Seq | None = None


def _begun(record: Record, change: Change) -> None:
    begun = msgspec.convert(record.body, _Begun)
    if begun.after_epoch is not None and begun.after_seq is not None:
        change.after = (begun.after_epoch, begun.after_seq)


FOLDS = {"journal_begun": _begun}
