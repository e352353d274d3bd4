"""The simulator's own framing against records of other people's code."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.framing import MBAP_LENGTH, MbapHead, check_sum, mbap, rtu, rtu_parts
from firmware_sim.pace import Pace

RECORDS = Path(__file__).parents[2].parent / "shared/data/device"


def records(name: str) -> list[dict[str, Any]]:
    """One file of records; skips the test where there are none."""
    path = RECORDS / name
    if not path.exists():
        pytest.skip(f"no records at {path}")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_frames_of_another_library_are_read_and_written_alike() -> None:
    """Framing that was written from the standard meets framing that was tested in the field."""
    seen = 0
    for record in records("modbus_pymodbus_framer_vectors.jsonl"):
        frame, pdu = bytes.fromhex(record["frame"]), bytes.fromhex(record["pdu"])
        if record["framer"] == "RTU":
            assert rtu_parts(frame) == (record["dev_id"], pdu)
            assert rtu(record["dev_id"], pdu) == frame
        elif record["framer"] == "SOCKET":
            assert MbapHead.parse(frame) == MbapHead(record["trans_id"], 0, len(pdu) + 1, record["dev_id"])
            assert mbap(record["trans_id"], record["dev_id"], pdu) == frame
        else:
            continue
        seen += 1
    assert seen > 5


def test_recorded_check_sums_are_judged_as_recorded() -> None:
    """Some records are wrong on purpose; the check sum tells which."""
    for record in records("modbus_minimalmodbus_transcripts.jsonl"):
        if record["mode"] != "rtu":
            continue
        for side, verdict in (("request", "req_crc_ok"), ("response", "resp_crc_ok")):
            frame = bytes.fromhex(record[side])
            if verdict in record and record[verdict] is not None and len(frame) > 2:
                assert (check_sum(frame[:-2]) == frame[-2:]) is record[verdict]


@given(st.integers(0, 255), st.binary(min_size=1, max_size=253))
def test_a_frame_comes_apart_as_it_was_put_together(unit: int, pdu: bytes) -> None:
    """Unit and PDU survive both framings."""
    assert rtu_parts(rtu(unit, pdu)) == ((unit, pdu) if len(pdu) > 0 else None)
    message = mbap(7, unit, pdu)
    assert (MbapHead.parse(message).unit, message[MBAP_LENGTH:]) == (unit, pdu)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 10_000))
def test_one_turned_bit_makes_no_frame(pdu: bytes, where: int) -> None:
    """CRC-16 finds every single-bit error."""
    frame = bytearray(rtu(3, pdu))
    frame[where // 8 % len(frame)] ^= 1 << where % 8
    assert rtu_parts(bytes(frame)) is None


@pytest.mark.parametrize(
    ("baud", "parity", "stop_bits", "char_us", "gap_us"),
    [
        (9600, "even", 1, 1145.8, 4010.4),
        (9600, "none", 1, 1041.7, 3645.8),
        (19200, "even", 1, 572.9, 2005.2),
        (115200, "none", 1, 86.8, 1750.0),
    ],
)
def test_characters_and_silences_last_as_the_standard_counts_them(
    baud: int, parity: str, stop_bits: int, char_us: float, gap_us: float
) -> None:
    """Wire time is counted from these two figures, so they are checked against figures worked out apart from the code."""
    pace = Pace.of(baud, parity, stop_bits)
    assert pace.char_s * 1e6 == pytest.approx(char_us, abs=0.05)
    assert pace.gap_s * 1e6 == pytest.approx(gap_us, abs=0.2)
