"""What facts do to pockets and discrepancies, and what a person must hear of: one table of small functions by a fact's type.

Alone knows: which subject folds which fact. Must not know: tables, chains, messages.

The server folds on its own, from the facts alone: that its balances and the cabinet's agree is a check of both. A fact of a type
that is not here changes nothing and is kept as it is.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from central.fold import alarm, begin, discrepancy, pocket, refill
from central.fold.change import Change
from central.record import Record

FOLDS: Mapping[str, Callable[[Record, Change], None]] = {**pocket.FOLDS, **discrepancy.FOLDS, **begin.FOLDS, **alarm.FOLDS, **refill.FOLDS}


def fold(facts: Iterable[Record], change: Change) -> None:
    """Add a run of facts, in order, to a change. A fact that cannot be read is kept in `unread` and changes nothing else."""
    for record in facts:
        act = FOLDS.get(record.type)
        if act is None:
            continue
        try:
            act(record, change)
        except msgspec.ValidationError as problem:
            change.unread.append(f"fact {record.epoch}/{record.seq} {record.type}: {problem}"[:500])
