"""Where pick lists are kept: each change of a list is one transaction, and a need stands on one open line at a time.

Alone knows: how lists become rows. Must not know: what is needed, what a stage allows, HTTP, cabinets in reach.

On PostgreSQL the row of a list is its lock; SQLite has one writer.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from central.database.table import CABINET, HEAD, PICK_FOLLOWED, PICK_LINE, PICK_LIST, PICK_ROUND, PICK_STEP, POCKET, REFILL_ASKED
from central.database.table.pocket import LISTED
from central.ordinal import ordinal
from central.restock.rule.course import Memory, News, heard
from central.restock.rule.picklist import OVER, Line, NotDone, PickList, Stage, Step

FLAGS = ("needs_check", "needs_sheet", "is_open", "is_scanned")
_FLAG_PLACES = tuple(Line.__slots__.index(flag) for flag in FLAGS)
Change = Callable[[PickList, Connection], PickList]


class Store:
    """Pick lists of one pharmacy."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking = engine.execution_options(isolation_level="AUTOCOMMIT")

    # --- cabinets

    def cabinets(self) -> list[str]:
        """Every cabinet that ever reported."""
        with self._asking.connect() as conn:
            return list(conn.execute(select(CABINET.c.cabinet).where(CABINET.c.newest > 0).order_by(CABINET.c.cabinet)).scalars())

    def areas(self) -> dict[str, tuple[str, ...]]:
        """The cabinets of each care area, as they say it themselves."""
        found: dict[str, tuple[str, ...]] = {}
        with self._asking.connect() as conn:
            for row in conn.execute(select(CABINET.c.area, CABINET.c.cabinet).where(CABINET.c.area != "").order_by(CABINET.c.cabinet)):
                found[row.area] = (*found.get(row.area, ()), row.cabinet)
        return found

    # --- lists

    def add(self, made: Iterable[PickList], day: str, turn: tuple[str, str] | None = None, at: str = "") -> list[PickList]:
        """Number new lists and keep them; none of a `turn` (round and day) that was kept before. Raises NotDone.

        Lists that come in between take their needs: nothing is kept then.
        """
        try:
            with self._engine.begin() as conn:
                if turn is not None:
                    conn.execute(insert(PICK_ROUND).values(round=turn[0], day=turn[1], made_at=at))
                numbered = _numbered(conn, made, day)
                if numbered:
                    cabinets = sorted({one.cabinet for one in numbered})
                    _hold(conn, cabinets)
                    conn.execute(insert(PICK_LIST), [_row(one) for one in numbered])
                    conn.execute(insert(PICK_LINE), [row for one in numbered for row in _line_rows(one)])
                    conn.execute(insert(PICK_STEP), [row for one in numbered for row in _step_rows(one, 0)])
                    _mark_needs(conn, cabinets)
                    _answer_asks(conn, numbered)
                return numbered
        except IntegrityError as problem:
            raise NotDone("picklist.taken", "Somebody made a list of this at the same moment: look again.") from problem

    def made_turns(self, since: str) -> set[tuple[str, str]]:
        """The rounds, by day, whose lists were made on that day or later."""
        with self._asking.connect() as conn:
            rows = conn.execute(select(PICK_ROUND.c.round, PICK_ROUND.c.day).where(PICK_ROUND.c.day >= since))
            return {(row.round, row.day) for row in rows}

    def has_made_any(self) -> bool:
        """Whether the lists of any round were ever made."""
        with self._asking.connect() as conn:
            return conn.execute(select(PICK_ROUND.c.round).limit(1)).first() is not None

    def one(self, name: str) -> PickList:
        """One list. Raises NotDone."""
        with self._asking.connect() as conn:
            return _read(conn, name)

    def lists(self, stages: Collection[Stage], *, cabinet: str | None = None, limit: int = 500) -> list[PickList]:
        """Lists at these stages, the newest first."""
        question = select(PICK_LIST).where(PICK_LIST.c.stage.in_([str(stage) for stage in stages]))
        question = question if cabinet is None else question.where(PICK_LIST.c.cabinet == cabinet)
        with self._asking.connect() as conn:
            rows = conn.execute(question.order_by(PICK_LIST.c.list.desc()).limit(limit)).all()
            return _whole(conn, rows)

    def held(self, names: Collection[str]) -> dict[tuple[str, int], tuple[str, int, int]]:
        """By list and line the item, units and par of its pocket at this moment; no item where there is no such pocket any more."""
        place = (POCKET.c.cabinet == CABINET.c.cabinet) & (POCKET.c.epoch == CABINET.c.newest) & (POCKET.c.pocket == PICK_LINE.c.pocket)
        lines = PICK_LINE.join(CABINET, CABINET.c.cabinet == PICK_LINE.c.cabinet, isouter=True).join(POCKET, place, isouter=True)
        asked = select(PICK_LINE.c.list, PICK_LINE.c.number, POCKET.c.item, POCKET.c.units, POCKET.c.par).select_from(lines)
        with self._asking.connect() as conn:
            rows = conn.execute(asked.where(PICK_LINE.c.list.in_(names)))
            return {(row.list, row.number): (row.item or "", row.units or 0, row.par or 0) for row in rows}

    def change(self, name: str, change: Change) -> PickList:
        """Change a list. Raises NotDone, and then nothing is changed."""
        try:
            with self._engine.begin() as conn:
                before = _read(conn, name, is_locked=True)
                after = change(before, conn)
                _rewrite(conn, before, after)
                return after
        except IntegrityError as problem:
            raise NotDone("picklist.taken", "What is needed there stands on another list by now.") from problem

    # --- how far cabinets are followed

    def begin_following(self, conn: Connection, cabinet: str) -> None:
        """From the last fact that is held, unless the cabinet is followed already."""
        if conn.execute(select(PICK_FOLLOWED.c.cabinet).where(PICK_FOLLOWED.c.cabinet == cabinet)).first() is None:
            question = select(CABINET.c.newest, func.coalesce(HEAD.c.seq, 0).label("seq"))
            heads = question.join(HEAD, (HEAD.c.cabinet == CABINET.c.cabinet) & (HEAD.c.epoch == CABINET.c.newest), isouter=True)
            head = conn.execute(heads.where(CABINET.c.cabinet == cabinet)).first()
            epoch, seq = (0, 0) if head is None else (head.newest, head.seq)
            conn.execute(insert(PICK_FOLLOWED).values(cabinet=cabinet, epoch=epoch, seq=seq, memory="{}"))

    def on_its_way(self, cabinet: str) -> set[str]:
        """The lists on their way to a cabinet."""
        mine = select(PICK_LIST.c.list).where(PICK_LIST.c.cabinet == cabinet, PICK_LIST.c.stage == str(Stage.ON_ITS_WAY))
        with self._asking.connect() as conn:
            return {str(row.list) for row in conn.execute(mine)}

    def awaiting(self) -> list[str]:
        """The cabinets that a list is on its way to."""
        mine = select(PICK_LIST.c.cabinet).where(PICK_LIST.c.stage == str(Stage.ON_ITS_WAY)).distinct().order_by(PICK_LIST.c.cabinet)
        with self._asking.connect() as conn:
            return list(conn.execute(mine).scalars())

    def followed(self, cabinets: Collection[str] | None = None) -> dict[str, tuple[int, int, Memory]]:
        """By cabinet (of these, or of all) the epoch and number of the last fact that was read, and what is remembered."""
        question = select(PICK_FOLLOWED)
        with self._asking.connect() as conn:
            rows = conn.execute(question if cabinets is None else question.where(PICK_FOLLOWED.c.cabinet.in_(cabinets))).all()
        found = {row.cabinet: (row.epoch, row.seq, json.loads(row.memory)) for row in rows}
        return {name: (epoch, seq, Memory({key: tuple(told) for key, told in kept.items()})) for name, (epoch, seq, kept) in found.items()}

    def follow(self, cabinet: str, epoch: int, seq: int, memory: Memory, news: Sequence[News]) -> list[PickList]:
        """Keep how far a cabinet is read, and what became of its lists, in one transaction: the lists that are other than before.

        A cabinet to which nothing is on its way any more is followed no longer.
        """
        told: dict[str, list[News]] = {}
        for one in news:
            told.setdefault(one.list, []).append(one)
        with self._engine.begin() as conn:
            lists = [_heard(conn, name, all_of_it) for name, all_of_it in told.items()]
            memory.forget([one.id for one in lists if one.stage in OVER])
            on_its_way = (PICK_LIST.c.cabinet == cabinet) & (PICK_LIST.c.stage == str(Stage.ON_ITS_WAY))
            if conn.execute(select(PICK_LIST.c.list).where(on_its_way)).first() is None:
                conn.execute(delete(PICK_FOLLOWED).where(PICK_FOLLOWED.c.cabinet == cabinet))
            else:
                kept = {"epoch": epoch, "seq": seq, "memory": json.dumps(memory.accesses)}
                conn.execute(update(PICK_FOLLOWED).where(PICK_FOLLOWED.c.cabinet == cabinet).values(**kept))
        return lists


