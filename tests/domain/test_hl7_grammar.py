"""Fields are read as their sender meant them: with any delimiters, in any character set, and with no text lost to an escape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.hl7.grammar import Delimiters, NotHl7, Segment, parse, written

ODD = [
    ("^~\\&", "a^b&c"), ("~^\\&", "a~b&c"), ("^~\\}", "a^b}c"), ("$%?!", "a$b!c"), ("^~\\\\&", "a^b&c"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "field"), ODD)
def test_delimiters_are_the_senders_choice(encoding: str, field: str) -> None:
    """VistA writes ~ for components; some write the escape character twice."""
    segment = parse(f"MSH|{encoding}|APP\rPID|1|{field}\r".encode()).segments[1]
    assert [segment.text(2), segment.text(2, 2), segment.text(2, 2, subcomponent=2)] == ["a", "b", "c"]


def test_a_short_msh_2_leaves_delimiters_unused() -> None:
    """What is not named as a delimiter is a letter."""
    segment = parse(b"MSH|^|APP\rPID|a^b~c&d\\T\\\r").segments[1]
    assert (segment.text(1), segment.text(1, 2)) == ("a", "b~c&d\\T\\")


def test_escapes_are_resolved_where_they_are_known_and_kept_where_they_are_not() -> None:
    """A drug's name that ends at a lone backslash would be another drug's."""
    segment = parse(b"MSH|^~\\&|A\rNTE|1|5\\10 mg|a\\F\\b\\S\\c\\T\\d\\E\\e|\\X416263\\|\\.br\\x\\Zunknown\\\r").segments[1]
    assert segment.text(2) == "5\\10 mg"
    assert segment.text(3) == "a|b^c&d\\e"
    assert segment.text(4) == "Abc"
    assert segment.text(5) == "x\\Zunknown\\"


@pytest.mark.parametrize(
    ("charset", "said"), [("utf-8", ""), ("utf-8", "UNICODE UTF-8"), ("iso-8859-1", "8859/1"), ("iso-8859-2", "8859/2"),
     ("cp1252", "ASCII"), ("utf-16", "")]
)  # fmt: skip
def test_names_keep_their_letters(charset: str, said: str) -> None:
    """MSH-18 names the character set; where it lies, the letters of Europe still come out."""
    name = "JÜRGEN"
    content = f"MSH|^~\\&|A||||||ADT^A01|1|P|2.5||||||{said}\rPID|1||||{name}\r".encode(charset)
    assert parse(content).segments[1].text(5) == name


def test_what_is_said_to_be_empty_is_known_from_what_is_not_said() -> None:
    """Two quotation marks delete; nothing leaves as it is."""
    segment = parse(b'MSH|^~\\&|A\rPID|""||x\r').segments[1]
    assert (segment.text(1), segment.raw(1), segment.text(2), segment.raw(2)) == ("", '""', "", "")


@given(
    st.binary(max_size=200)
    | st.binary(max_size=80).map(lambda tail: b"MSH|^~\\&|" + tail)
    | st.binary(max_size=80).map(lambda tail: b"MSH" + tail)
)
def test_any_bytes_are_a_message_or_are_refused_in_words(content: bytes) -> None:
    """Junk is no reason to fall over."""
    try:
        message = parse(content)
    except NotHl7:
        return
    for segment in message.segments:
        for field in range(1, 25):
            segment.text(field, 2, repetition=2, subcomponent=2)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x1c"), max_size=30),
    st.sampled_from(["^~\\&", "~^\\&", "$%?!"]),
)
def test_what_is_written_is_read_back(text: str, encoding: str) -> None:
    """Whatever a patient's name holds, it shifts no field."""
    marks = Delimiters("|", *encoding)
    head = Segment("MSH", ("|", encoding, "A"), marks)
    line = Segment("PID", ("1", marks.written(text), "end"), marks)
    back = parse(written([head, line])).segments[1]
    assert (back.text(2), back.text(3)) == (text.replace("\r", "\n").strip(), "end")
