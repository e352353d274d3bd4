"""Modbus pairs and frames that nobody of this project wrote: what is right is understood, what is wrong on purpose is a typed fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from cabinet.ports import DeviceFault
from drivers.bus import check_sum
from drivers.exchange import Question
from drivers.framing import Mbap, Rtu

DEVICE = Path(__file__).parents[2].parent / "shared/data/device"
pytestmark = pytest.mark.skipif(not DEVICE.exists(), reason="the public recordings are not at hand")
READS = (1, 2, 3, 4)
ECHOES = {5: 5, 6: 5, 15: 5, 16: 5}


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file of records, none where it is missing."""
    path = DEVICE / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def question(request: bytes) -> Question:
    """What the recorded request asks, in the driver's form."""
    body = request[1:-2]
    function, quantity = body[0], int.from_bytes(body[3:5], "big")
    if function in READS:
        data_length = (quantity + 7) // 8 if function in (1, 2) else 2 * quantity
        return Question("record", request[0], body, bytes((function, data_length & 0xFF)), 2 + data_length)
    return Question("record", request[0], body, body[:5], 5)


def listen(request: bytes, response: bytes) -> bytes | None:
    """What the driver hears."""
    return Rtu(19200).answer(question(request), bytearray(response))


@pytest.mark.parametrize("row", rows("modbus_minimalmodbus_transcripts.jsonl"), ids=lambda row: row["id"])
def test_recorded_pair(row: dict[str, Any]) -> None:
    """A right reply gives its body; a wrong one is a typed fault or no frame at all, never a value."""
    if row["mode"] != "rtu":
        pytest.skip("not a dialect of ours")
    request, response = bytes.fromhex(row["request"]), bytes.fromhex(row["response"])
    if request[1] not in (*READS, *ECHOES):
        pytest.skip("a function that no driver asks")
    try:
        answer = listen(request, response)
    except DeviceFault:
        answer = None
    if row["set"].startswith("GOOD"):
        assert answer == response[1:-2]
    else:
        assert answer is None or row["id"] in RIGHT_ALL_THE_SAME


RIGHT_ALL_THE_SAME = {"ad54057b910c": "a spoilt echo in front: to its author a wrong echo, here noise before a whole frame"}
"""Replies that their authors count as wrong and that answer the question all the same, with the reason."""


@pytest.mark.parametrize("row", rows("modbus_pymodbus_framer_vectors.jsonl"), ids=lambda row: row["id"])
def test_recorded_frame(row: dict[str, Any]) -> None:
    """The frames of another implementation come apart, and are put together, as they say."""
    frame, body = bytes.fromhex(row["frame"]), bytes.fromhex(row["pdu"])
    asked = Question("record", row["dev_id"], body, body[:1], len(body))
    if row["framer"] == "RTU" and row["is_request"]:
        assert Rtu(19200).frame(asked) == frame
    elif row["framer"] == "RTU":
        assert frame == bytes((row["dev_id"],)) + body + check_sum(frame[:-2])
    elif row["framer"] == "SOCKET" and row["is_request"]:
        assert Mbap().frame(asked)[4:] == frame[4:]
    else:
        pytest.skip("not a dialect of ours")
