"""A cabinet's facts, in order -> its transactions.

Alone knows: which fact makes a transaction, and what is taken from the access that it belongs to.
Must not know: messages, queues. It reads facts as JSON, as every reader of a journal may: one that is not known says nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from central.hl7.memory import Access, Memory, Pocket, number_in, text_in
from central.hl7.transaction import KINDS, Kind, Transaction
from central.record import Record

PLACES = frozenset({"pocket", "return_bin"})


def transactions(memory: Memory, records: Iterable[Record]) -> list[Transaction]:
    """The transactions of further facts; `memory` goes on."""
    return [found for record in records if (found := _heard(memory, record)) is not None]


def _heard(memory: Memory, record: Record) -> Transaction | None:
    body = record.body
    match record.type:
        case "journal_begun":
            memory.begin(is_copy=body.get("after_epoch") is not None)
        case "pocket_assigned" | "levels_changed":
            memory.assign(body)
        case "pocket_unassigned":
            memory.pockets.pop(text_in(body, "pocket"), None)
        case "access_requested":
            memory.request(record.access or "", body)
        case "order_linked":
            memory.link(text_in(body, "access"), text_in(body, "order"))
        case "witness_signed":
            _access(memory, record).witness = record.witness or ""
        case "pocket_counted":
            return _counted(memory, record)
        case "units_moved":
            return _moved(memory, record)
        case "access_moved":
            return _went(memory, record)
    return None


def _access(memory: Memory, record: Record) -> Access:
    return memory.accesses.get(record.access or "", Access())


def _told(memory: Memory, record: Record, kind: Kind, item: str, place: str, held: Pocket) -> Transaction:
    """A transaction as far as every kind has it. A return or a waste is of the patient and order of its withdrawal."""
    access = _access(memory, record)
    taken = memory.accesses.get(access.withdrawal, access)
    return Transaction(
        memory.cabinet, record.epoch, record.seq, record.at, kind, item, 0, place=place, drawer=held.drawer, par=held.par, min=held.min,
        expected=held.units, actual=access.counted, after=held.units, total=memory.total(item), access=record.access or "",
        patient=taken.patient or access.patient, order=taken.order or access.order, authority=access.authority,
        staff=record.staff or "", witness=record.witness or access.witness, said=access.said,
    )  # fmt: skip


def _counted(memory: Memory, record: Record) -> Transaction | None:
    """A count is told where it was the purpose; before a withdrawal it is only remembered."""
    access, body = _access(memory, record), record.body
    if not body.get("is_final", True) or access.is_own:
        return None
    access.counted, access.expected = number_in(body, "counted"), number_in(body, "expected")
    if access.kind != "count":
        return None
    place, item = text_in(body, "pocket"), text_in(body, "item")
    told = _told(memory, record, Kind.COUNT, item, place, memory.pockets.get(place, Pocket(item)))
    access.has_moved = True
    return replace(told, units=access.counted, expected=access.expected, after=access.counted)


def _moved(memory: Memory, record: Record) -> Transaction | None:
    """Units went from one account to another."""
    access, body = _access(memory, record), record.body
    source, target = text_in(body, "source"), text_in(body, "target")
    units, item, is_bin = number_in(body, "units"), text_in(body, "item"), "return_bin" in {source, target}
    inward = (target in PLACES) - (source in PLACES)
    place = (text_in(body, "place") if is_bin else text_in(body, "pocket")) if inward else ""
    held = memory.held(place, item, is_bin=is_bin) if inward else Pocket(item)
    before, held.units = held.units, held.units + inward * units
    kind = KINDS.get((source, target))
    if kind is None or access.is_own:
        return None
    access.has_moved = True
    told = _told(memory, record, kind, item, place, held)
    return replace(
        told, units=units, part_m=number_in(body, "part_m"), is_bin=is_bin, delta=inward * units, expected=before,
        lot=text_in(body, "lot"), expiry=text_in(body, "expiry"), said=_why(access, record),
        is_given_up=kind is Kind.UNLOAD and access.kind == "unload" and held.units == 0,
    )  # fmt: skip


def _went(memory: Memory, record: Record) -> Transaction | None:
    """An access that was open and ends without anything taken, put or counted for its own sake is a null, whoever cancelled it."""
    access, target = _access(memory, record), text_in(record.body, "target")
    access.is_open |= target == "open"
    if target != "cancelled" or not access.is_open or access.has_moved or access.is_own or not access.pocket:
        return None
    return _told(memory, record, Kind.NULL, access.item, access.pocket, memory.pockets.get(access.pocket, Pocket(access.item)))


def _why(access: Access, record: Record) -> str:
    """In the words of whoever reads a report."""
    if "variance" in {record.body.get("source"), record.body.get("target")}:
        return "DISCREPANCY" if access.counted is None else f"DISCREPANCY {access.expected} EXPECTED {access.counted} COUNTED"
    return access.said or text_in(record.body, "place")
