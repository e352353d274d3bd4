"""One round of post in one transaction: cabinets locked, facts judged and folded, reports compared, rows written.

Alone knows: in which order a round is read, judged and written.
Must not know: brokers, threads, which database it is.

Whatever a row depends on is read inside the transaction, after its cabinet was locked: a worker keeps nothing between rounds, so any number
of them, and any that starts anew, comes to the same rows.
"""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import timedelta

from cabinet.domain.vocabulary import parse_utc
from cabinet.messages import Ack, RestockReport, StockReport, encode
from central.database.hand import Hand, Row
from central.database.table import EARLY, FACT
from central.fold import fold
from central.fold.change import Change
from central.ingest import statement as say
from central.ingest.chain import Head
from central.ingest.journal import Journal
from central.ingest.outcome import Outcome
from central.ingest.row import RECORD, CabinetRow, fact_row, head_row, need_row, record_of, told_row
from central.post import Facts, Needs, Post, Presence, Stock, Told, Unreadable
from central.record import Record

_HEADS = """
    select h.cabinet, h.epoch, h.seq, h.hash, h.journal, h.waiting
    from head h join given k on h.cabinet = k.cabinet and h.epoch = k.epoch"""
_HISTORY = f"select {', '.join(RECORD)} from fact where cabinet = ? and epoch = ? and seq <= ? order by seq"  # noqa: S608 - a constant


