"""Real messages of four open interface engines, many odd on purpose: none crashes, and every verdict that refuses one is explained (R8)."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.hl7.answer import answers
from central.hl7.book import Book
from central.hl7.framing import Cut, Piece
from central.hl7.grammar import NotHl7, parse
from central.hl7.reading import Reading, read
from central.hl7.roll import Roll
from central.hl7.verdict import Code
from tests.domain.hl7_message import NOW, adt, rde

FILE = Path(__file__).parents[2].parent / "shared/data/hl7/messages.jsonl"
BOOK = Book(processing=("P", "T", "D"))
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)

EXPLAINED = {
    "MSH-10 is missing": "the answer could not name the message (90 of the file's messages have none, by its own flags)",
    "MSH-9 is missing": "nothing says which message it is",
    "MSH-11 is": "the fields are shifted: the processing id is none of P, T and D",
    "this is no HL7 message": "a grammar of a guide, and no message",
    "PID is missing": "an ADT or order message of a header alone, or of another shape: nobody is named",
    "PID-3 is missing": "no identifier of a type that names a patient, or none at all",
    "PV1 is missing": "an admission that does not say where",
    "ORC-2 is missing": "an order without a number of either side could never be stopped",
    "RXO is missing": "an order of something else than a drug",
}
"""How a refusal begins -> why it is right. Anything else must be accepted."""

ACTED = {"ADT", "RDE", "OMP", "ORM"}


def rows() -> list[dict[str, str]]:
    if not FILE.exists():
        pytest.skip("the folder of real data is not there")
    return [json.loads(line) for line in FILE.read_text().splitlines()]


def all_of(content: bytes, piece: Piece = Piece.BLOCK) -> Reading:
    """Everything that happens to a message, short of a disk."""
    reading = read(Cut(piece, content), BOOK, NOW)
    roll = Roll()
    for heard in reading.heard:
        roll.hear(heard)
    for answer in answers(reading, AT, "ours", UTC):
        assert parse(answer).segments[1].text(1) in {"AA", "AE", "AR", "CA", "CR"}
    return reading


def test_every_real_message_is_judged_and_every_refusal_is_explained() -> None:
    """R8: crashes 0, verdicts that refuse explained one by one."""
    seen: Counter[str] = Counter()
    for row in rows():
        reading = all_of(row["message"].encode())
        if reading.verdict.code is not Code.ACCEPT:
            cause = next((cause for cause in EXPLAINED if reading.verdict.words.startswith(cause)), None)
            assert cause is not None, (row["id"], reading.verdict)
            seen[cause] += 1
    assert set(seen) == set(EXPLAINED), "an explanation that explains nothing"


def test_what_a_header_says_is_read_as_the_file_knows_it() -> None:
    """The file's own columns (type, missing control id) were made by another reader."""
    for row in rows():
        reading = all_of(row["message"].encode())
        if reading.envelope is None or row["type"] in {"", "9"}:
            continue
        assert reading.envelope.name == row["type"].removesuffix("^").upper() or row["type"] == "ACK^", row["id"]
        assert (not reading.envelope.control) is ("missing_msh10" in row["flags"]), row["id"]


def test_every_real_order_that_is_whole_is_heard() -> None:
    """What can be dispensed on is never answered with silence."""
    for row in rows():
        kind = row["type"].split("^")[0]
        reading = all_of(row["message"].encode())
        if kind in {"RDE", "OMP"} and reading.verdict.code is Code.ACCEPT:
            assert reading.heard, row["id"]
        assert kind in ACTED or not reading.heard


SEEDS = [adt("A01"), rde(), rde("DC")]


@settings(max_examples=300)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6), st.integers(0, 8)), max_size=6),
    st.sampled_from(list(Piece)),
)
def test_damaged_messages_are_judged(seed: bytes, wounds: list[tuple[int, bytes, int]], piece: Piece) -> None:
    """Half messages, bytes of another one in the middle, delimiters overwritten."""
    content = bytearray(seed)
    for place, put, cut in wounds:
        content[place : place + cut] = put
    all_of(bytes(content), piece)


def test_another_reader_cuts_real_messages_as_we_do() -> None:
    """python-hl7 is a stranger: same segments, same fields, wherever both can read a message."""
    hl7 = pytest.importorskip("hl7")
    compared = 0
    for row in rows():
        if "segment_without_separator" in row["flags"] or "bad_segment_name" in row["flags"]:
            continue
        try:
            ours = parse(row["message"].encode())
        except NotHl7:
            continue
        theirs = hl7.parse(row["message"])
        lines = [segment for segment in theirs if str(segment).strip()]
        assert [str(line[0]) for line in lines if str(line[0]) != "\x1c"] == [segment.name for segment in ours.segments] or ours.strays
        for line, segment in zip(lines, ours.segments, strict=False):
            for number in range(3 if segment.name == "MSH" else 1, len(line)):
                assert str(line[number]).strip() == segment.raw(number).strip(), (row["id"], segment.name, number)
                compared += 1
    assert compared > 5000