def _answer_asks(conn: Connection, made: Sequence[PickList]) -> None:
    """What somebody asked for stands on a list now."""
    listed = {(one.cabinet, line.pocket) for one in made for line in one.lines}
    mine = REFILL_ASKED.c.cabinet.in_({cabinet for cabinet, _ in listed})
    for row in conn.execute(select(REFILL_ASKED.c.cabinet, REFILL_ASKED.c.pocket).where(mine)).all():
        if (row.cabinet, row.pocket) in listed:
            conn.execute(delete(REFILL_ASKED).where(REFILL_ASKED.c.cabinet == row.cabinet, REFILL_ASKED.c.pocket == row.pocket))


def _hold(conn: Connection, cabinets: Sequence[str]) -> None:
    """Keep reports of these cabinets waiting, whose needs say whether they are on a list."""
    conn.execute(select(CABINET.c.cabinet).where(CABINET.c.cabinet.in_(cabinets)).order_by(CABINET.c.cabinet).with_for_update()).all()


def _mark_needs(conn: Connection, cabinets: Sequence[str]) -> None:
    conn.execute(text(LISTED), [{"cabinet": one} for one in cabinets])


def _numbered(conn: Connection, made: Iterable[PickList], day: str) -> list[PickList]:
    prefix = f"p{day[2:4]}{day[5:7]}{day[8:10]}-"
    of_day = (PICK_LIST.c.list > prefix, PICK_LIST.c.list < f"{prefix[:-1]}.")
    count = conn.execute(select(func.count()).select_from(PICK_LIST).where(*of_day)).scalar() or 0
    return [replace(one, id=f"{prefix}{ordinal(number)}") for number, one in enumerate(made, count + 1)]


