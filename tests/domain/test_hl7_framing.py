"""A stream of bytes holds the same messages however the network cuts it, and no byte of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from central.hl7.framing import Cut, Framer, Piece, framed

LIMIT = 60
BYTES = st.binary(max_size=40) | st.lists(st.sampled_from(b"\x0b\x1c\rMSH|\n "), max_size=40).map(bytes)
STREAM = st.lists(BYTES | BYTES.map(framed), max_size=8).map(b"".join)


def pieces(stream: bytes, limit: int = LIMIT, sizes: list[int] | None = None) -> list[Cut]:
    framer, cuts, at = Framer(limit), [], 0
    for size in sizes or [len(stream)]:
        cuts += framer.feed(stream[at : at + size])
        at += size
    return cuts + framer.feed(stream[at:]) + framer.end()


@given(STREAM, st.lists(st.integers(1, 9), max_size=40))
def test_any_split_of_a_stream_makes_the_same_pieces(stream: bytes, sizes: list[int]) -> None:
    """TCP knows no messages: one byte at a time or all at once must come to the same."""
    assert pieces(stream) == pieces(stream, sizes=sizes)


@given(STREAM)
def test_every_byte_that_means_something_is_in_some_piece(stream: bytes) -> None:
    """What a sender said can be read again, also where it was no message."""
    kept = b"".join(cut.content for cut in pieces(stream, limit=10_000))
    meant = bytes(byte for byte in stream if byte not in b"\x0b\x1c\r\n\x00 \t")
    assert bytes(byte for byte in kept if byte not in b"\x0b\x1c\r\n\x00 \t") == meant


@given(st.lists(st.binary(max_size=40).map(lambda content: bytes(byte for byte in content if byte not in b"\x0b\x1c")), max_size=6))
def test_what_is_framed_is_read_back(contents: list[bytes]) -> None:
    """Several messages in one segment of TCP are several messages."""
    assert pieces(b"".join(map(framed, contents))) == [Cut(Piece.BLOCK, content) for content in contents]


def test_a_block_without_an_end_is_half_a_message_and_hides_no_other() -> None:
    """A sender that lost its connection in the middle begins anew; so does whoever forgets the end block."""
    assert pieces(b"\x0bMSH|1\x0bMSH|2\x1c\r\x0bMSH|3") == [
        Cut(Piece.HALF, b"MSH|1"),
        Cut(Piece.BLOCK, b"MSH|2"),
        Cut(Piece.HALF, b"MSH|3"),
    ]


def test_a_block_ends_at_its_end_byte_even_where_the_return_is_missing() -> None:
    """Some senders leave the last byte out, and wait for an answer."""
    framer = Framer(LIMIT)
    assert framer.feed(b"\x0bMSH|1\x1c") == [Cut(Piece.BLOCK, b"MSH|1")]
    assert framer.feed(b"\r\n\x0bMSH|2\x1c\r") == [Cut(Piece.BLOCK, b"MSH|2")]


def test_a_giant_is_cut_off_and_the_next_message_is_read() -> None:
    """A sender gone mad takes no more memory than anybody may."""
    framer = Framer(LIMIT)
    first = framer.feed(b"\x0bMSH" + b"x" * 1000)
    assert [cut.piece for cut in first] == [Piece.GIANT]
    assert len(first[0].content) == LIMIT
    assert framer.feed(b"y" * 1_000_000) == []
    assert framer.feed(b"\x1c\r\x0bMSH|2\x1c\r") == [Cut(Piece.BLOCK, b"MSH|2")]


def test_bytes_outside_of_a_block_are_kept_as_junk() -> None:
    """A port scanner, a browser, a message without its start block: nobody acts on them, somebody may want to see them."""
    assert pieces(b"GET / HTTP/1.1\r\n\r\n\x0bMSH|2\x1c\r\n") == [Cut(Piece.JUNK, b"GET / HTTP/1.1\r\n\r\n"), Cut(Piece.BLOCK, b"MSH|2")]