class Round:
    """One round; `take` is called once, inside a transaction of `hand`."""

    def __init__(self, hand: Hand, now: str) -> None:
        self.outcome = Outcome()
        self._hand, self._now = hand, now
        self._latest_epoch = int((parse_utc(now) + timedelta(days=1)).timestamp() * 1000)
        self._rows: dict[str, CabinetRow] = {}
        self._changed: set[str] = set()
        self._journals: dict[tuple[str, int], Journal] = {}
        self._alerts: dict[tuple[str, str, str], None] = {}
        self._stock: dict[tuple[str, str], StockReport | None] = {}
        self._needs: dict[str, RestockReport] = {}
        self._told: dict[tuple[str, str], Told] = {}

    def take(self, post: Sequence[Post]) -> None:
        """Store post, except that of cabinets which another worker writes at this moment."""
        self._lock(sorted({piece.cabinet for piece in post}))
        mine = [piece for piece in post if piece.cabinet in self._rows]
        if len(mine) < len(post):
            self.outcome.deferred = [piece for piece in post if piece.cabinet not in self._rows]
        self._read_heads(mine)
        for piece in mine:
            self._take(piece)
        self._write()

    # --- read

    def _lock(self, cabinets: Sequence[str]) -> None:
        self._rows = {row[0]: CabinetRow(*row) for row in self._hand.lock(cabinets)}
        unknown = [(cabinet,) for cabinet in cabinets if cabinet not in self._rows]
        if unknown:
            self._hand.upsert(say.KNOWN_CABINET, unknown)
            self._rows |= {row[0]: CabinetRow(*row) for row in self._hand.lock([cabinet for (cabinet,) in unknown])}

    def _read_heads(self, post: Sequence[Post]) -> None:
        wanted = {(piece.cabinet, piece.batch.epoch) for piece in post if isinstance(piece, Facts)}
        wanted |= {(piece.cabinet, piece.report.epoch) for piece in post if isinstance(piece, Presence)}
        keys = sorted(wanted)  # and what is written goes through each table in the order of its key
        found = self._hand.ask_by_keys(_HEADS, keys, cabinet="text", epoch="bigint") if keys else []
        heads = {(row[0], row[1]): Head(*row[1:]) for row in found}
        self._journals = {key: Journal(self._hand, key[0], heads.get(key, Head(key[1]))) for key in keys}

    # --- take

    def _take(self, piece: Post) -> None:
        match piece:
            case Facts():
                self._take_facts(piece)
            case Presence():
                self._take_presence(piece)
            case Stock():
                self._take_stock(piece)
            case Needs():
                self._take_needs(piece)
            case Told():
                self._take_told(piece)
            case Unreadable(cabinet, detail):
                self._raise(cabinet, "report.unreadable", detail)

    def _take_facts(self, piece: Facts) -> None:
        cabinet, epoch = piece.cabinet, piece.batch.epoch
        if epoch > self._latest_epoch:  # an epoch is the moment at which its journal began: no honest one lies more than a day ahead
            self._raise(cabinet, "epoch.implausible", f"epoch {epoch} is dated after {self._now}")
            return
        row, journal = self._rows[cabinet], self._journals[cabinet, epoch]
        before = len(journal.new)
        alert = journal.take(piece.batch, piece.proofs)
        if len(journal.new) > before:
            self._greet(row, epoch, journal.new[before].record)
        if alert is not None:
            self._raise(alert.cabinet, alert.code, alert.detail)
        if epoch >= row.newest:
            self.outcome.acks[cabinet] = Ack(epoch, journal.head.seq)

    def _greet(self, row: CabinetRow, epoch: int, first: Record) -> None:
        """New facts of an epoch: what it means that they come now."""
        if epoch < row.newest:
            self._raise(row.cabinet, "epoch.old", f"new facts of epoch {epoch} come after epoch {row.newest} began")
        elif epoch > row.newest:
            if row.newest and first.body.get("after_epoch") is None:
                self._raise(row.cabinet, "epoch.new", f"epoch {epoch} begins after epoch {row.newest}: was this journal replaced?")
            row.newest = epoch
            self._changed.add(row.cabinet)

    def _take_presence(self, piece: Presence) -> None:
        row, report = self._rows[piece.cabinet], piece.report
        if not row.hear(report, self._now):
            return
        self._changed.add(row.cabinet)
        self.outcome.note(row.cabinet, "state")
        if report.state == "online" and report.epoch >= row.newest:
            self.outcome.acks[row.cabinet] = Ack(report.epoch, self._journals[row.cabinet, report.epoch].head.seq)

    def _take_stock(self, piece: Stock) -> None:
        key = (piece.cabinet, piece.pocket)
        before = self._stock.get(key)
        if before is None or piece.report is None or (piece.report.epoch, piece.report.seq) >= (before.epoch, before.seq):
            self._stock[key] = piece.report
        self.outcome.note(piece.cabinet, "stock")

    def _take_needs(self, piece: Needs) -> None:
        report, before = piece.report, self._needs.get(piece.cabinet)
        if before is None or (report.epoch, report.seq) >= (before.epoch, before.seq):
            self._needs[piece.cabinet] = report
        self.outcome.note(piece.cabinet, "restock")

    def _take_told(self, piece: Told) -> None:
        before = self._told.get((piece.cabinet, piece.kind))
        if before is None or (piece.epoch, piece.seq) >= (before.epoch, before.seq):
            self._told[piece.cabinet, piece.kind] = piece
        self.outcome.note(piece.cabinet, piece.kind)

    def _raise(self, cabinet: str, code: str, detail: str) -> None:
        self._alerts[cabinet, code, detail] = None

    # --- write

    def _write(self) -> None:
        changed = [journal for journal in self._journals.values() if journal.is_changed or journal.early]
        if changed:
            self._write_facts(changed)
            self._write_changes([journal for journal in changed if journal.new])
        self._write_reports()
        self._hand.upsert(say.KEPT_CABINET, [self._rows[cabinet].row() for cabinet in sorted(self._changed)])
        for cabinet, code, detail in self._alerts:
            if self._hand.do(say.RAISE, cabinet, code, detail, self._now):
                self.outcome.note(cabinet, "alerts")

    def _write_facts(self, changed: Sequence[Journal]) -> None:
        self._hand.insert(FACT, [fact_row(one.cabinet, held) for one in changed for held in one.new])
        self._hand.upsert(say.KEPT_HEAD, [head_row(one.cabinet, one.head, self._now) for one in changed if one.is_changed])
        self._hand.upsert(say.KEPT_EARLY, [row for one in changed if one.early for row in one.waiting_rows()])
        for one in changed:
            if one.held.waiting and one.new:
                last = one.head.seq if one.head.waiting else one.held.waiting
                self._hand.do(f"delete from {EARLY.name} where cabinet = ? and epoch = ? and seq <= ?", one.cabinet, one.head.epoch, last)  # noqa: S608

    def _write_changes(self, journals: Sequence[Journal]) -> None:
        changes = [(one, self._change(one)) for one in journals]
        moved: list[Row] = []
        folded: list[Row] = []
        for one, change in changes:
            for pocket, done in change.pockets.items():
                key = (one.cabinet, one.head.epoch, pocket)
                if done.only_moves:
                    moved.append((*key, done.units))
                else:
                    folded.append((*key, *done.row()))
        self._hand.upsert(say.MOVED_POCKET, moved)
        self._hand.upsert(say.FOLDED_POCKET, folded)
        asked = {(one.cabinet, ask.pocket): astuple(ask) for one, change in changes for ask in change.asked}
        self._hand.upsert(say.KEPT_CALL, [(cabinet, *row) for (cabinet, _), row in asked.items()])
        found = {(one.cabinet, found.discrepancy): astuple(found) for one, change in changes for found in change.found}
        self._hand.upsert(say.FOUND, [(cabinet, *row) for (cabinet, _), row in found.items()])
        for one, change in changes:
            for resolved in change.resolved:
                self._hand.do(say.RESOLVE, resolved.at, resolved.staff, resolved.reason, one.cabinet, resolved.discrepancy)
            self._tell(one, change)

    def _change(self, journal: Journal) -> Change:
        change = Change()
        fold((held.record for held in journal.new), change)
        if change.after is not None:
            self._go_on_from(journal.cabinet, change.after, change)
        return change

    def _tell(self, journal: Journal, change: Change) -> None:
        cabinet = journal.cabinet
        for detail in change.unread:
            self._raise(cabinet, "fact.unread", detail)
        for code, sentence in change.alarms:
            self._raise(cabinet, code, sentence)
        self.outcome.facts += len(journal.new)
        self.outcome.note(cabinet, "facts")
        if change.pockets:
            self.outcome.note(cabinet, "stock")
        if change.asked:
            self.outcome.note(cabinet, "restock")
        if change.found or change.resolved:
            self.outcome.note(cabinet, "discrepancies")

    def _go_on_from(self, cabinet: str, after: tuple[int, int], change: Change) -> None:
        """A journal put back from a copy: its balances start where the copy's facts ended."""
        epoch, seq = after
        held = self._hand.ask("select seq from head where cabinet = ? and epoch = ?", cabinet, epoch)
        if not held or held[0][0] < seq:
            self._raise(cabinet, "journal.unknown_copy", f"a journal goes on from fact {epoch}/{seq}, which is not held here")
        before = Change()
        fold((record_of(row) for row in self._hand.stream(_HISTORY, cabinet, epoch, seq)), before)
        if before.after is not None:
            self._go_on_from(cabinet, before.after, before)
        for pocket, old in before.pockets.items():
            change.pockets[pocket] = change.pocket(pocket).after(old)

    def _write_reports(self) -> None:
        gone = [key for key, report in self._stock.items() if report is None]
        for cabinet, pocket in gone:
            self._hand.do(say.FORGET_TOLD, cabinet, pocket)
        self._hand.upsert(say.TOLD_POCKET, [told_row(cabinet, report) for (cabinet, _), report in self._stock.items() if report])
        told = [(*key, one.epoch, one.seq, one.report) for key, one in self._told.items()]
        told += [(cabinet, "restock", one.epoch, one.seq, encode(one).decode()) for cabinet, one in self._needs.items()]
        self._hand.upsert(say.NEWEST_REPORT, told)
        if self._needs:
            self._write_needs()

    def _write_needs(self) -> None:
        """The lines of reports that are the newest: an older one that came late has changed nothing."""
        question = "select r.cabinet, r.epoch, r.seq from report r join given k on r.cabinet = k.cabinet where r.kind = 'restock'"
        newest = {row[0]: (row[1], row[2]) for row in self._hand.ask_by_keys(question, [(one,) for one in self._needs], cabinet="text")}
        taken = {cabinet: one for cabinet, one in self._needs.items() if newest[cabinet] == (one.epoch, one.seq)}
        for cabinet in taken:
            self._hand.do("delete from need where cabinet = ?", cabinet)
        lines = {(cabinet, need.pocket): need_row(cabinet, one.at, need) for cabinet, one in taken.items() for need in one.needs}
        self._hand.upsert(say.NEW_NEED, list(lines.values()))
        for cabinet in taken:
            self._hand.do(say.MARK_NEEDS, cabinet)
