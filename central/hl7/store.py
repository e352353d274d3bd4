"""The store of interfaces in the pharmacy server's database: an Archive, an Outbox and a Source over SQLAlchemy Core.

Alone knows: how rows of the interfaces become values and back. Must not know: what a message means, sockets.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, Select, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from central.database.table import ALERT, CURSOR, GIVEN, LINKED, MESSAGE, OUTGOING, STANDING
from central.hl7.framing import Framer, framed
from central.hl7.heard import DoseHeard
from central.hl7.port import Changed, Cursor, Kept, Outgoing
from central.hl7.roll import Roll, Standing, StandingOrder
from central.record import Record

INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
WAITING, REFUSED = "waiting", "refused"
_OF_CABINETS = text("select distinct cabinet from head order by 1")
_OF_EPOCHS = text("select epoch from head where cabinet = :cabinet and seq > 0 order by 1")
_OF_FACTS = text(
    "select epoch, seq, id, at, type, body, prev_hash, hash, access, staff, witness from fact"
    " where cabinet = :cabinet and epoch = :epoch and seq > :after order by seq limit :most"
)


class Store:
    """Everything that interfaces keep, and the facts that they tell of. Errors of the database are fatal for what is under way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._insert = INSERT[engine.dialect.name]

    def seen(self, link: str, sender: str, control: str, content: bytes) -> Kept | None:
        """See `Archive`."""
        said = {MESSAGE.c.link: link, MESSAGE.c.control: _clean(control), MESSAGE.c.sender: _clean(sender)}
        mine = (MESSAGE.c.digest == _digest(content), *(column == value for column, value in said.items()))
        with self._asking.connect() as conn:
            row = conn.execute(_messages().where(*mine, MESSAGE.c.repeats.is_(None)).order_by(MESSAGE.c.number).limit(1)).first()
        return None if row is None else _kept(row)

    def keep(self, kept: Kept, changed: Changed) -> int:
        """See `Archive`."""
        row = {
            "link": kept.link, "received_at": kept.received_at, "piece": kept.piece, "content": kept.content,
            "digest": _digest(kept.content), "sender": kept.sender, "control": kept.control, "name": kept.name, "code": kept.code,
            "reason": kept.reason, "words": kept.words, "answers": b"".join(map(framed, kept.answers)), "repeats": kept.repeats,
        }  # fmt: skip
        clean = {name: _clean(value) for name, value in row.items()}
        with self._engine.begin() as conn:
            number = int(conn.execute(insert(MESSAGE).values(**clean).returning(MESSAGE.c.number)).scalar_one())
            self._change(conn, changed)
        return number

    def change(self, changed: Changed) -> None:
        """See `Archive`."""
        with self._engine.begin() as conn:
            self._change(conn, changed)

    def forget(self, patients: Sequence[str], orders: Sequence[str]) -> None:
        """See `Archive`."""
        rows = [{"of": "patient", "one": one} for one in patients] + [{"of": "order", "one": one} for one in orders]
        if rows:
            with self._engine.begin() as conn:
                conn.execute(delete(STANDING).where(STANDING.c.kind == bindparam("of"), STANDING.c.id == bindparam("one")), rows)

    def links(self) -> Mapping[str, str]:
        """See `Archive`."""
        with self._asking.connect() as conn:
            return {str(said): str(item) for said, item in conn.execute(select(LINKED.c.said, LINKED.c.item))}

    def link(self, said: str, item: str, by: str, at: str) -> None:
        """See `Archive`."""
        what = self._insert(LINKED).values(said=said, item=item, linked_by=by, at=at)
        new = {name: what.excluded[name] for name in ("item", "linked_by", "at")}
        with self._engine.begin() as conn:
            conn.execute(what.on_conflict_do_update(index_elements=["said"], set_=new))

    def messages(self, after: int = 0, limit: int = 1000) -> Sequence[Kept]:
        """See `Archive`."""
        with self._asking.connect() as conn:
            rows = conn.execute(_messages().where(MESSAGE.c.number > after).order_by(MESSAGE.c.number).limit(limit)).all()
        return [_kept(row) for row in rows]

    def roll(self) -> Roll:
        """See `Archive`."""
        roll = Roll()
        with self._asking.connect() as conn:
            for kind, name, record in conn.execute(select(STANDING.c.kind, STANDING.c.id, STANDING.c.record)):
                if kind == "patient":
                    roll.patients[name] = msgspec.json.decode(record, type=Standing)
                else:
                    roll.orders[name] = msgspec.json.decode(record, type=StandingOrder)
        return roll

    def cursor(self, link: str, cabinet: str) -> Cursor | None:
        """See `Outbox`."""
        mine = (CURSOR.c.link == link, CURSOR.c.cabinet == cabinet)
        with self._asking.connect() as conn:
            row = conn.execute(select(CURSOR.c.epoch, CURSOR.c.seq, CURSOR.c.memory).where(*mine)).first()
        return None if row is None else Cursor(*row)

    def advance(self, link: str, cabinet: str, cursor: Cursor, messages: Iterable[Outgoing]) -> None:
        """See `Outbox`."""
        row = {"link": link, "cabinet": cabinet, "epoch": cursor.epoch, "seq": cursor.seq, "memory": cursor.memory}
        with self._engine.begin() as conn:
            self._add(conn, link, messages)
            what = self._insert(CURSOR).values(row)
            new = {name: what.excluded[name] for name in ("epoch", "seq", "memory")}
            conn.execute(what.on_conflict_do_update(index_elements=["link", "cabinet"], set_=new))

    def add(self, link: str, messages: Iterable[Outgoing]) -> None:
        """See `Outbox`."""
        with self._engine.begin() as conn:
            self._add(conn, link, messages)

    def first(self, link: str) -> Outgoing | None:
        """See `Outbox`."""
        with self._asking.connect() as conn:
            row = conn.execute(_outgoing(link, WAITING).order_by(OUTGOING.c.number).limit(1)).first()
        return None if row is None else _out(row)

    def tried(self, link: str, number: int) -> None:
        """See `Outbox`."""
        with self._engine.begin() as conn:
            mine = (OUTGOING.c.link == link, OUTGOING.c.number == number)
            conn.execute(update(OUTGOING).where(*mine).values(tries=OUTGOING.c.tries + 1))

    def settle(self, link: str, number: int, state: str, answer: bytes, at: str) -> None:
        """See `Outbox`."""
        with self._engine.begin() as conn:
            mine = (OUTGOING.c.link == link, OUTGOING.c.number == number, OUTGOING.c.state == WAITING)
            conn.execute(update(OUTGOING).where(*mine).values(state=state, answer=answer, over_at=at))

    def waiting(self, link: str) -> int:
        """See `Outbox`."""
        with self._asking.connect() as conn:
            mine = (OUTGOING.c.link == link, OUTGOING.c.state == WAITING)
            return int(conn.execute(select(func.count()).select_from(OUTGOING).where(*mine)).scalar_one())

    def settled(self, link: str, state: str, limit: int = 100) -> Iterator[tuple[Outgoing, bytes, str]]:
        """See `Outbox`."""
        with self._asking.connect() as conn:
            rows = conn.execute(_outgoing(link, state).order_by(OUTGOING.c.number.desc()).limit(limit)).all()
        return iter([(_out(row), row.answer, row.over_at) for row in rows])

    def give(self, doses: Iterable[DoseHeard], at: str) -> None:
        """Keep what was charted of items that are known, for who compares it with what was taken; told again, the last word counts."""
        rows = [
            {"patient": one.patient, "order_id": one.order, "at": one.at, "item": one.item, "amount": one.amount, "unit": one.unit,
             "is_given": int(one.is_given), "given_by": one.by, "heard_at": at}
            for one in doses if one.item is not None
        ]  # fmt: skip
        rows = [{name: _clean(value) for name, value in row.items()} for row in rows]
        if rows:
            what = self._insert(GIVEN)
            new = {name: what.excluded[name] for name in ("amount", "unit", "is_given", "given_by", "heard_at")}
            with self._engine.begin() as conn:
                conn.execute(what.on_conflict_do_update(index_elements=["patient", "order_id", "at", "item"], set_=new), rows)

    def again(self, link: str, number: int) -> bool:
        """What was refused waits once more, under its old number; False where nothing was."""
        mine = (OUTGOING.c.link == link, OUTGOING.c.number == number, OUTGOING.c.state == REFUSED)
        with self._engine.begin() as conn:
            return conn.execute(update(OUTGOING).where(*mine).values(state=WAITING, tries=0, answer=b"", over_at="")).rowcount == 1

    def recent(self, limit: int, before: int | None = None, *, only_wrong: bool = False) -> Sequence[Kept]:
        """The newest pieces first, from below a number; `only_wrong`: those that were not accepted."""
        question = _messages().order_by(MESSAGE.c.number.desc()).limit(limit)
        if before is not None:
            question = question.where(MESSAGE.c.number < before)
        if only_wrong:
            question = question.where(MESSAGE.c.code.not_in(("AA", "CA")))
        with self._asking.connect() as conn:
            return [_kept(row) for row in conn.execute(question)]

    def warn(self, cabinet: str, code: str, detail: str, at: str) -> None:
        """Raise an alert of the pharmacy's; the same one is raised once."""
        with self._engine.begin() as conn:
            conn.execute(self._insert(ALERT).values(cabinet=cabinet, code=code, detail=detail, at=at).on_conflict_do_nothing())

    def cabinets(self) -> Sequence[str]:
        """See `Source`."""
        with self._asking.connect() as conn:
            return [str(row[0]) for row in conn.execute(_OF_CABINETS)]

    def epochs(self, cabinet: str) -> Sequence[int]:
        """See `Source`."""
        with self._asking.connect() as conn:
            return [int(row[0]) for row in conn.execute(_OF_EPOCHS, {"cabinet": cabinet})]

    def facts(self, cabinet: str, epoch: int, after: int, limit: int) -> Sequence[Record]:
        """See `Source`."""
        with self._asking.connect() as conn:
            rows = conn.execute(_OF_FACTS, {"cabinet": cabinet, "epoch": epoch, "after": after, "most": limit}).mappings().all()
        return [msgspec.convert({**row, "body": msgspec.json.decode(row["body"])}, Record) for row in rows]

    def _change(self, conn: Connection, changed: Changed) -> None:
        rows = [{"kind": "patient", "id": one.patient, "record": _json(one)} for one in changed.patients]
        rows += [{"kind": "order", "id": one.order.order, "record": _json(one)} for one in changed.orders]
        if rows:
            what = self._insert(STANDING)
            conn.execute(what.on_conflict_do_update(index_elements=["kind", "id"], set_={"record": what.excluded.record}), rows)

    def _add(self, conn: Connection, link: str, messages: Iterable[Outgoing]) -> None:
        rows = [
            {"link": link, "source": one.source, "control": one.control, "content": one.content, "state": WAITING, "tries": 0,
             "answer": b"", "over_at": ""}
            for one in messages
        ]  # fmt: skip
        if rows:
            conn.execute(self._insert(OUTGOING).on_conflict_do_nothing(index_elements=["link", "source"]), rows)


def _clean(value: Any) -> Any:
    """As every database can hold it; what is looked for is looked for alike."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _json(record: Standing | StandingOrder) -> str:
    return msgspec.json.encode(record).decode().replace("\\u0000", "")


def _messages() -> Select[Any]:
    return select(MESSAGE)


def _outgoing(link: str, state: str) -> Select[Any]:
    return select(OUTGOING).where(OUTGOING.c.link == link, OUTGOING.c.state == state)


def _kept(row: Row[Any]) -> Kept:
    answers = tuple(cut.content for cut in Framer(len(row.answers) + 1).feed(bytes(row.answers)))
    return Kept(
        row.number, row.link, row.received_at, row.piece, bytes(row.content), row.sender, row.control, row.name, row.code, row.reason,
        row.words, answers, row.repeats,
    )  # fmt: skip


def _out(row: Row[Any]) -> Outgoing:
    return Outgoing(row.control, bytes(row.content), row.source, row.number, row.tries)
