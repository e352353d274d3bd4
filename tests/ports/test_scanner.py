"""Bar code scanners: one scan is one code however it comes, and a wrongly set scanner is not believed; in virtual and in real time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cabinet.app.hardware import real_lines
from cabinet.domain.package.barcode import read
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault, LineLost
from config.schema import Site
from drivers.scanner import SerialScanner
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from firmware_sim.process import serve
from firmware_sim.scanner import package_code
from tests.scripted_line import ScriptedLine
from tests.simulated_site import small_site
from tests.virtual import running, virtual

GUN = BoardId("gun")
CODE = package_code("0591036901", "AB12C", "310630", "SN0001")
OTHER = package_code("0591036901", "AB12C", "310630", "SN0002")


class Ears:
    """Who listens."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.failed: list[str] = []
        self.news: list[str] = []
        self.heard = asyncio.Event()

    def code_scanned(self, _scanner: BoardId, text: str) -> None:
        self.codes.append(text)
        self.heard.set()

    def scan_failed(self, _scanner: BoardId, fault: DeviceFault) -> None:
        self.failed.append(fault.code)

    def scanner_lost(self, _scanner: BoardId, fault: DeviceFault) -> None:
        self.news.append(f"lost {fault.code}")

    def scanner_back(self, _scanner: BoardId) -> None:
        self.news.append("back")


def site_with(end: str = "pty") -> Site:
    """A cabinet with a scanner on a line of its own."""
    bus: dict[str, Any] = {"id": "scans", "kind": "tcp", "framing": "scanner", "port": 0}
    if end == "pty":
        bus = {"id": "scans", "kind": "serial", "framing": "scanner", "baud": 9600}
    site = small_site().model_dump(by_alias=True)
    return small_site(bus=[*site["bus"], bus], board=[*site["board"], {"id": GUN, "bus": "scans", "model": "serial_scanner"}])


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[Bench, Ears]]:
    """A simulated scanner on a cable, the driver, and who listens."""
    bench, ears = build(site_with(), refuse=LineLost), Ears()
    async with running(SerialScanner(GUN, bench.cables["scans"], ears).run()):
        await asyncio.sleep(0.1)
        yield bench, ears


@virtual
async def test_one_scan_is_one_code_with_prefix_and_separator() -> None:
    """What the page of a package says arrives as it was read."""
    async with listening() as (bench, ears):
        assert bench.hand.scan(CODE)
        await asyncio.sleep(0.5)
        assert bench.hand.scan(OTHER.replace("\x1d", "<GS>"))
        await asyncio.sleep(0.5)
        assert (ears.codes, ears.failed, ears.news) == ([CODE, OTHER], [], [])


@virtual
async def test_a_code_in_two_reads_is_one_code() -> None:
    """A USB transfer ends where it likes."""
    async with listening() as (bench, ears):
        bench.faults.cause(Fault("scanner_splits", GUN))
        bench.hand.scan(CODE)
        await asyncio.sleep(0.5)
        assert (ears.codes, ears.failed) == ([CODE], [])


@virtual
async def test_the_same_code_within_a_second_is_the_same_scan() -> None:
    """A trigger held too long must not count a package twice; held to it again, it is meant."""
    async with listening() as (bench, ears):
        bench.faults.cause(Fault("scanner_doubles", GUN))
        bench.hand.scan(CODE)
        await asyncio.sleep(0.5)
        assert ears.codes == [CODE]
        bench.faults.mend()
        await asyncio.sleep(1)
        bench.hand.scan(CODE)
        await asyncio.sleep(0.5)
        assert ears.codes == [CODE, CODE]


