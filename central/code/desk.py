"""The desk where parked codes are compared: what waits at which cabinet, and a pharmacist's word that goes to all of them.

Alone knows: which facts tell of a code, and when one still waits. Must not know: HTTP, HTML, how a document is sent.

A link is kept as a record of the document `codes`, with who approved it; so it holds at every cabinet, and is taken back like any record.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, text

from central.database.place import Database
from central.database.table import FACT
from central.database.table.fact import OF_CODES
from central.document.office import Approved
from central.document.room import DocumentRoom
from central.feed import PHARMACY, Feed
from central.problem import Refused
from config.document import CodeRecord
from config.schema import Item

TOPIC = "codes"
Keys = Callable[[], Mapping[str, frozenset[str]]]
"""By item the keys of its packages' codes."""


@dataclass(frozen=True, slots=True)
class ParkedCode:
    """A code that waits at a cabinet: `item` is what the pocket holds, which it may or may not be."""

    key: str
    cabinet: str
    pocket: str
    item: str
    staff: str
    at: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a pharmacist said of a code; `item` "": it is not to be put in, and `why`."""

    key: str
    item: str
    why: str
    by: str
    at: str


class CodeDesk:
    """Of one pharmacy. `items`: its formulary by id."""

    def __init__(
        self, database: Database, documents: DocumentRoom, feed: Feed, items: Callable[[], Mapping[str, Item]], keys: Keys
    ) -> None:
        self._database, self._documents, self._feed = database, documents, feed
        self.items, self._keys = items, keys

    def waiting(self) -> list[ParkedCode]:
        """The codes that nobody has compared, those that wait longest first."""
        columns = FACT.c.cabinet, FACT.c.at, FACT.c.type, FACT.c.staff, FACT.c.body
        question = select(*columns).where(text(OF_CODES)).order_by(FACT.c.cabinet, FACT.c.epoch, FACT.c.seq)
        found: dict[tuple[str, str], ParkedCode] = {}
        with self._database.reading() as conn:
            for row in conn.execute(question):
                body = json.loads(row.body)
                place = row.cabinet, str(body["key"])
                if row.type == "code_parked":
                    found[place] = ParkedCode(place[1], row.cabinet, str(body["pocket"]), str(body["item"]), row.staff or "", row.at)
                else:
                    found.pop(place, None)
        said = self._records()
        return sorted((one for one in found.values() if one.key not in said), key=lambda one: one.at)

    def words(self, limit: int = 20) -> list[Word]:
        """What was said of codes, the latest version first."""
        told = [Word(key, record.get("item") or "", record.get("why", ""), "", "") for key, record in self._records().items()]
        return told[-limit:][::-1]

    def link(self, key: str, item: str, by: str) -> None:
        """Packages with this code are this item, at every cabinet from now on. Raises Refused."""
        if item not in self.items():
            raise Refused("item.unknown", f"The formulary has no item {item}.")
        others = sorted(other for other, keys in self._keys().items() if key in keys and other != item)
        if others:
            raise Refused("code.linked", f"This code is {', '.join(others)} by the formulary: compare the package with both.", 409)
        self._say(CodeRecord(id=key, item=item), by, "compared and linked")

    def dismiss(self, key: str, why: str, by: str) -> None:
        """What bears this code is not to be put in. Raises Refused."""
        if not why.strip():
            raise Refused("code.reason", "Say what it is instead: the technician reads it.")
        self._say(CodeRecord(id=key, why=why.strip()), by, "compared, not to be put in")

    def take_back(self, key: str, by: str) -> None:
        """What was said of a code is no more: it is nobody's again."""
        self._documents.office.issue(Approved("codes", by, gone=[key], why="taken back"))
        self._tell()

    def _say(self, record: CodeRecord, by: str, why: str) -> None:
        self._documents.office.issue(Approved("codes", by, [record], why=why))
        self._tell()

    def _records(self) -> Mapping[str, Mapping[str, str]]:
        return self._documents.office.shelf.whole("codes", "*")

    def _tell(self) -> None:
        self._feed.tell({PHARMACY: {TOPIC}})
