"""The compare report: what left the vault on sheets, against what was received by count, for any day.

Alone knows: which sheets a day is about, and what state each was in when it ended. Must not know: how sheets are numbered or sent.

A day (UTC) is about the sheets that were issued or closed on it, and about those that were on their way when it ended. What a cabinet
says of a sheet are its facts `sheet_issued` (it knows of it, or sends one away), `sheet_late` and `sheet_closed`. A sheet
from one cabinet to another is one line, of the cabinet that it goes to: what was counted there stands before what the sender said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields
from typing import Any

from cabinet.report.form_csv import rows_text
from central.sheet.register import Sheet


@dataclass(frozen=True, slots=True)
class SheetFact:
    """One fact of a cabinet about a sheet."""

    cabinet: str
    at: str
    type: str
    staff: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One sheet at the end of a day.

    `direction`: to_cabinet or to_pharmacy. `sender`: the other cabinet that it comes from.
    `state`: not_announced (its cabinet knows not of it), in_transit, late, received, short, over.
    """

    sheet: str
    direction: str
    cabinet: str
    item: str
    issued: int
    received: int | None
    in_transit: int
    state: str
    issued_by: str
    carried_by: str
    issued_at: str
    closed_at: str = ""
    closed_by: str = ""
    reason: str = ""
    sender: str = ""


@dataclass(slots=True)
class _Course:
    """What is known of one sheet until the end of the day."""

    known: SheetFact | None = None
    sent: SheetFact | None = None
    late_at: str = ""
    closed: SheetFact | None = None
    sheet: Sheet | None = field(default=None)

    @property
    def left(self) -> SheetFact | None:
        """The fact that says most surely what left: of whoever sent it."""
        return self.sent or self.known


def compare(day: str, sheets: Iterable[Sheet], facts: Iterable[SheetFact]) -> list[Line]:
    """One line for each sheet that `day` (YYYY-MM-DD) is about, those that are not received first."""
    courses: dict[tuple[str, str], _Course] = {}
    for sheet in sheets:
        if sheet.issued_at[:10] <= day:
            courses[sheet.cabinet, sheet.sheet] = _Course(sheet=sheet)
    heard = [fact for fact in facts if fact.at[:10] <= day]
    goes = {(one.cabinet, str(one.body["sheet"])): str(one.body["place"]) for one in heard if _is_sent_on(one)}
    for fact in heard:
        number = str(fact.body["sheet"])
        _note(courses.setdefault((goes.get((fact.cabinet, number), fact.cabinet), number), _Course()), fact)
    lines = (_line(cabinet, name, course) for (cabinet, name), course in courses.items() if _is_of(day, course))
    order = ("late", "short", "over", "not_announced", "in_transit", "received")
    return sorted(lines, key=lambda line: (order.index(line.state), line.issued_at, line.sheet))


def _is_sent_on(fact: SheetFact) -> bool:
    """Whether a cabinet sends units to another one."""
    return fact.type == "sheet_issued" and not fact.body.get("is_inbound", True) and bool(fact.body.get("place"))


def _note(course: _Course, fact: SheetFact) -> None:
    match fact.type:
        case "sheet_issued" if _is_sent_on(fact):
            course.sent = fact
        case "sheet_issued":
            course.known = course.known or fact
        case "sheet_late":
            course.late_at = fact.at
        case "sheet_closed" if not _is_counted(course) or course.sent is None or fact.cabinet != course.sent.cabinet:
            course.closed = fact


def _is_counted(course: _Course) -> bool:
    """Whether the cabinet that a sheet went to has closed it."""
    return course.closed is not None and (course.sent is None or course.closed.cabinet != course.sent.cabinet)


def _is_of(day: str, course: _Course) -> bool:
    if course.closed is None:
        return course.sheet is not None or course.left is not None
    issued_at = course.sheet.issued_at if course.sheet is not None else "" if course.left is None else course.left.at
    return day in {course.closed.at[:10], issued_at[:10]}


def _line(cabinet: str, name: str, course: _Course) -> Line:
    body = {} if course.left is None else course.left.body
    sheet, closed = course.sheet, course.closed
    issued = sheet.units if sheet is not None else int(body.get("units", 0))
    missing = None if closed is None else int(closed.body["missing"])
    received = None if missing is None else issued - missing
    is_inward = sheet is not None or course.sent is not None or body.get("is_inbound", True)
    return Line(
        sheet=name, direction="to_cabinet" if is_inward else "to_pharmacy", cabinet=cabinet,
        item=sheet.item if sheet is not None else str(body.get("item", "")), issued=issued, received=received,
        in_transit=issued if received is None else 0, state=_state(course, missing),
        issued_by=sheet.issued_by if sheet is not None else str(body.get("issued_by", "")),
        carried_by=sheet.carried_by if sheet is not None else str(body.get("carried_by", "")),
        issued_at=sheet.issued_at if sheet is not None else "" if course.left is None else course.left.at,
        closed_at="" if closed is None else closed.at, closed_by="" if closed is None else closed.staff or "",
        reason="" if closed is None else str(closed.body.get("reason") or ""), sender="" if course.sent is None else course.sent.cabinet,
    )  # fmt: skip


def _state(course: _Course, missing: int | None) -> str:
    if missing is None:
        return "late" if course.late_at else "in_transit" if course.left is not None else "not_announced"
    return "received" if missing == 0 else "short" if missing > 0 else "over"


def as_csv(lines: Iterable[Line]) -> str:
    """The lines as a table."""
    return rows_text([[one.name for one in fields(Line)], *map(astuple, lines)])
