"""The golden scans as a third witness: what the simulated scanner sends stands there, and is heard and read as it says."""

import asyncio
import json
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cabinet.domain.package.barcode import read
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId, ScannedCode
from cabinet.ports import DeviceFault
from drivers.scanner import SerialScanner
from firmware_sim.fault import Fault, Faults
from firmware_sim.mishap import Arrival
from firmware_sim.scanner import Scanner
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

FRAMES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "vectors/scanner.toml").read_text(encoding="utf-8"))["frame"]
OFFICIAL = Path(__file__).parents[2].parent / "shared/data/gs1/gs1_syntax_engine_vectors.jsonl"
GUN = BoardId("gun")
YEAR = 2026


class Ears:
    """Who listens to the driver."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.faults: list[DeviceFault] = []

    def code_scanned(self, _scanner: BoardId, text: str) -> None:
        """See CodeListener."""
        self.codes.append(text)

    def scan_failed(self, _scanner: BoardId, fault: DeviceFault) -> None:
        """See CodeListener."""
        self.faults.append(fault)

    def scanner_lost(self, _scanner: BoardId, fault: DeviceFault) -> None:
        """See CodeListener."""
        raise fault

    def scanner_back(self, _scanner: BoardId) -> None:
        """See CodeListener."""


def names(*, simulated: bool = False) -> Any:
    """The frames, one parameter each; with `simulated` those that a scanner can be made to send."""
    return [pytest.param(frame, id=frame["name"]) for frame in FRAMES if "given" in frame or not simulated]


async def heard(*pieces: tuple[float, bytes]) -> Ears:
    """What the driver makes of bytes that come: seconds after the piece before, and the piece."""
    ears, line = Ears(), ScriptedLine(lambda _: [])
    async with running(SerialScanner(GUN, line, ears).run()):
        await asyncio.sleep(0.1)
        for after_s, data in pieces:
            await asyncio.sleep(after_s)
            line.say(data)
        await asyncio.sleep(2)
    return ears


def sent(code: str, faults: tuple[str, ...] = (), **how: Any) -> list[Arrival]:
    """What a simulated scanner sends for a code: when, and which bytes."""
    said: list[Arrival] = []
    table = Faults(random.Random(0))
    for fault in faults:
        table.cause(Fault(fault, GUN))
    assert Scanner(GUN, table, say=[said.extend], **how).scan(code)
    return said


@pytest.mark.parametrize("frame", names())
def test_driver_hears_the_golden_scans(frame: dict[str, Any]) -> None:
    """Where a scan begins and ends, byte by byte, and what is none."""

    @virtual
    async def story() -> None:
        ears = await heard(*((piece.get("after_ms", 0) / 1000, bytes.fromhex(piece["bytes"])) for piece in frame["hears"]))
        assert ears.codes == frame["codes"]
        assert [fault.code for fault in ears.faults] == ["scanner.bad_frame"] * frame.get("is_fault", False)

    story()


@pytest.mark.parametrize("frame", names(simulated=True))
def test_simulated_scanner_sends_the_golden_scans(frame: dict[str, Any]) -> None:
    """It is set as the vendors' papers let it be set, and wrong in the ways that they name."""
    given = frame["given"]
    arrivals = sent(given["code"], tuple(given.get("faults", ())), **{key: given[key] for key in ("suffix",) if key in given})
    at_ms = 0
    for piece, (delay_s, data) in zip(frame["hears"], arrivals, strict=True):
        at_ms += piece.get("after_ms", 0)
        assert (round(delay_s * 1000), data.hex(" ").upper()) == (at_ms, piece["bytes"])


@pytest.mark.parametrize("frame", names())
def test_golden_scans_are_read_as_they_say(frame: dict[str, Any]) -> None:
    """The same bytes to the end: which package this is, or why nothing is believed."""
    if "refused" in frame:
        assert read(frame["codes"][0], YEAR) == Refusal(frame["refused"])
    elif "read" in frame:
        found = read(frame["codes"][0], YEAR)
        assert isinstance(found, ScannedCode)
        assert {key: getattr(found, key) for key in frame["read"]} == frame["read"]


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official vectors are not at hand")
def test_every_official_scan_comes_through_as_it_was_sent() -> None:
    """From the simulated scanner's aim to the driver's word nothing is lost, added or taken for an end."""
    rows = [json.loads(line) for line in OFFICIAL.read_text(encoding="utf-8").splitlines()]
    codes = [row["input"] for row in rows if row["kind"] == "processScanData" and row["input"]]
    assert codes

    @virtual
    async def story() -> None:
        for code in codes:
            ears = await heard(*sent(code))
            assert ears.codes == [part for part in code.replace("\n", "\r").split("\r") if part]

    story()
