"""The trace's own reading of a line, against the frames of the vendors' papers: a third witness beside driver and simulator."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.workbench.decoding import Piece, describe, joined

VECTORS = Path(__file__).parent / "vectors"


@pytest.mark.parametrize(
    ("framing", "frame", "is_ours", "said"),
    [
        ("rtu", "01 05 02 00 00 07 8d b0", True, "unit 1: write output 0200 = 0007"),
        ("rtu", "01 02 00 00 00 08 79 cc", True, "unit 1: read inputs 0000, 8 of them"),
        ("rtu", "01 02 01 0d 60 4d", False, "unit 1: read inputs: 0d"),
        ("rtu", "01 85 02 c3 51", False, "unit 1: write output refused: illegal address"),
        ("rtu", "01 05 02 00 00 07 8d b1", True, "check sum wrong, or part of a frame"),
        ("rtu", "01", False, "1 bytes that are no frame"),
        ("mbap", "00 01 00 00 00 06 01 05 02 00 00 07", True, "#1 unit 1: write output 0200 = 0007"),
        ("mbap", "00 01", False, "2 bytes that are no frame"),
        ("kerong", "02 14 31 03 4a", True, "board 1 lock 4: unlock"),
        ("kerong", "02 00 35 fe ff 01 00 03 38", False, "board 0 lock 0: status fe ff 01 00"),
        ("kerong", "02 14 31 03 4b", True, "board 1 lock 4: unlock, check sum wrong"),
        ("mtsics", "53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67 0d 0a", False, "S S     100.00 g"),
    ],
)
def test_a_frame_is_told_in_words(framing: str, frame: str, is_ours: bool, said: str) -> None:
    """A technician reads what was asked and what came back, not hexadecimal."""
    assert describe(framing, bytes.fromhex(frame), is_ours=is_ours) == said


def test_every_golden_frame_with_a_check_sum_is_understood() -> None:
    """What the vendors' papers print is what a technician will see."""
    rows = tomllib.loads((VECTORS / "waveshare.toml").read_text())["frame"]
    frames = [(bytes.fromhex(row[side]), side == "request") for row in rows if row["reply"] for side in ("request", "reply")]
    assert len(frames) > 5
    told = [describe("rtu", frame, is_ours=is_ours) for frame, is_ours in frames]
    assert all(sentence.startswith("unit ") for sentence in told), told


@given(st.sampled_from(["rtu", "mbap", "kerong", "mtsics", "osdp", "nut"]), st.binary(max_size=300), st.booleans())
def test_no_bytes_stop_a_trace(framing: str, data: bytes, is_ours: bool) -> None:
    """The line that is broken is the one that is traced."""
    assert isinstance(describe(framing, data, is_ours=is_ours), str)


def test_an_answer_in_pieces_is_one_frame() -> None:
    """Serial lines hand bytes over as they come; a question never comes in pieces, for we send it whole."""
    pieces = [
        Piece(1, "", 0.000, "a", "rtu", True, b"ask"),
        Piece(2, "", 0.010, "a", "rtu", False, b"an"),
        Piece(3, "", 0.012, "a", "rtu", False, b"swer"),
        Piece(4, "", 0.030, "a", "rtu", False, b"late"),
        Piece(5, "", 0.031, "b", "rtu", False, b"other"),
    ]
    assert [(piece.bus, piece.data) for piece in joined(pieces)] == [("a", b"ask"), ("a", b"answer"), ("a", b"late"), ("b", b"other")]
