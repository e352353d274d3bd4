"""Alerts as they are kept, and the letters that are to be sent of them.

Alone knows: how these rows are read and written. Must not know: what a rule is, or how a letter travels.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal_column, select, update

from central.database.place import Database
from central.database.table import LETTER, WATCHED

PAGE = 500
_NEVER: ColumnElement[str] = literal_column("''")
_LASTS, _IS_OVER = WATCHED.c.over_at == _NEVER, WATCHED.c.over_at != _NEVER
"""Written out, so that both databases see that the indexes of either serve."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One. `over_at` is empty while it lasts, `taken_by` until somebody acknowledged it; `told`: steps of its rule that were taken."""

    number: int
    rule: str
    cabinet: str
    subject: str
    severity: str
    sentence: str
    since: str
    seen_at: str
    over_at: str
    taken_by: str
    taken_at: str
    note: str
    told: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about."""
        return self.rule, self.cabinet, self.subject


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be told of an alert over a channel. `state`: waiting, sent or given_up."""

    number: int
    watched: int
    channel: str
    body: str
    state: str
    tries: int
    next_at: str
    why: str
    over_at: str

    @property
    def sentence(self) -> str:
        """What it says."""
        return str(json.loads(self.body).get("sentence", ""))


@dataclass(frozen=True, slots=True)
class Begun:
    """An alert that is new."""

    rule: str
    cabinet: str
    subject: str
    severity: str
    sentence: str
    since: str


class AlertBook:
    """One database's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lasting(self, rules: Collection[str] | None = None, *, limit: int | None = None, beyond: int = 0) -> list[Alert]:
        """Alerts that are not over, of these rules (None: all): those for now first, then the longest lasting."""
        mine = _LASTS if rules is None else and_(_LASTS, WATCHED.c.rule.in_(rules))
        question = select(WATCHED).where(mine).order_by(WATCHED.c.severity, WATCHED.c.since, WATCHED.c.number).limit(limit).offset(beyond)
        with self._database.reading() as conn:
            return [Alert(*row) for row in conn.execute(question)]

    def over(self, limit: int = PAGE) -> list[Alert]:
        """Alerts that are over, the latest first."""
        question = select(WATCHED).where(_IS_OVER).order_by(WATCHED.c.number.desc()).limit(limit)
        with self._database.reading() as conn:
            return [Alert(*row) for row in conn.execute(question)]

    def one(self, number: int) -> Alert | None:
        """One of them."""
        with self._database.reading() as conn:
            row = conn.execute(select(WATCHED).where(WATCHED.c.number == number)).first()
        return None if row is None else Alert(*row)

    def keep(self, begun: Sequence[Begun], other: Sequence[tuple[int, str, str]], over: Sequence[int], at: str) -> None:
        """New alerts, what is said otherwise by now (number, severity, sentence), and those that are over; all together."""
        with self._database.engine.begin() as conn:
            if over:
                conn.execute(update(WATCHED).where(WATCHED.c.number.in_(over)).values(over_at=at))
            for number, severity, sentence in other:
                conn.execute(update(WATCHED).where(WATCHED.c.number == number).values(severity=severity, sentence=sentence))
            for one in begun:
                conn.execute(
                    insert(WATCHED).values(
                        rule=one.rule, cabinet=one.cabinet, subject=one.subject, severity=one.severity, sentence=one.sentence,
                        since=one.since, seen_at=at,
                    )
                )  # fmt: skip

    def take(self, number: int, *, by: str, at: str, note: str) -> bool:
        """Somebody sees to it; False where somebody else did before, or it is over."""
        mine = (WATCHED.c.number == number, WATCHED.c.taken_by == "", WATCHED.c.over_at == "")
        with self._database.engine.begin() as conn:
            done = conn.execute(update(WATCHED).where(*mine).values(taken_by=by, taken_at=at, note=note)).rowcount == 1
            if done:
                conn.execute(delete(LETTER).where(LETTER.c.watched == number, LETTER.c.state == "waiting"))
        return done

    def tell(self, number: int, told: int, letters: Sequence[tuple[str, str]], at: str) -> None:
        """A step was taken: letters (channel, body) wait, unless that very step was taken already."""
        with self._database.engine.begin() as conn:
            mine = (WATCHED.c.number == number, WATCHED.c.told < told)
            if conn.execute(update(WATCHED).where(*mine).values(told=told)).rowcount == 1:
                for channel, body in letters:
                    conn.execute(
                        insert(LETTER).values(watched=number, channel=channel, body=body, state="waiting", tries=0, next_at=at)
                    )  # fmt: skip

    def due(self, at: str, limit: int = 20) -> list[Letter]:
        """Letters that wait and whose time has come."""
        question = select(LETTER).where(LETTER.c.state == "waiting", LETTER.c.next_at <= at).order_by(LETTER.c.next_at, LETTER.c.number)
        with self._database.reading() as conn:
            return [Letter(*row) for row in conn.execute(question.limit(limit))]

    def settle(self, letter: Letter, *, state: str, why: str = "", next_at: str = "", at: str = "") -> None:
        """What became of a letter."""
        what = {"state": state, "tries": letter.tries + 1, "why": why[:500], "next_at": next_at or letter.next_at, "over_at": at}
        with self._database.engine.begin() as conn:
            conn.execute(update(LETTER).where(LETTER.c.number == letter.number).values(**what))

    def letters(self, limit: int = 50) -> list[Letter]:
        """The latest letters."""
        with self._database.reading() as conn:
            return [Letter(*row) for row in conn.execute(select(LETTER).order_by(LETTER.c.number.desc()).limit(limit))]

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many alerts last, and how many of them nobody sees to, by rule."""
        untaken = func.sum(case((WATCHED.c.taken_by == "", 1), else_=0))
        question = select(WATCHED.c.rule, func.count(), untaken).where(_LASTS).group_by(WATCHED.c.rule)
        with self._database.reading() as conn:
            return {str(row[0]): (int(row[1]), int(row[2])) for row in conn.execute(question)}
