"""The store of interfaces keeps every byte and every turn, in memory, in a file and on a server alike."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import insert

from central.database.place import Database, url_of_file
from central.database.table import FACT, HEAD
from central.hl7.heard import Doing, Drug, OrderHeard
from central.hl7.port import Archive, Changed, Cursor, Kept, Outbox, Outgoing
from central.hl7.roll import Standing, StandingOrder
from central.hl7.store import Store
from central.hl7.twin import MemoryArchive, MemoryOutbox
from tests.database import any_database, any_url, migrated_postgres, postgres_server, postgres_url

__all__ = ["any_database", "any_url", "migrated_postgres", "postgres_server", "postgres_url"]

BYTES = bytes(byte for byte in range(256) if byte not in b"\x0b\x1c")
KEPT = Kept(0, "adt", "2026-03-02T12:00:00.000000Z", "block", BYTES, "ADT|HOSP", "C1", "ADT^A01", "AA", "0", "", (b"MSH|1\r", b"MSH|2\r"))
PATIENT = Standing("mrn-77", "ELEANOR VOSS", area="ward-1", allergies=("latex",), former={"icu": "2026-03-01T00:00:00.000000Z"})
ORDER = StandingOrder(OrderHeard("rx9", "mrn-77", Doing.PUT, "2026", drug=Drug("1", "x"), item="oxy", dose="5 mg"), "active", "2026")


Twin = TypeVar("Twin", MemoryArchive, MemoryOutbox)
FORMS = ["twin", "sqlite", pytest.param("postgresql", marks=pytest.mark.real)]


@pytest.fixture(params=FORMS)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    yield from _kept(request, tmp_path, MemoryArchive())


@pytest.fixture(params=FORMS)
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    yield from _kept(request, tmp_path, MemoryOutbox())


def _kept(request: pytest.FixtureRequest, folder: Path, twin: Twin) -> Iterator[Twin | Store]:
    if request.param == "twin":
        yield twin
        return
    url = str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else url_of_file(folder / "central.db")
    database = Database(url).prepare()
    yield Store(database.engine)
    database.close()


def test_every_byte_of_a_message_and_its_answers_come_back(archive: Archive) -> None:
    """Also those that no character set has."""
    assert archive.keep(KEPT, Changed()) == 1
    assert archive.keep(replace(KEPT, content=b"", answers=(), words="a\x00b"[:1]), Changed()) == 2
    first, second = archive.messages()
    assert first == replace(KEPT, number=1)
    assert (second.content, second.answers) == (b"", ())
    assert [one.number for one in archive.messages(after=1)] == [2]
    assert [one.number for one in archive.messages(limit=1)] == [1]


def test_a_repeat_is_known_by_link_sender_number_and_bytes(archive: Archive) -> None:
    """And leads to the first, however often it came since."""
    archive.keep(KEPT, Changed())
    archive.keep(replace(KEPT, repeats=1), Changed())
    found = archive.seen("adt", "ADT|HOSP", "C1", BYTES)
    assert found is not None
    assert found.number == 1
    for other in (
        ("rx", "ADT|HOSP", "C1", BYTES),
        ("adt", "X", "C1", BYTES),
        ("adt", "ADT|HOSP", "C2", BYTES),
        ("adt", "ADT|HOSP", "C1", b""),
    ):
        assert archive.seen(*other) is None


def test_a_number_that_no_database_holds_is_kept_and_known_again(archive: Archive) -> None:
    """U+0000 in a header: a message that is never kept is sent for ever, and whatever waits behind it never comes."""
    odd = replace(KEPT, sender="ADT\x00|HOSP", control="C\x001")
    archive.keep(odd, Changed())
    assert archive.seen("adt", odd.sender, odd.control, BYTES) is not None


def test_the_roll_comes_back_as_it_was_kept_last(archive: Archive) -> None:
    """A restart in the middle of a night."""
    archive.keep(KEPT, Changed((PATIENT,), (ORDER,)))
    archive.change(Changed((replace(PATIENT, name="E. VOSS"),), (replace(ORDER, status="held"),)))
    roll = archive.roll()
    assert roll.patients == {"mrn-77": replace(PATIENT, name="E. VOSS")}
    assert roll.orders == {"rx9": replace(ORDER, status="held")}


def test_what_is_forgotten_is_gone_and_nothing_else(archive: Archive) -> None:
    """A roll that grew for ever would be slow, then full; the messages stay."""
    archive.keep(KEPT, Changed((PATIENT, replace(PATIENT, patient="old")), (ORDER,)))
    archive.forget(["old", "never known"], [])
    assert set(archive.roll().patients) == {"mrn-77"}
    archive.forget([], ["rx9"])
    assert (archive.roll().orders, len(archive.messages())) == ({}, 1)


def test_a_queue_is_in_order_and_takes_each_source_once(outbox: Outbox) -> None:
    """Told again after a crash is told once."""
    messages = [Outgoing(f"c{number}", BYTES, f"w1/1/{number}") for number in range(3)]
    outbox.add("bill", messages)
    outbox.add("bill", messages)
    outbox.add("rx", messages[:1])
    assert (outbox.waiting("bill"), outbox.waiting("rx")) == (3, 1)
    seen = []
    while (first := outbox.first("bill")) is not None:
        outbox.tried("bill", first.number)
        again = outbox.first("bill")
        assert again is not None
        assert (again.tries, again.content) == (1, BYTES)
        outbox.settle("bill", first.number, "sent" if seen else "refused", b"MSA", "2026")
        seen.append(first.control)
    outbox.add("bill", messages)
    assert (seen, outbox.waiting("bill")) == (["c0", "c1", "c2"], 0)
    assert [one.control for one, _, _ in outbox.settled("bill", "sent")] == ["c2", "c1"]
    assert [(one.control, answer, at) for one, answer, at in outbox.settled("bill", "refused")] == [("c0", b"MSA", "2026")]


def test_a_cursor_moves_with_its_messages(outbox: Outbox) -> None:
    """One transaction."""
    assert outbox.cursor("bill", "w1") is None
    for seq in (1, 2):
        outbox.advance("bill", "w1", Cursor(7, seq, b"memory"), [Outgoing(f"c{seq}", b"x", f"s{seq}")])
    assert outbox.cursor("bill", "w1") == Cursor(7, 2, b"memory")
    assert outbox.waiting("bill") == 2


def test_facts_are_read_as_they_are_held(any_database: Database) -> None:
    """By cabinet, by epoch, after a number."""
    with any_database.engine.begin() as conn:
        conn.execute(insert(HEAD).values(cabinet="w1", epoch=5, seq=2, hash="", journal="", held_at="", waiting=0))
        conn.execute(
            insert(FACT),
            [
                {"cabinet": "w1", "epoch": 5, "seq": seq, "id": f"f{seq}", "at": "2026", "type": "t", "access": None, "staff": "s",
                 "witness": None, "body": '{"units":1}', "prev_hash": "", "hash": ""}
                for seq in (1, 2)
            ],
        )  # fmt: skip
    store = Store(any_database.engine)
    assert (store.cabinets(), store.epochs("w1")) == (["w1"], [5])
    assert [(record.seq, record.body, record.staff) for record in store.facts("w1", 5, 1, 10)] == [(2, {"units": 1}, "s")]
