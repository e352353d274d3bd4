"""What the pharmacy calls its cabinets: by their wards, and never two of them alike."""

from datetime import UTC, datetime

from sqlalchemy import insert

from central.database.place import Database
from central.database.table.cabinet import CABINET
from central.fleet.survey import Survey
from central.ingest.store import Store
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url
from tests.post import state

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

HEARD = datetime(2026, 3, 1, 7, 5, tzinfo=UTC).isoformat()
CALLED = {"3n-1": "Ward 3 North (3n-1)", "3n-2": "Ward 3 North (3n-2)", "icu": "Intensive Care", "new": "new"}


def test_two_cabinets_of_one_ward_are_told_apart_by_their_ids(any_database: Database) -> None:
    """A page that calls both "Ward 3 North" sends the technician to the wrong one; on the map each stands once, as the pages call it."""
    names = {"3n-1": "Ward 3 North", "3n-2": "Ward 3 North", "icu": "Intensive Care", "new": ""}
    areas = {"3n-1": "surgery", "3n-2": "medicine", "icu": "critical", "new": "critical"}
    rows = [{"cabinet": cabinet, "name": name, "area": areas[cabinet], "heard_at": HEARD} for cabinet, name in names.items()]
    with any_database.engine.begin() as conn:
        conn.execute(insert(CABINET), rows)
    survey = Survey(any_database)
    assert survey.names() == CALLED
    assert {tile.cabinet: tile.name for tile in survey.tiles(limit=9)} == CALLED
    assert [tile.name for tile in survey.tiles(area="surgery", limit=9)] == [CALLED["3n-1"]]


def test_a_cabinet_that_falls_silent_is_silent_from_then_on(any_database: Database) -> None:
    """Its will was written when the connection was made: told of as it stands, a cabinet that fell silent now would have been for days."""
    begun, later, lost = "2026-03-01T06:00:00.000000Z", "2026-03-01T06:00:00.000100Z", "2026-03-03T08:00:00.000000Z"
    store = Store(any_database)
    store.take([state(1, 1, 1, "online", since=later)], later)
    store.take([state(1, 1, 1, "offline", since=begun)], lost)
    (tile,) = Survey(any_database).tiles(limit=1)
    assert tile.silent_since == lost
    store.take([state(1, 1, 2, "online", since=lost)], lost)
    store.take([state(1, 1, 2, "offline", since="2026-03-03T09:00:00.000000Z")], "2026-03-03T09:00:01.000000Z")
    store.close()
    (tile,) = Survey(any_database).tiles(limit=1)
    assert tile.silent_since == "2026-03-03T09:00:00.000000Z", "who said good-bye knows best when"
