"""Whoever sends learns what became of it: in their mode, with their delimiters, under their number."""

from datetime import UTC, datetime

import pytest

from central.hl7.answer import answers
from central.hl7.book import Book
from central.hl7.framing import Cut, Piece
from central.hl7.grammar import Message, parse
from central.hl7.reading import read
from tests.domain.hl7_message import BOOK, MSH, NOW, PID, adt, message, rde, told

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def answered(content: bytes, book: Book = BOOK) -> list[Message]:
    return [parse(answer) for answer in answers(told(content, book), AT, "ours", UTC)]


def codes(content: bytes) -> list[str]:
    return [answer.segments[1].text(1) for answer in answered(content)]


def test_the_original_mode_has_one_answer_under_the_senders_number() -> None:
    """MSA-2 is all that a sender knows an answer by; parties change places."""
    (answer,) = answered(adt("A01"))
    head, said = answer.segments
    assert [head.text(n) for n in (3, 4, 5, 6, 10, 11, 12)] == ["ADC", "PHARM", "ADT", "HOSP", "ours", "P", "2.5.1"]
    assert (head.text(9), head.text(9, 2), said.text(1), said.text(2)) == ("ACK", "A01", "AA", "A01-20260302120000")


ENHANCED = [
    ("AL|AL", True, ["CA", "AA"]), ("AL|NE", True, ["CA"]), ("NE|AL", True, ["AA"]), ("NE|NE", True, []), ("ER|ER", True, []),
    ("SU|SU", True, ["CA", "AA"]),
    ("AL|AL", False, ["CA", "AE"]), ("ER|ER", False, ["CA", "AE"]), ("SU|SU", False, []), ("AL|NE", False, ["CA"]), ("|AL", False, ["AE"]),
]  # fmt: skip


@pytest.mark.parametrize(("wants", "is_good", "expected"), ENHANCED)
def test_the_enhanced_mode_answers_what_is_wanted(wants: str, is_good: bool, expected: list[str]) -> None:
    """MSH-15 speaks of the receipt, MSH-16 of what the application made of it (table 0155)."""
    content = adt("A01", pid=PID if is_good else "PID|1")
    assert codes(content.replace(b"|P|2.5.1", f"|P|2.5.1|||{wants}".encode())) == expected


def test_what_is_no_message_for_us_is_not_even_received_in_enhanced_mode() -> None:
    """CR: sent again it will be refused again."""
    assert codes(adt("A01").replace(b"|P|2.5.1", b"|T|2.5.1|||AL|AL")) == ["CR"]


@pytest.mark.parametrize(("version", "place", "reason"), [("2.5.1", "PID^1^3", "101"), ("2.3", "", "PID^1^3^101")])
def test_an_error_names_its_place_and_its_reason(version: str, place: str, reason: str) -> None:
    """ERR changed its shape with 2.5; a sender of 2.3 reads the old one."""
    (answer,) = answered(adt("A01", pid="PID|1").replace(b"|2.5.1", f"|{version}".encode()))
    error = answer.first("ERR")
    assert error is not None
    assert (error.raw(2) if place else error.raw(1)) == (place or reason)
    assert answer.segments[1].text(1) == "AE"
    assert "PID-3 is missing" in answer.segments[1].text(3)
    assert not place or (error.text(3), error.text(4)) == (reason, "E")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(rde(), "RRE^O12^RRE_O12"), (message("MFN^M02", "MFI|PRA||UPD", "MFE|MAD|1||x|CWE", "STF|x|x|A^B"), "MFK^M02^MFK_M01")],
)
def test_types_that_have_an_answer_of_their_own_get_it(content: bytes, kind: str) -> None:
    """RRE to an encoded order, MFK with a line for each record to a master file."""
    (answer,) = answered(content)
    assert answer.header.raw(9) == kind
    assert kind[:3] != "MFK" or [segment.name for segment in answer.segments] == ["MSH", "MSA", "MFI", "MFA"]


def test_an_answer_speaks_with_the_senders_delimiters() -> None:
    """VistA writes ~ and ^ the other way round."""
    content = adt("A01").replace(b"^", b"\x00").replace(b"~", b"^").replace(b"\x00", b"~")
    (answer,) = answers(told(content), AT, "ours", UTC)
    assert answer.startswith(b"MSH|~^\\&|ADC|PHARM|ADT|HOSP|")
    assert b"ACK~A01~ACK" in answer


def test_nobody_answers_an_answer() -> None:
    """Two servers would talk for ever."""
    assert answered(message("ACK^A01", "MSA|AA|77")) == []


@pytest.mark.parametrize("piece", [Piece.GIANT, Piece.BLOCK])
def test_what_is_no_message_is_refused_all_the_same(piece: Piece) -> None:
    """Silence would leave a sender waiting."""
    (answer,) = answers(read(Cut(piece, b"junk"), BOOK, NOW), AT, "ours", UTC)
    assert parse(answer).segments[1].text(1) == "AR"


def test_types_that_nothing_here_acts_on_are_taken_or_refused_as_the_site_says() -> None:
    """Many senders stop at an AR; others want to know."""
    content = message("ORU^R01", PID, "OBX|1|ST|x||y")
    assert codes(content) == ["AA"]
    assert [answer.segments[1].text(1) for answer in answered(content, Book(takes_unknown_types=False))] == ["AR"]
    assert MSH
