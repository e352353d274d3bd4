"""Keep what cabinets report: a round of post is one transaction, and only then is anything acknowledged.

Alone knows: how a judged batch, its fold and a report become rows.
Must not know: brokers, threads, pages.

Everything is keyed so that the same post in any order and any number ends in the same rows: facts by (cabinet, epoch, seq),
reports by the newest (epoch, seq), presence by the newest (epoch, boot, session), alerts by what they say.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import timedelta

import msgspec

from cabinet.domain.vocabulary import parse_utc
from cabinet.messages import Ack, StateReport, encode
from central.fold import Change, PocketChange, fold
from central.ingest import Alert, Head, Held, judge
from central.post import Facts, Needs, Post, Presence, Record, Stock, Unreadable

_FACT = "insert into fact values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RECORD = ("epoch", "seq", "id", "at", "type", "body", "prev_hash", "hash", "access", "staff", "witness")
_HEAD = """
    insert into head values (?, ?, ?, ?, ?, ?)
    on conflict (cabinet, epoch) do update set seq = excluded.seq, hash = excluded.hash, held_at = excluded.held_at"""
_POCKET = """
    insert into pocket (cabinet, epoch, pocket, units, item, drawer, par, min, critical_low, count_mode, counted_at, count_basis)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (cabinet, epoch, pocket) do update set
        units = pocket.units + excluded.units,
        item = coalesce(excluded.item, pocket.item), drawer = coalesce(excluded.drawer, pocket.drawer),
        par = coalesce(excluded.par, pocket.par), min = coalesce(excluded.min, pocket.min),
        critical_low = coalesce(excluded.critical_low, pocket.critical_low), count_mode = coalesce(excluded.count_mode, pocket.count_mode),
        counted_at = coalesce(excluded.counted_at, pocket.counted_at), count_basis = coalesce(excluded.count_basis, pocket.count_basis)"""
_PRESENCE = """
    insert into presence values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (cabinet) do update set state = excluded.state, mode = excluded.mode, epoch = excluded.epoch, boot = excluded.boot,
        session = excluded.session, since = excluded.since, software = excluded.software, config = excluded.config,
        contract = excluded.contract, heard_at = excluded.heard_at
    where (excluded.epoch, excluded.boot, excluded.session) > (presence.epoch, presence.boot, presence.session)
       or ((excluded.epoch, excluded.boot, excluded.session) = (presence.epoch, presence.boot, presence.session)
           and presence.state <> 'offline')"""
_STOCK = """
    insert into stock values (?, ?, ?, ?, ?)
    on conflict (cabinet, pocket) do update set epoch = excluded.epoch, seq = excluded.seq, report = excluded.report
    where (excluded.epoch, excluded.seq) >= (stock.epoch, stock.seq)"""
_RESTOCK = """
    insert into restock values (?, ?, ?, ?)
    on conflict (cabinet) do update set epoch = excluded.epoch, seq = excluded.seq, report = excluded.report
    where (excluded.epoch, excluded.seq) >= (restock.epoch, restock.seq)"""


@dataclass(slots=True)
class Outcome:
    """What a round of post came to, to be said once it is durable: acks by cabinet, and what changed where."""

    acks: dict[str, Ack] = field(default_factory=dict)
    changed: dict[str, set[str]] = field(default_factory=dict)
    facts: int = 0

    def note(self, cabinet: str, what: str) -> None:
        """Something of a cabinet changed: facts, stock, restock, state, discrepancies or alerts."""
        self.changed.setdefault(cabinet, set()).add(what)


def _latest_epoch(now: str) -> int:
    """An epoch is the Unix time in milliseconds at which its journal began: no honest one lies more than a day ahead of us."""
    return int((parse_utc(now) + timedelta(days=1)).timestamp() * 1000)


class Store:
    """The one writer. `conn` comes from `schema.open_writer`; a sqlite3.Error out of `take` is fatal for the process."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._heads: dict[tuple[str, int], Head] = {}
        self._newest: dict[str, int] = {}
        self._forget()

    def _forget(self) -> None:
        """Read anew what is known only in part outside the tables."""
        self._heads.clear()
        self._newest = dict(self._conn.execute("select cabinet, max(epoch) from head group by cabinet"))

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()

    def take(self, post: Sequence[Post], now: str) -> Outcome:
        """Store a round of post in one transaction; `now` is UTC text. What the outcome says is durable when this returns."""
        outcome = Outcome()
        with self._transaction():
            for piece in post:
                match piece:
                    case Facts():
                        self._take_facts(piece, now, outcome)
                    case Presence(cabinet, report):
                        self._take_presence(cabinet, report, now, outcome)
                    case Stock(cabinet, pocket, None):
                        self._conn.execute("delete from stock where cabinet = ? and pocket = ?", (cabinet, pocket))
                        outcome.note(cabinet, "stock")
                    case Stock(cabinet, pocket, report) if report is not None:
                        self._conn.execute(_STOCK, (cabinet, pocket, report.epoch, report.seq, encode(report).decode()))
                        outcome.note(cabinet, "stock")
                    case Needs(cabinet, needs):
                        self._conn.execute(_RESTOCK, (cabinet, needs.epoch, needs.seq, encode(needs).decode()))
                        outcome.note(cabinet, "restock")
                    case Unreadable(cabinet, detail):
                        self._raise(Alert(cabinet, "report.unreadable", detail), now, outcome)
        return outcome

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._conn.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._conn.execute("rollback")
            self._forget()
            raise
        self._conn.execute("commit")

    def _take_facts(self, piece: Facts, now: str, outcome: Outcome) -> None:
        cabinet, epoch = piece.cabinet, piece.batch.epoch
        if epoch > _latest_epoch(now):
            self._raise(Alert(cabinet, "epoch.implausible", f"epoch {epoch} is dated after {now}"), now, outcome)
            return
        verdict = judge(cabinet, self._head(cabinet, epoch), piece.batch, lambda seq: self._hash_at(cabinet, epoch, seq))
        newest = self._newest.get(cabinet, 0)
        if verdict.new:
            if epoch < newest:
                self._raise(Alert(cabinet, "epoch.old", f"new facts of epoch {epoch} come after epoch {newest} began"), now, outcome)
            if 0 < newest < epoch and verdict.new[0].record.body.get("after_epoch") is None:
                self._raise(
                    Alert(cabinet, "epoch.new", f"epoch {epoch} begins after epoch {newest}: was this journal replaced?"), now, outcome
                )
            self._keep(cabinet, verdict.head, verdict.new, now, outcome)
        if verdict.alert is not None:
            self._raise(verdict.alert, now, outcome)
        if epoch >= newest:
            outcome.acks[cabinet] = Ack(epoch, verdict.head.seq)

    def _keep(self, cabinet: str, head: Head, new: Sequence[Held], now: str, outcome: Outcome) -> None:
        self._conn.executemany(_FACT, [(cabinet, *_columns(held)) for held in new])
        self._conn.execute(_HEAD, (cabinet, head.epoch, head.seq, head.hash, head.journal, now))
        self._heads[cabinet, head.epoch] = head
        self._newest[cabinet] = max(head.epoch, self._newest.get(cabinet, 0))
        change = Change()
        fold((held.record for held in new), change)
        if change.after is not None:
            self._go_on_from(cabinet, change.after, change, now, outcome)
        self._conn.executemany(_POCKET, _pocket_rows(cabinet, head.epoch, change.pockets))
        self._conn.executemany(
            "insert into discrepancy values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            [(cabinet, *astuple(found)) for found in change.found],
        )
        self._conn.executemany(
            "insert into resolution values (?, ?, ?, ?, ?) on conflict do nothing",
            [(cabinet, *astuple(resolved)) for resolved in change.resolved],
        )
        for detail in change.unread:
            self._raise(Alert(cabinet, "fact.unread", detail), now, outcome)
        for code, sentence in change.alarms:
            self._raise(Alert(cabinet, code, sentence), now, outcome)
        outcome.facts += len(new)
        outcome.note(cabinet, "facts")
        if change.pockets:
            outcome.note(cabinet, "stock")
        if change.found or change.resolved:
            outcome.note(cabinet, "discrepancies")

    def _go_on_from(self, cabinet: str, after: tuple[int, int], change: Change, now: str, outcome: Outcome) -> None:
        """A journal put back from a copy: its balances start where the copy's facts ended."""
        epoch, seq = after
        if self._head(cabinet, epoch).seq < seq:
            detail = f"a journal goes on from fact {epoch}/{seq}, which is not held here"
            self._raise(Alert(cabinet, "journal.unknown_copy", detail), now, outcome)
        before = Change()
        fold(self._records(cabinet, epoch, seq), before)
        if before.after is not None:
            self._go_on_from(cabinet, before.after, before, now, outcome)
        for pocket, old in before.pockets.items():
            change.pockets[pocket] = _joined(old, change.pockets.get(pocket, PocketChange()))

    def _records(self, cabinet: str, epoch: int, last_seq: int) -> Iterator[Record]:
        rows = self._conn.execute(
            f"select {', '.join(_RECORD)} from fact where cabinet = ? and epoch = ? and seq <= ? order by seq",  # noqa: S608 - a constant
            (cabinet, epoch, last_seq),
        )
        for row in rows:
            yield msgspec.convert({**dict(zip(_RECORD, row, strict=True)), "body": msgspec.json.decode(row[5])}, Record)

    def _take_presence(self, cabinet: str, report: StateReport, now: str, outcome: Outcome) -> None:
        taken = self._conn.execute(
            _PRESENCE,
            (
                cabinet,
                report.state,
                report.mode,
                report.epoch,
                report.boot,
                report.session,
                report.since,
                report.software,
                report.config,
                report.contract,
                now,
            ),
        )
        if not taken.rowcount:
            return
        outcome.note(cabinet, "state")
        if report.state == "online" and report.epoch >= self._newest.get(cabinet, 0):
            outcome.acks[cabinet] = Ack(report.epoch, self._head(cabinet, report.epoch).seq)

    def _raise(self, alert: Alert, now: str, outcome: Outcome) -> None:
        added = self._conn.execute(
            "insert into alert (cabinet, code, detail, at) values (?, ?, ?, ?) on conflict do nothing",
            (alert.cabinet, alert.code, alert.detail, now),
        )
        if added.rowcount:
            outcome.note(alert.cabinet, "alerts")

    def _head(self, cabinet: str, epoch: int) -> Head:
        key = (cabinet, epoch)
        if key not in self._heads:
            row = self._conn.execute("select epoch, seq, hash, journal from head where cabinet = ? and epoch = ?", key).fetchone()
            if row is None:
                return Head(epoch)
            self._heads[key] = Head(*row)
        return self._heads[key]

    def _hash_at(self, cabinet: str, epoch: int, seq: int) -> str | None:
        row = self._conn.execute("select hash from fact where cabinet = ? and epoch = ? and seq = ?", (cabinet, epoch, seq)).fetchone()
        return None if row is None else str(row[0])


def _columns(held: Held) -> tuple[object, ...]:
    record = held.record
    return (
        record.epoch,
        record.seq,
        record.id,
        record.at,
        record.type,
        record.access,
        record.staff,
        record.witness,
        held.body,
        record.prev_hash,
        record.hash,
    )


def _pocket_rows(cabinet: str, epoch: int, pockets: dict[str, PocketChange]) -> Iterable[tuple[object, ...]]:
    for pocket, change in pockets.items():
        yield cabinet, epoch, pocket, *astuple(change)


def _joined(old: PocketChange, new: PocketChange) -> PocketChange:
    """Two changes one after the other."""
    values = [late if late is not None else early for early, late in zip(astuple(old), astuple(new), strict=True)]
    return PocketChange(old.units + new.units, *values[1:])
