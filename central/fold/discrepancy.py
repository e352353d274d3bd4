"""What does not add up: found, explained, grown old.

Alone knows: the fields of these facts. Must not know: tables, who looks at them.
"""

from typing import Annotated

import msgspec

from central.fold.change import Change, Discrepancy, Resolution, Seq, Units
from central.record import Record


class _Found(msgspec.Struct, frozen=True):
    discrepancy: str
    pocket: str
    item: str
    expected: Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
    basis: str
    since_seq: Seq
    counted: Units | None = None


class _Resolved(msgspec.Struct, frozen=True):
    discrepancy: str
    reason: str
    note: str = ""

    @property
    def said(self) -> str:
        """The reason's code, and the person's own words."""
        return f"{self.reason}: {self.note}" if self.note else self.reason


class _Escalated(msgspec.Struct, frozen=True):
    pocket: str
    to: str
    age_s: int


def _found(record: Record, change: Change) -> None:
    found = msgspec.structs.asdict(msgspec.convert(record.body, _Found))
    change.found.append(Discrepancy(epoch=record.epoch, seq=record.seq, at=record.at, **found))


def _resolved(record: Record, change: Change) -> None:
    resolved = msgspec.convert(record.body, _Resolved)
    change.resolved.append(Resolution(resolved.discrepancy, record.at, record.staff, resolved.said))


def _escalated(record: Record, change: Change) -> None:
    old = msgspec.convert(record.body, _Escalated)
    if old.to == "pharmacy":
        sentence = f"pocket {old.pocket}: a discrepancy is open for {old.age_s // 3600} hours ({record.at[:16]})"
        change.alarms.append(("discrepancy.old", sentence))


FOLDS = {"discrepancy_found": _found, "discrepancy_resolved": _resolved, "discrepancy_escalated": _escalated}
