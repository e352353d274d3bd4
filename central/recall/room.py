"""Recalls of one pharmacy: what is meant is found at every cabinet, called back in one act, and followed until it is pulled.

Alone knows: what belongs to a recall, and when a line of it is done. Must not know: HTTP, HTML, how a document travels.

What blocks a pocket is the cabinet's own work once it has the document (`docs/documents.md`); nothing here opens or empties anything.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, TextClause, bindparam, text

from cabinet.domain.package.code import keys_of
from cabinet.domain.vocabulary import utc_text
from central.database.place import Database
from central.document.office import Approved, DocumentOffice
from central.document.shelf import EVERYBODY
from central.feed import PHARMACY, Feed
from central.fleet.survey import Survey
from central.formulary.shelf import FormularyShelf
from central.problem import NotHeldHere, Refused
from central.recall.book import Lying, Recall, RecallBook
from central.recall.movement import movements
from central.recall.trace import Handed, Pile, trace
from config.document import RecallRecord

DOCUMENT = "recall"
_WHERE_IT_IS = """
    select distinct p.cabinet, p.item from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch where p.item in :items"""
_EVER = "select distinct cabinet from activity where item in :items"
_NOW = """
    select p.cabinet, p.pocket, p.item, p.units, p.status from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch
    where p.item in :items"""
_ACCESSES = "select cabinet, access, patient, staff, order_id from activity where cabinet = :cabinet and access in :accesses"


@dataclass(frozen=True, slots=True)
class Received:
    """Units that somebody received, or may have: a patient, or a purpose where there is none."""

    cabinet: str
    patient: str
    at: str
    item: str
    units: int
    lot: str
    staff: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Found:
    """All that is meant: what lies where, and who received it, the latest first."""

    lying: list[Lying]
    received: list[Received]


@dataclass(frozen=True, slots=True)
class Line:
    """One pocket of a recall: what was to be pulled, what is there now. `state`: pulled, quarantined, out of reach, or waits."""

    lying: Lying
    units_now: int
    state: str


@dataclass(frozen=True, slots=True)
class Progress:
    """One cabinet in a recall. `told`: current, behind, refused, unreachable or ahead, as with every document."""

    cabinet: str
    name: str
    told: str
    reason: str
    since: str
    lines: list[Line]

    @property
    def pulled(self) -> int:
        """How many of its lines are done."""
        return sum(line.state == "pulled" for line in self.lines)


class RecallRoom:
    """One pharmacy's."""

    def __init__(
        self, database: Database, documents: DocumentOffice, shelf: FormularyShelf, now: Callable[[], datetime], feed: Feed
    ) -> None:  # fmt: skip
        self.book, self.shelf = RecallBook(database), shelf
        self._database, self._documents, self._now, self._feed = database, documents, now, feed

    def meant(self, record: RecallRecord) -> set[str]:
        """The items that a recall is about. Raises Refused where there is none."""
        if record.scope == "ndc":
            found = set(self._with_ndc(record.value))
        else:
            found = {record.item or record.value} & (self.shelf.items().keys() | self._ever_stocked(record.item or record.value))
        if not found:
            raise Refused("recall.unknown", f"No item is known as {record.item or record.value}.")
        return found

    def spelled(self, record: RecallRecord) -> RecallRecord:
        """A recall with its NDC as the formulary writes it, by which cabinets know it, however somebody typed it from a label."""
        if record.scope != "ndc":
            return record
        return record.model_copy(update={"value": next(iter(self._with_ndc(record.value).values()), record.value)})

    def called(self, recall: Recall | RecallRecord) -> str:
        """What is called back, in words."""
        items = self.shelf.items()
        if recall.scope == "ndc":
            titles = [items[item].title for item in sorted(self._with_ndc(recall.value))]
            return f"{' and '.join(titles)}, NDC {recall.value}" if titles else f"NDC {recall.value}"
        name = recall.item or recall.value
        title = items[name].title if name in items else name
        return f"{title}, lot {recall.value}" if recall.scope == "lot" else title

    def _with_ndc(self, ndc: str) -> dict[str, str]:
        """The items of a National Drug Code, and how the formulary writes it."""
        keys = keys_of(ndc) | {f"ndc:{ndc}"}
        return {one.id: one.ndc for one in self.shelf.items().values() if one.ndc and (one.ndc == ndc or keys & keys_of(one.ndc))}

    async def find(self, record: RecallRecord) -> Found:
        """What is where and who received it; cabinet after cabinet, off the loop. Raises Refused."""
        items = self.meant(record)
        work = (lambda: self._find(items, record)) if self._database.is_in_memory else None
        return work() if work is not None else await asyncio.to_thread(self._find, items, record)

    async def begin(self, record: RecallRecord, by: str) -> Recall:
        """Call it back: kept, sent to every cabinet at once. Raises Refused, NotSound."""
        record = self.spelled(record)
        before = self.book.one(record.id)
        if before is not None:
            more = "It was lifted: give this one a number of its own." if before.lifted_at else "It stands."
            raise Refused("recall.twice", f"There is a recall {record.id} already. {more}", 409)
        found = await self.find(record)
        made = _recall(record, at=utc_text(self._now()), by=by)
        self._documents.issue(Approved(DOCUMENT, by, (record,), why=record.why))
        self.book.begin(made, found.lying)
        self._feed.tell({PHARMACY: {"recalls"}})
        return made

    async def all(self) -> list[Recall]:
        """Every recall, the latest first; also those that a program called back or lifted by changing the document itself."""
        standing = self._documents.shelf.whole(DOCUMENT, EVERYBODY)
        known = {one.recall: one for one in self.book.all()}
        newest = self._documents.shelf.newest(DOCUMENT, EVERYBODY)
        assert newest is not None or not standing
        for name in standing.keys() - known.keys():
            record, by = RecallRecord.model_validate(standing[name]), newest
            assert by is not None
            lying = (await self.find(record)).lying if self._is_known(record) else []
            self.book.begin(_recall(record, at=by.issued_at, by=by.approved_by), lying)
        for name, one in known.items():
            if not one.lifted_at and name not in standing and newest is not None:
                self.book.lift(one, at=newest.issued_at, by=newest.approved_by, why=newest.why)
        return self.book.all()

    def _is_known(self, record: RecallRecord) -> bool:
        try:
            return bool(self.meant(record))
        except Refused:
            return False

    def lift(self, recall: str, by: str, why: str) -> Recall:
        """It may be used again, or is gone. Raises NotHeldHere, Refused."""
        known = self.one(recall)
        if known.lifted_at:
            raise Refused("recall.lifted", "It was lifted already.", 409)
        self._documents.issue(Approved(DOCUMENT, by, gone=(recall,), why=why))
        made = self.book.lift(known, at=utc_text(self._now()), by=by, why=why)
        self._feed.tell({PHARMACY: {"recalls"}})
        return made

    def one(self, recall: str) -> Recall:
        """A recall. Raises NotHeldHere."""
        found = self.book.one(recall)
        if found is None:
            raise NotHeldHere("recall.unknown", f"There is no recall {recall}.")
        return found

    def progress(self, recall: str) -> list[Progress]:
        """What each cabinet that held some of it has done, and every other that was not told yet. Raises NotHeldHere."""
        lot = self.one(recall).lot
        lines: dict[str, list[Lying]] = {}
        for lying in self.book.lines(recall):
            lines.setdefault(lying.cabinet, []).append(lying)
        drift = {row.cabinet: row for row in self._documents.drift(document=DOCUMENT)}
        now = self._pockets({lying.item for them in lines.values() for lying in them})
        names = self.names()
        wanted = [cabinet for cabinet in sorted({*drift, *lines}) if cabinet in lines or drift[cabinet].state != "current"]
        return [
            Progress(
                one, names.get(one, one), drift[one].state if one in drift else "unreachable", drift[one].reason if one in drift else "",
                drift[one].since if one in drift else "",
                [self._line(lying, now, lot) for lying in lines.get(one, [])],
            )
            for one in wanted
        ]  # fmt: skip

    def names(self) -> dict[str, str]:
        """What people call each cabinet."""
        return Survey(self._database).names()

    def record_of(self, recall: Recall) -> RecallRecord:
        """A recall as its document has it."""
        return RecallRecord.model_validate({
            "id": recall.recall, "scope": recall.scope, "value": recall.value, "item": recall.item or None, "why": recall.why,
            "recall": recall.number or None,
        })  # fmt: skip

    # --- questions

    def _line(self, lying: Lying, now: Mapping[tuple[str, str], tuple[str, int, str]], lot: str | None) -> Line:
        """A pocket that was emptied is done, and so is one that was emptied and filled with another lot."""
        item, units, status = now.get((lying.cabinet, lying.pocket), ("", 0, ""))
        if item != lying.item or units <= 0:
            return Line(lying, 0, "pulled")
        if status in {"quarantined", "failed"}:
            return Line(lying, units, "quarantined" if status == "quarantined" else "out of reach")
        piles = {} if lot is None else trace(movements(self._database, lying.cabinet, {item}), lot).piles
        is_gone = lying.pocket in piles and not piles[lying.pocket].may_hold(lot)
        return Line(lying, units, "pulled" if is_gone else "waits")

    def _ever_stocked(self, item: str) -> set[str]:
        return {item} if self._cabinets({item}) else set()

    def _cabinets(self, items: set[str]) -> list[str]:
        with self._database.reading() as conn:
            asked = {"items": sorted(items)}
            rows = [*conn.execute(_over(_WHERE_IT_IS, "items"), asked), *conn.execute(_over(_EVER, "items"), asked)]
        return sorted({row[0] for row in rows})

    def _pockets(self, items: set[str]) -> dict[tuple[str, str], tuple[str, int, str]]:
        with self._database.reading() as conn:
            rows = conn.execute(_over(_NOW, "items"), {"items": sorted(items)}).all()
        return {(row.cabinet, row.pocket): (row.item, row.units, row.status) for row in rows}

    def _find(self, items: set[str], record: RecallRecord) -> Found:
        lot = record.value if record.scope == "lot" else None
        lying: list[Lying] = []
        received: list[Received] = []
        now = self._pockets(items)
        for cabinet in self._cabinets(items):
            for item in sorted(items):
                traced = trace(movements(self._database, cabinet, {item}), lot)
                lying += [
                    Lying(cabinet, pocket, item, units, tuple(traced.piles.get(pocket, Pile()).lots))
                    for (where, pocket), (held, units, _) in sorted(now.items())
                    if (where, held) == (cabinet, item) and units > 0 and traced.piles.get(pocket, Pile(units, {"": None})).may_hold(lot)
                ]
                received += self._received(cabinet, item, traced.handed)
        return Found(lying, sorted(received, key=lambda one: one.at, reverse=True))

    def _received(self, cabinet: str, item: str, handed: list[Handed]) -> list[Received]:
        accesses = sorted({one.access for one in handed if one.access})
        who: dict[str, Row[Any]] = {}
        with self._database.reading() as conn:
            for start in range(0, len(accesses), 400):
                asked = {"cabinet": cabinet, "accesses": accesses[start : start + 400]}
                who |= {row.access: row for row in conn.execute(_over(_ACCESSES, "accesses"), asked)}
        made = (Received(cabinet, "", one.at, item, one.units, one.lot, "", one.is_certain) for one in handed)
        return [
            replace(one, patient=who[h.access].patient, staff=who[h.access].staff) if h.access in who else one
            for one, h in zip(made, handed, strict=True)
        ]  # fmt: skip


def _recall(record: RecallRecord, *, at: str, by: str) -> Recall:
    return Recall(record.id, record.scope, record.value, record.item or "", record.why, record.recall or "", at, by)


def _over(question: str, name: str) -> TextClause:
    return text(question).bindparams(bindparam(name, expanding=True, type_=String))
