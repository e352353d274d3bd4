"""Facts -> lines and shelf: everything that was said of one access gathered in its line, a run of facts at a time.

Alone knows: which fact fills which field of a line. Must not know: tables, cursors, what is made of lines.

A fact of a shape that is not known says nothing here: it is held all the same, and a newer server reads it again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cabinet.domain.vocabulary import parse_utc
from central.activity.line import FILLING, REFUSED, SENT, Line
from central.activity.shelf import Shelf
from central.record import Record

LONGEST_DAYS = 3650


def named(records: Iterable[Record]) -> set[str]:
    """Every access that these facts speak of, and that began before them perhaps."""
    found = set()
    for record in records:
        body = record.body
        found |= {record.access, body.get("withdrawal"), body.get("moved_from"), body.get("access")}
    return {one for one in found if isinstance(one, str) and one}


@dataclass(slots=True)
class Course:
    """A run of one cabinet's facts. `lines` are those that are known already, by access; `touched` those that are new or other."""

    cabinet: str
    shelf: Shelf
    lines: dict[str, Line] = field(default_factory=dict)
    touched: dict[tuple[int, int, int], Line] = field(default_factory=dict)

    def hear(self, record: Record) -> None:
        """Take one fact in."""
        line = self.lines.get(record.access or "")
        filler = _FILLERS.get(record.type)
        try:
            if filler is not None:
                filler(self, record, line)
            self.shelf.hear(record, "" if line is None else line.pocket)
        except (KeyError, TypeError, ValueError):
            return
        if record.type == "units_moved" and line is not None and record.body.get("pocket") == line.pocket:
            line.left_units = self.shelf.slot(line.pocket).units
        if line is not None and record.witness is not None:
            line.witness = record.witness
            self.touch(line)

    def touch(self, line: Line) -> None:
        """It is new or other."""
        self.touched[line.epoch, line.seq, line.place] = line

    def begin(self, line: Line) -> None:
        """A line that was not there before."""
        if line.access:
            self.lines[line.access] = line
        self.touch(line)


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\0", "\ufffd")


def _requested(course: Course, record: Record, _line: Line | None) -> None:
    body = record.body
    if body.get("bag") is not None or record.access is None:
        return
    before = course.lines.get(_text(body.get("moved_from")))
    pocket = _text(body.get("pocket"))
    line = Line(
        course.cabinet, record.epoch, record.seq, 0, record.access, record.at, body["kind"], body["item"], pocket, _text(record.staff),
        patient=_text(body.get("patient")), order_id=_text(body.get("order")), authority=_text(body.get("authority")),
        reason=_text(body.get("reason")), asked_at=record.at if before is None else before.asked_at, asked=body["units"],
    )  # fmt: skip
    if line.kind in FILLING:
        line.found = course.shelf.slot(pocket).status
    course.begin(line)


def _refused(course: Course, record: Record, _line: Line | None) -> None:
    body = record.body
    course.begin(
        Line(
            course.cabinet, record.epoch, record.seq, 0, "", record.at, body["kind"], _text(body.get("item")), _text(body.get("pocket")),
            _text(record.staff), phase=REFUSED, code=body["code"], asked_at=record.at, asked=body.get("units") or 0,
        )
    )  # fmt: skip


def _moved_on(course: Course, record: Record, line: Line | None) -> None:
    if line is None:
        return
    target = record.body["target"]
    line.phase = target
    if target == "open" and line.open_ms is None:
        line.open_ms = max(0, round((parse_utc(record.at) - parse_utc(line.asked_at)).total_seconds() * 1000))
    course.touch(line)


def _moved_over(course: Course, record: Record, line: Line | None) -> None:
    if line is not None:
        line.moved_to = record.body["moved_to"]
        course.touch(line)


def _counted(course: Course, record: Record, line: Line | None) -> None:
    if line is not None and record.body.get("is_final", True):
        line.counts += 1
        line.variances += record.body["counted"] != record.body["expected"]
        course.touch(line)


def _units(course: Course, record: Record, line: Line | None) -> None:
    body = record.body
    if "variance" in {body["source"], body["target"]}:
        return
    amount_m = body["units"] * 1000 + body.get("part_m", 0)
    is_waste = body["target"] == "waste"
    first = course.lines.get(_text(body.get("withdrawal")))
    if first is not None:
        first.waste_m += amount_m * is_waste
        first.back_m += amount_m * (body["target"] in {"pocket", "return_bin"})
        course.touch(first)
    if line is None:
        return
    if line is not first:
        line.units += body["units"]
        line.waste_m += amount_m * is_waste
    if line.kind in FILLING and body.get("expiry"):
        days = (date.fromisoformat(body["expiry"]) - parse_utc(record.at).date()).days
        line.keeps_days = max(0, min(days, LONGEST_DAYS))
    course.touch(line)


def _linked(course: Course, record: Record, _line: Line | None) -> None:
    line = course.lines.get(_text(record.body.get("access")))
    if line is not None:
        line.is_linked = 1
        course.touch(line)


def _announced(course: Course, record: Record, _line: Line | None) -> None:
    """What the pharmacy sends for a ward whose cabinet has no pocket for it."""
    for place, one in enumerate(record.body["lines"]):
        if one.get("pocket") is None:
            line = Line(course.cabinet, record.epoch, record.seq, place, "", record.at, SENT, one["item"], asked_at=record.at)
            line.asked = one["units"]
            course.begin(line)


Filler = Callable[[Course, Record, Line | None], None]

_FILLERS: dict[str, Filler] = {
    "access_requested": _requested, "access_refused": _refused, "access_moved": _moved_on, "access_moved_over": _moved_over,
    "pocket_counted": _counted, "units_moved": _units, "order_linked": _linked, "delivery_announced": _announced,
}  # fmt: skip
