"""Where documents are kept: a new version is one transaction, and any version can be had whole or as what changed since another.

Alone knows: how versions and records become rows. Must not know: keys, cabinets in reach, HTTP.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, func, insert, or_, select, update

from cabinet.messages import DocumentState, Record, table_sha256
from central.database.table import HELD, RECORD, VERSION

EVERYBODY = "*"
"""The scope of a table that holds for every cabinet."""


MOST_AHEAD = 2**32
"""A version every five seconds for six hundred years: what says that it holds a later one was not put back from a copy."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one document: who approved it, when and why, and the digest of its whole table."""

    document: str
    scope: str
    version: int
    sha256: str
    issued_at: str
    approved_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """Records by their keys that are new or other than before, and the keys of those that are no more."""

    records: Mapping[str, Record]
    gone: Sequence[str] = ()


class Shelf:
    """Documents of one pharmacy. An error of the database's is fatal for the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.changes = 0
        """Counts what was issued and what cabinets said that they hold."""
        self._newest: dict[tuple[str, str], Version] = {}
        with self._asking.connect() as conn:
            for row in conn.execute(select(VERSION).order_by(VERSION.c.version)):
                self._newest[row.document, row.scope] = Version(*row)
            self.held_of: dict[str, dict[str, DocumentState]] = {}
            self._heard_at: dict[str, str] = {}
            for row in conn.execute(select(HELD)):
                state = DocumentState(row.version, row.sha256, row.state, row.reason, row.at, row.refused_version)
                self.held_of.setdefault(row.cabinet, {})[row.document] = state
                self._heard_at[row.cabinet] = row.heard_at

    def newest(self, document: str, scope: str) -> Version | None:
        """The version that counts; None before the first."""
        return self._newest.get((document, scope))

    def whole(self, document: str, scope: str) -> dict[str, Record]:
        """All records of the newest version by their keys."""
        with self._asking.connect() as conn:
            return _whole(conn, document, scope)

    def numbered(self, document: str, scope: str) -> dict[str, tuple[int, Record]]:
        """All records of the newest version by their keys, each with the version that it came with."""
        mine = and_(RECORD.c.document == document, RECORD.c.scope == scope, RECORD.c.until.is_(None))
        with self._asking.connect() as conn:
            rows = conn.execute(select(RECORD.c.key, RECORD.c.version, RECORD.c.record).where(mine).order_by(RECORD.c.key))
            return {str(row.key): (int(row.version), json.loads(row.record)) for row in rows}

    def latest(self, document: str, scope: str, key: str) -> tuple[Record, bool] | None:
        """The last record of a key and whether it still holds; None where there never was one."""
        mine = and_(RECORD.c.document == document, RECORD.c.scope == scope, RECORD.c.key == key)
        with self._asking.connect() as conn:
            row = conn.execute(select(RECORD.c.record, RECORD.c.until).where(mine).order_by(RECORD.c.version.desc()).limit(1)).first()
        return None if row is None else (json.loads(row.record), row.until is None)

    def since(self, document: str, scope: str, version: int) -> Change:
        """What is new, other or no more since a version."""
        mine = and_(RECORD.c.document == document, RECORD.c.scope == scope)
        with self._asking.connect() as conn:
            new = select(RECORD.c.key, RECORD.c.record).where(mine, RECORD.c.version > version, RECORD.c.until.is_(None))
            records = {str(row.key): json.loads(row.record) for row in conn.execute(new)}
            then = and_(RECORD.c.version <= version, or_(RECORD.c.until.is_(None), RECORD.c.until > version))
            left = select(RECORD.c.key).where(mine, then, RECORD.c.until.is_not(None))
            gone = sorted({str(row.key) for row in conn.execute(left)} - records.keys())
        return Change(records, gone)

    def history(self, document: str, scope: str) -> list[Version]:
        """Every version, the latest first."""
        mine = select(VERSION).where(VERSION.c.document == document, VERSION.c.scope == scope)
        with self._asking.connect() as conn:
            return [Version(*row) for row in conn.execute(mine.order_by(VERSION.c.version.desc()))]

    def has(self, document: str, scope: str, version: int, sha256: str) -> bool:
        """Whether this pharmacy issued that version, with that content."""
        mine = and_(VERSION.c.document == document, VERSION.c.scope == scope, VERSION.c.version == version, VERSION.c.sha256 == sha256)
        with self._asking.connect() as conn:
            return bool(conn.execute(select(func.count()).select_from(VERSION).where(mine)).scalar())

    def issue(self, document: str, scope: str, change: Change, *, approved_by: str, why: str, at: str) -> Version:
        """Keep a new version; the present one where nothing differs. Raises Malformed where a record holds what no document may."""
        with self._engine.begin() as conn:
            table = _whole(conn, document, scope)
            new = {key: record for key, record in change.records.items() if table.get(key) != record}
            gone = [key for key in change.gone if key in table and key not in change.records]
            newest = self._newest.get((document, scope))
            if newest is not None and not new and not gone:
                return newest
            table = {key: record for key, record in table.items() if key not in gone} | new
            version = 1 + max([0 if newest is None else newest.version, *self._said_to_be_held(document, scope)])
            made = Version(document, scope, version, table_sha256(table), at, approved_by, why)
            _keep(conn, made, new, gone)
        self._newest[document, scope] = made
        self.changes += 1
        return made

    def _said_to_be_held(self, document: str, scope: str) -> list[int]:
        """A pharmacy put back from yesterday's copy numbers on from what its cabinets hold; no one cabinet's word uses up all numbers."""
        newest = self._newest.get((document, scope))
        most = MOST_AHEAD + (0 if newest is None else newest.version)
        theirs = (states for cabinet, states in self.held_of.items() if scope in {EVERYBODY, cabinet})
        said = (states[document].version for states in theirs if document in states)
        return [version for version in said if version <= most]

    def all_newest(self) -> Iterable[Version]:
        """The version that counts of everything that was issued, in no order."""
        return self._newest.values()

    def cabinets(self) -> list[str]:
        """Every cabinet that ever said what it has."""
        return sorted(self.held_of)

    def held(self, cabinet: str, document: str) -> DocumentState:
        """What a cabinet said last that it has."""
        return self.held_of.get(cabinet, {}).get(document, DocumentState())

    def heard_at(self, cabinet: str) -> str:
        """When it said so; "" where it never did."""
        return self._heard_at.get(cabinet, "")

    def keep_held(self, cabinet: str, states: Mapping[str, DocumentState], at: str) -> None:
        """Remember what a cabinet says that it has."""
        if self.held_of.get(cabinet) != states:
            with self._engine.begin() as conn:
                conn.execute(HELD.delete().where(HELD.c.cabinet == cabinet))
                rows = [_held_row(cabinet, document, state, at) for document, state in states.items()]
                conn.execute(insert(HELD), rows)
            self.changes += 1
        self.held_of[cabinet], self._heard_at[cabinet] = dict(states), at


def _whole(conn: Connection, document: str, scope: str) -> dict[str, Record]:
    mine = and_(RECORD.c.document == document, RECORD.c.scope == scope, RECORD.c.until.is_(None))
    return {str(row.key): json.loads(row.record) for row in conn.execute(select(RECORD.c.key, RECORD.c.record).where(mine))}


def _keep(conn: Connection, made: Version, new: Mapping[str, Record], gone: Sequence[str]) -> None:
    mine = and_(RECORD.c.document == made.document, RECORD.c.scope == made.scope, RECORD.c.until.is_(None))
    for key in (*new, *gone):
        conn.execute(update(RECORD).where(mine, RECORD.c.key == key).values(until=made.version))
    if new:
        rows = [
            {"document": made.document, "scope": made.scope, "key": key, "version": made.version, "record": json.dumps(record)}
            for key, record in new.items()
        ]
        conn.execute(insert(RECORD), rows)
    conn.execute(insert(VERSION).values([made.document, made.scope, made.version, made.sha256, made.issued_at, made.approved_by, made.why]))


def _held_row(cabinet: str, document: str, state: DocumentState, at: str) -> dict[str, object]:
    return {
        "cabinet": cabinet, "document": document, "version": state.version, "sha256": state.sha256, "state": state.state,
        "reason": state.reason, "at": state.at, "refused_version": state.refused_version, "heard_at": at,
    }  # fmt: skip
