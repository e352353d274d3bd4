"""The staff list: who is on it, who comes and who leaves, and which cabinets know it.

Alone knows: how a change of one person becomes a staff document, and how "known there" is told.
Must not know: HTTP, secrets of cabinets, where a roster comes from (`roster.py`).
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from central.document.office import Approved, DocumentOffice
from central.document.shelf import EVERYBODY, Version
from config.document import StaffRecord

STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Known:
    """A person on the staff list. `state`: on, off or ended; `known_at` of `cabinets` have this record, `lacking` names the others."""

    record: StaffRecord
    state: str
    version: int
    known_at: int
    cabinets: int
    lacking: tuple[str, ...]


class StaffOffice:
    """The staff list of one pharmacy."""

    def __init__(self, documents: DocumentOffice, now: Callable[[], datetime]) -> None:
        self._documents, self._now = documents, now
        self._newest: Version | None = None
        self._list: dict[str, tuple[int, StaffRecord]] = {}

    def people(self) -> list[Known]:
        """Everybody on the list by name, those that are on first."""
        held = self._documents.holding(STAFF)
        versions = [version for version, _ in held]
        rows = [self._known(version, record, held, bisect_left(versions, version)) for version, record in self._numbered().values()]
        return sorted(rows, key=lambda row: (row.state != "on", row.record.name.casefold(), row.record.id))

    def person(self, who: str) -> StaffRecord | None:
        """One person's record; None for one who is not on the list."""
        found = self._numbered().get(who)
        return None if found is None else found[1]

    def put(self, record: StaffRecord, *, by: str, why: str = "") -> Version:
        """Take somebody in, or change their record. Raises NotSound, Malformed."""
        return self._documents.issue(Approved(STAFF, by, [record], why=why))

    def leave(self, who: str, *, by: str, why: str = "") -> Version | None:
        """Switch somebody off everywhere; None where the list does not name them. Raises NotSound, Malformed."""
        record = self.person(who)
        return None if record is None else self.put(record.model_copy(update={"active": False}), by=by, why=why)

    def _numbered(self) -> dict[str, tuple[int, StaffRecord]]:
        newest = self._documents.shelf.newest(STAFF, EVERYBODY)
        if newest != self._newest:
            rows = self._documents.shelf.numbered(STAFF, EVERYBODY)
            self._list = {key: (version, StaffRecord.model_validate(record)) for key, (version, record) in rows.items()}
            self._newest = newest
        return self._list

    def _known(self, version: int, record: StaffRecord, held: Sequence[tuple[int, str]], behind: int) -> Known:
        """`held`: version and cabinet, in this order; the first `behind` of them lack the record."""
        has_ended = record.until is not None and record.until <= self._now()
        state = "off" if not record.active else "ended" if has_ended else "on"
        lacking = tuple(sorted(cabinet for _, cabinet in held[:behind]))
        return Known(record, state, version, len(held) - behind, len(held), lacking)
