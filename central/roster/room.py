"""Lists from elsewhere at one pharmacy: whom each source brought in, and the one way by which any of them changes the staff list.

Alone knows: how a source's people become rows. Must not know: how any source is asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from central.database.place import Database
from central.database.table import ROSTER
from central.document.office import Approved, DocumentOffice
from central.person.desk import PeopleDesk
from central.person.staff import STAFF, StaffOffice
from central.roster.difference import Difference, difference
from central.roster.line import Words
from config.document import StaffRecord


@dataclass(frozen=True, slots=True)
class Brought:
    """A person as a source brought them: the source's own key, and what else it said (JSON)."""

    person: str
    key: str
    said: str


class RosterRoom:
    """All sources of one server."""

    def __init__(
        self, database: Database, documents: DocumentOffice, staff: StaffOffice, desk: PeopleDesk, words: Words, most_leavers_percent: int
    ) -> None:
        self.staff, self.words = staff, words
        self._database, self._documents, self._desk = database, documents, desk
        self._most = most_leavers_percent

    def compare(self, source: str, said: Mapping[str, StaffRecord], *, is_whole: bool) -> Difference:
        """What a list would change."""
        present = {known.record.id: known.record for known in self.staff.people()}
        return difference(present, (one.person for one in self.brought(source)), said, is_whole=is_whole)

    def take(
        self, source: str, said: Mapping[str, StaffRecord], *, by: str, why: str, is_whole: bool, is_meant: bool = False,
        keys: Mapping[str, tuple[str, str]] | None = None,
    ) -> Difference:  # fmt: skip
        """Change the staff list as a source says. `is_meant`: many may leave at once. Raises TooMany, NotSound, Malformed."""
        found = self.compare(source, said, is_whole=is_whole)
        if not is_meant:
            found.ensure_few_leave(len(self.staff.people()), self._most)
        if found.records:
            self._documents.issue(Approved(STAFF, by, found.records, why=why))
        self._keep(source, said, keys or {})
        for record in found.records:
            if not record.active:
                self._desk.book.forget(record.id)
        return found

    def brought(self, source: str) -> list[Brought]:
        """Everybody whom a source brought in."""
        question = select(ROSTER.c.person, ROSTER.c.key, ROSTER.c.said).where(ROSTER.c.source == source).order_by(ROSTER.c.person)
        with self._database.reading() as conn:
            return [Brought(*row) for row in conn.execute(question)]

    def forget(self, source: str, person: str) -> None:
        """A source speaks of somebody no more; on the staff list they stay as they are."""
        with self._database.engine.begin() as conn:
            conn.execute(delete(ROSTER).where(ROSTER.c.source == source, ROSTER.c.person == person))

    def _keep(self, source: str, said: Iterable[str], keys: Mapping[str, tuple[str, str]]) -> None:
        rows = [{"source": source, "person": who, "key": keys.get(who, (who, ""))[0], "said": keys.get(who, ("", ""))[1]} for who in said]
        if not rows:
            return
        with self._database.engine.begin() as conn:
            for row in rows:
                conn.execute(delete(ROSTER).where(ROSTER.c.source == source, ROSTER.c.person == row["person"]))
            conn.execute(insert(ROSTER), rows)
