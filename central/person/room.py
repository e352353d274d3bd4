"""Everything about people of one pharmacy, put together.

Alone knows: who is plugged into whom. Must not know: what any part does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.database.place import Database
from central.document.office import DocumentOffice
from central.document.shelf import EVERYBODY, Shelf
from central.person.book import Book
from central.person.desk import PeopleDesk, Secrets
from central.person.staff import STAFF, StaffOffice
from config.pharmacy import PeopleRoom


@dataclass(frozen=True, slots=True)
class PersonRoom:
    """The door and the staff list."""

    desk: PeopleDesk
    staff: StaffOffice
    documents: DocumentOffice
    now: Callable[[], datetime]


def make_desk(
    database: Database, shelf: Shelf, secrets: Secrets, now: Callable[[], datetime], settings: PeopleRoom | None = None
) -> PeopleDesk:
    """The door of one server: the staff document says who is on."""
    rules = settings or PeopleRoom()
    rights: dict[str, frozenset[str]] = {row.role: frozenset[str](row.may) for row in rules.roles}

    def listed(who: str) -> tuple[dict[str, object], bool] | None:
        return shelf.latest(STAFF, EVERYBODY, who)

    idle, longest = timedelta(minutes=rules.idle_min), timedelta(hours=rules.hours)
    return PeopleDesk(Book(database), secrets, rights, listed, now, idle, longest)


def make_room(desk: PeopleDesk, documents: DocumentOffice, now: Callable[[], datetime]) -> PersonRoom:
    """The whole room over one door."""
    return PersonRoom(desk, StaffOffice(documents, now), documents, now)
