"""How what was taken becomes rows, and a row a record again.

Alone knows: the order of columns of each row that a round writes. Must not know: when one is written.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from cabinet.messages import Need, StateReport, StockReport
from central.database.hand import Row
from central.ingest.chain import Head, Held
from central.record import Record

RECORD = ("epoch", "seq", "id", "at", "type", "body", "prev_hash", "hash", "access", "staff", "witness")
_URGENCIES = ("stat", "soon", "routine")


@dataclass(slots=True)
class CabinetRow:
    """A cabinet's row, in the order of its columns; `newest` is the newest epoch of which a fact is held."""

    cabinet: str
    newest: int
    state: str
    mode: str
    epoch: int
    boot: int
    session: int
    since: str
    software: str
    config: str
    contract: str
    heard_at: str
    name: str
    area: str

    def row(self) -> tuple[Any, ...]:
        """All of it, as it is written."""
        return (
            self.cabinet, self.newest, self.state, self.mode, self.epoch, self.boot, self.session, self.since, self.software, self.config,
            self.contract, self.heard_at, self.name, self.area,
        )  # fmt: skip

    def hear(self, report: StateReport, now: str) -> bool:
        """Take a state over, and tell whether it is news: an older connection's never is, and none is after its own end."""
        told, known = (report.epoch, report.boot, report.session), (self.epoch, self.boot, self.session)
        if told < known or (told == known and self.state == "offline" and self.heard_at):
            return False
        is_will = told == known and report.state == "offline" and report.since <= self.since  # written when the connection was made
        self.state, self.mode, (self.epoch, self.boot, self.session) = report.state, report.mode, told
        self.since, self.software = now if is_will else report.since, report.software
        self.config, self.contract = report.config, report.contract
        self.heard_at, self.name, self.area = now, report.name, report.area
        return True


def record_of(row: Row) -> Record:
    """The fact of a row with the columns of `RECORD`."""
    return msgspec.convert({**dict(zip(RECORD, row, strict=True)), "body": msgspec.json.decode(row[5])}, Record)


def fact_row(cabinet: str, held: Held) -> tuple[Any, ...]:
    """A row of `fact`."""
    one = held.record
    return (
        cabinet, one.epoch, one.seq, one.id, one.at, one.type, one.access, one.staff, one.witness, held.body, one.prev_hash, one.hash
    )  # fmt: skip


def head_row(cabinet: str, head: Head, now: str) -> tuple[Any, ...]:
    """A row of `head`."""
    return cabinet, head.epoch, head.seq, head.hash, head.journal, now, head.waiting


def told_row(cabinet: str, report: StockReport) -> tuple[Any, ...]:
    """The half of a row of `pocket` that its cabinet reports."""
    item = report.item
    return (
        cabinet, report.epoch, report.pocket, 0, report.seq, item.id, report.status, item.name, item.strength, item.form, report.unit,
        report.earliest_expiry, report.capacity,
    )  # fmt: skip


def need_row(cabinet: str, at: str, need: Need) -> tuple[Any, ...]:
    """A row of `need`: what is most urgent ranks first, and within that what asks for units at all."""
    urgency = _URGENCIES.index(need.urgency) if need.urgency in _URGENCIES else len(_URGENCIES)
    rank = 2 * urgency + (need.units_needed == 0)
    return (
        cabinet, need.pocket, rank, need.item, need.units, need.min, need.par, need.units_needed, need.urgency, need.why, at,
        need.asked_at,
    )  # fmt: skip