@pytest.mark.parametrize(("fault", "code"), [("scanner_drops_gs", "scan.doubtful"), ("scanner_no_prefix", "scan.no_prefix")])
def test_a_scanner_that_is_set_wrongly_is_not_believed(fault: str, code: str) -> None:
    """What it sends arrives, and is refused by those who read it."""

    @virtual
    async def story() -> None:
        async with listening() as (bench, ears):
            bench.faults.cause(Fault(fault, GUN))
            bench.hand.scan(CODE)
            await asyncio.sleep(0.5)
            assert read(ears.codes[0], 2026) == Refusal(code)

    story()


@pytest.mark.parametrize(
    ("parts", "codes", "failed"),
    [
        ([(0.0, b"]d2abc\r\n")], ["]d2abc"], []),
        ([(0.0, b"]d2abc\n")], ["]d2abc"], []),
        ([(0.0, b"\r\n]d2abc\r")], ["]d2abc"], []),
        ([(0.0, b"]d2abc\r]d2def\r")], ["]d2abc", "]d2def"], []),
        ([(0.0, b"]d2abc"), (0.4, b"\r")], ["]d2abc"], []),
        ([(0.0, b"]d2abc"), (0.6, b"\r")], [], ["scanner.bad_frame"]),
        ([(0.0, b"]d2abc")], [], ["scanner.bad_frame"]),
        ([(0.0, b"x" * 600 + b"\r")], [], ["scanner.bad_frame"]),
        ([(0.0, b"x" * 300), (0.01, b"x" * 300 + b"\r]d2abc\r")], [], ["scanner.bad_frame"]),
        ([(0.0, b"\r\n\r\n")], [], []),
    ],
)
def test_where_a_scan_ends(parts: list[tuple[float, bytes]], codes: list[str], failed: list[str]) -> None:
    """CR, LF or both, then silence; what is too long or has no end is said to be no scan."""

    @virtual
    async def story() -> None:
        ears, line = Ears(), ScriptedLine(lambda _: [])
        async with running(SerialScanner(GUN, line, ears).run()):
            await asyncio.sleep(0.1)
            for after_s, data in parts:
                await asyncio.sleep(after_s)
                line.say(data)
            await asyncio.sleep(2)
            assert (ears.codes, ears.failed) == (codes, failed)

    story()


@virtual
async def test_an_unplugged_scanner_is_said_once_and_comes_back() -> None:
    """Half a scan from before is not the beginning of the next."""
    async with listening() as (bench, ears):
        bench.hand.scan(CODE)
        await asyncio.sleep(0.02)
        bench.faults.cause(Fault("line_unplugged", "scans"))
        await asyncio.sleep(10)
        assert (ears.codes, ears.news) == ([], ["lost bus.lost"])
        bench.faults.mend()
        await asyncio.sleep(10)
        bench.hand.scan(OTHER)
        await asyncio.sleep(0.5)
        assert (ears.codes, ears.failed, ears.news) == ([OTHER], [], ["lost bus.lost", "back"])


@virtual
async def test_a_scanner_without_power_sends_nothing() -> None:
    """And nobody can know: it is only listened to."""
    async with listening() as (bench, ears):
        bench.faults.cause(Fault("board_silent", GUN))
        assert not bench.hand.scan(CODE)
        await asyncio.sleep(1)
        assert (ears.codes, ears.news) == ([], [])


@pytest.mark.real
@pytest.mark.parametrize("end", ["pty", "tcp"])
async def test_a_scan_comes_over_a_real_line(tmp_path: Path, end: str) -> None:
    """The same on a pseudo-terminal and through a gateway."""
    site, ears = site_with(end), Ears()
    bench = build(site)
    async with serve(bench, site, tmp_path):
        scanner = SerialScanner(GUN, real_lines(tmp_path)(site.buses[-1]), ears)
        async with running(scanner.run()), asyncio.timeout(5):
            while not ears.codes:  # a scan before the line was open is lost
                bench.hand.scan(CODE)
                try:
                    async with asyncio.timeout(0.3):
                        await ears.heard.wait()
                except TimeoutError:
                    continue
            assert ears.codes == [CODE]