def _row(one: PickList) -> dict[str, Any]:
    return {
        "list": one.id, "cabinet": one.cabinet, "round": one.round, "position": one.position, "stage": str(one.stage),
        "carried_by": one.carried_by, "announced_at": one.announced_at,
    }  # fmt: skip


def _heard(conn: Connection, name: str, news: Iterable[News]) -> PickList:
    before = _read(conn, name, is_locked=True)
    after = reduce(heard, news, before)
    _rewrite(conn, before, after)
    return after


def _rewrite(conn: Connection, before: PickList, after: PickList) -> None:
    conn.execute(update(PICK_LIST).where(PICK_LIST.c.list == after.id).values(**_row(after)))
    if after.lines != before.lines:
        _hold(conn, [after.cabinet])
        conn.execute(delete(PICK_LINE).where(PICK_LINE.c.list == after.id))
        conn.execute(insert(PICK_LINE), _line_rows(after))
        _mark_needs(conn, [after.cabinet])
    if len(after.steps) > len(before.steps):
        conn.execute(insert(PICK_STEP), _step_rows(after, len(before.steps)))


def _line_rows(one: PickList) -> list[dict[str, Any]]:
    flags = [{flag: int(getattr(line, flag)) for flag in FLAGS} for line in one.lines]
    values = [{name: getattr(line, name) for name in Line.__slots__} for line in one.lines]
    return [{**value, **flag, "list": one.id, "cabinet": one.cabinet} for value, flag in zip(values, flags, strict=True)]


def _step_rows(one: PickList, known: int) -> list[dict[str, Any]]:
    steps = enumerate(one.steps[known:], known + 1)
    return [
        {"list": one.id, "number": number, "stage": str(step.stage), "at": step.at, "by": step.by, "said": step.said}
        for number, step in steps
    ]  # fmt: skip


def _read(conn: Connection, name: str, *, is_locked: bool = False) -> PickList:
    question = select(PICK_LIST).where(PICK_LIST.c.list == name)
    found = _whole(conn, conn.execute(question.with_for_update() if is_locked else question).all())
    if not found:
        raise NotDone("picklist.unknown", f"There is no pick list {name}.")
    return found[0]


def _whole(conn: Connection, rows: Sequence[Any]) -> list[PickList]:
    names = [row.list for row in rows]
    lines: dict[str, list[Line]] = {name: [] for name in names}
    asked = select(PICK_LINE.c.list, *(PICK_LINE.c[name] for name in Line.__slots__)).where(PICK_LINE.c.list.in_(names))
    for name, *values in conn.execute(asked.order_by(PICK_LINE.c.list, PICK_LINE.c.number)):
        for place in _FLAG_PLACES:
            values[place] = bool(values[place])
        lines[name].append(Line(*values))
    steps: dict[str, list[Step]] = {name: [] for name in names}
    for row in conn.execute(select(PICK_STEP).where(PICK_STEP.c.list.in_(names)).order_by(PICK_STEP.c.list, PICK_STEP.c.number)):
        steps[row.list].append(Step(row.stage, row.at, row.by, row.said))
    return [
        PickList(
            row.list, row.cabinet, row.round, row.position, Stage(row.stage), tuple(lines[row.list]), tuple(steps[row.list]),
            row.carried_by, row.announced_at,
        )
        for row in rows
    ]  # fmt: skip
