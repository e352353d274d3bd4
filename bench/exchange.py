"""P8 and P3: how many exchanges a second, and how much of a serial line's time a continuous scan uses.

P8, exchange rate: driver, owner, RTU frames, in-process cable and simulated board on one virtual loop, one question after another.
The peer is pymodbus' own client and server joined by its null modem in one process, asked the same thing.

P3, wire use: four boards of eight inputs, and then three of them with eight scales and a thermometer, scanned without a pause over a
pseudo-terminal, the simulated boards in a process of their own.
The limit is arithmetic (Modbus over Serial Line V1.02): question, t3.5, answer, t3.5, at ten bits a character, no time for the board.
The simulator's own lateness (a question read, an answer spoken, each against its time stamp) is taken off, exchange by exchange. The
share is that of the median exchange, since machines are shared; the mean is shown beside it. A silence is broken when a question is sent
less than t3.5 after the answer before it was spoken. The loop is the cabinet's own.
"""

import asyncio
import logging
import multiprocessing
import os
import random
import statistics
import time
import tty
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Any

from pymodbus import FramerType
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pymodbus.transport import NULLMODEM_HOST

from bench.figure import Figure
from cabinet.adapters.precise_loop import precise_loop
from cabinet.ports import LineLost
from cabinet.rehearsal.virtual_time import run_virtual
from drivers.bus import reading_input_registers, reading_inputs, reading_registers
from drivers.exchange import Pace, Question, Rank
from drivers.framing import Rtu
from drivers.line import Port, SerialLine
from drivers.owner import Owner
from firmware_sim.agenda import Agenda
from firmware_sim.cable import Cable
from firmware_sim.cell import Sample
from firmware_sim.coil import Coil
from firmware_sim.conversation import Ear, RtuTalk, Tally
from firmware_sim.fault import Faults
from firmware_sim.laumas import Laumas
from firmware_sim.pace import Pace as WirePace
from firmware_sim.segment import ModbusSegment
from firmware_sim.waveshare import Waveshare
from firmware_sim.xymd02 import Xymd02

RUNS = 5
VIRTUAL_EXCHANGES = 10_000
PEER_EXCHANGES = 3_000
GOAL_RATE = 5_000
LIVE_S = 4.0
UNITS = (1, 2, 3, 4)
QUESTIONS = tuple(reading_inputs(f"board-{unit}", unit, 0, 8) for unit in UNITS)
LOCKS = "four boards"
WARD = "3 lock boards, 8 scales, a probe"
SCANS = {
    LOCKS: QUESTIONS,
    WARD: (
        *QUESTIONS[:3],
        *(reading_registers(f"scale-{unit}", unit, 6, 5) for unit in range(10, 18)),
        reading_input_registers("probe", 30, 1, 2),
    ),
}
"""What is asked in turn."""
ENVELOPE = 3
"""Unit and check sum around a PDU."""
BITS = 10
GOAL_SHARE = {19200: 0.97, 115200: 0.93}


def measure() -> list[Figure]:
    """All figures of this bench."""
    ours = statistics.median(run_virtual(_virtual_rate()) for _ in range(RUNS))
    peer = statistics.median(asyncio.run(_pymodbus_rate()) for _ in range(RUNS))
    figures = [
        Figure(
            "P8",
            "exchanges/s in virtual time: driver, frames, simulated board",
            f"{ours:,.0f}/s",
            f"pymodbus null modem {peer:,.0f}/s",
            ours / peer,
            f"≥ {GOAL_RATE:,}/s",
            ours >= GOAL_RATE,
        )
    ]
    return figures + [_wire_use(baud, scan) for scan in SCANS for baud in GOAL_SHARE]


def _segment() -> ModbusSegment:
    """Four boards, eight scales and a thermometer that answer at once."""
    agenda, faults = Agenda(), Faults(random.Random(1))
    boards = [
        Waveshare(f"b{unit}", unit, [Coil(f"b{unit}:{n}", faults, []) for n in range(8)], [lambda _: True] * 8, agenda) for unit in UNITS
    ]
    scales = [Laumas(f"scale-{unit}", unit, _Pan()) for unit in range(10, 18)]
    return ModbusSegment("bus", [*boards, *scales, Xymd02("probe", 30, [lambda _at_s: 4.7])], agenda, faults, latency_s=0.0)


class _Pan:
    """A cell with the same weight for ever."""

    def read(self, _at_s: float) -> Sample:
        """See firmware_sim.cell.Cell."""
        return Sample(12_340.0, is_steady=True)

    look = read


async def _beside(owner: Owner, main: Coroutine[Any, Any, float]) -> float:
    """Run `main` while the owner keeps its line."""
    running = asyncio.create_task(owner.run())
    try:
        await owner.tried.wait()
        await asyncio.sleep(0.3)  # the quiet window of the opening
        return await main
    finally:
        running.cancel()
        await asyncio.wait([running])


async def _virtual_rate() -> float:
    segment = _segment()
    loop = asyncio.get_running_loop()
    cable = Cable(segment, "rtu", WirePace.of(115200, "none", 1), loop.time, segment.faults, LineLost)
    owner = Owner("bus", cable, Rtu(115200, BITS), Pace())

    async def exchanges() -> float:
        start = time.perf_counter()
        for index in range(VIRTUAL_EXCHANGES):
            await owner.ask(QUESTIONS[index & 3], Rank.DOOR)
        return VIRTUAL_EXCHANGES / (time.perf_counter() - start)

    return await _beside(owner, exchanges())


async def _pymodbus_rate() -> float:
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    bits = [SimData(0, values=[True] * 64, datatype=DataType.BITS)]
    words = [SimData(0, count=8, values=0, datatype=DataType.REGISTERS)]
    device = SimDevice(id=1, simdata=(bits, bits, words, words))
    server = ModbusTcpServer(device, framer=FramerType.RTU, address=(NULLMODEM_HOST, 5020))
    await server.serve_forever(background=True)
    client = AsyncModbusTcpClient(NULLMODEM_HOST, port=5020, framer=FramerType.RTU, retries=0)
    await client.connect()
    start = time.perf_counter()
    for _ in range(PEER_EXCHANGES):
        reply = await client.read_discrete_inputs(0, count=8, device_id=1)
        assert not reply.isError()
    rate = PEER_EXCHANGES / (time.perf_counter() - start)
    client.close()
    await server.shutdown()  # type: ignore[no-untyped-call]
    return rate


def _wire_use(baud: int, scan: str) -> Figure:
    silence_s = 0.00175 if baud > 19200 else 3.5 * BITS / baud
    wires_s = [(len(question.body) + question.answer_length + 2 * ENVELOPE) * BITS / baud + 2 * silence_s for question in SCANS[scan]]
    shares: list[float] = []
    broken = 0
    for _ in range(RUNS):
        sent_s, boards = _scan_live(baud, SCANS[scan])
        shares += [
            wire_s / (next_s - at_s - (board.heard_s - at_s) - board.late_s)
            for wire_s, at_s, next_s, board in zip(cycle(wires_s), sent_s, sent_s[1:], boards, strict=False)
        ]
        broken += sum(at_s - board.spoken_s < silence_s for at_s, board in zip(sent_s[1:], boards, strict=False))
    share, mean = statistics.median(shares), statistics.harmonic_mean(shares)
    return Figure(
        "P3",
        f"share of the wire used by a continuous scan at {baud}: {scan}",
        f"{share:.3f} (mean {mean:.3f}), {broken} of {len(shares):,} silences broken",
        f"wire {1000 * sum(wires_s):.1f} ms a scan",
        share,
        f"≥ {GOAL_SHARE[baud]}, none broken",
        share >= GOAL_SHARE[baud] and not broken,
    )


def _scan_live(baud: int, questions: tuple[Question, ...]) -> tuple[list[float], list["_Heard"]]:
    """When each question was sent, and what the boards' side noted of it; both on the machine's monotonic clock."""
    master, slave = os.openpty()
    tty.setraw(slave)
    ours, theirs = multiprocessing.Pipe()
    boards = multiprocessing.get_context("fork").Process(target=_boards, args=(master, baud, theirs))
    boards.start()
    sent_s: list[float] = []

    def trace(at_s: float, is_ours: bool, _: bytes) -> None:
        if is_ours:
            sent_s.append(at_s)

    with asyncio.Runner(loop_factory=precise_loop) as runner:
        owner = Owner("bus", SerialLine(Port(os.ttyname(slave), baud)), Rtu(baud, BITS), Pace(), trace)
        runner.run(_beside(owner, _scan(owner, questions)))
    ours.send("stop")
    noted: list[_Heard] = ours.recv()
    boards.join()
    os.close(master)
    os.close(slave)
    return sent_s, noted


async def _scan(owner: Owner, questions: tuple[Question, ...]) -> float:
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    while loop.time() < start_s + LIVE_S:
        for question in questions:
            await owner.ask(question, Rank.DOOR)
    return loop.time() - start_s


@dataclass(slots=True)
class _Heard:
    """One question at the boards' side: when it was read, when it was answered, and how late that was."""

    heard_s: float
    spoken_s: float = 0.0
    late_s: float = 0.0


def _boards(master: int, baud: int, pipe: Connection) -> None:
    """Another process: the simulated boards at the far end, until told to stop; then what they noted."""
    loop = precise_loop()
    tally = Tally()
    noted: list[_Heard] = []

    def speak(data: bytes) -> None:
        noted[-1].spoken_s, noted[-1].late_s = loop.time(), tally.lateness_s[-1][1]
        os.write(master, data)

    async def serve() -> None:
        talk = RtuTalk(_segment(), Ear(speak, WirePace.of(baud, "none", 1), loop.time, tally))

        def hear() -> None:
            noted.append(_Heard(loop.time()))
            talk.receive(os.read(master, 512))

        over = asyncio.Event()
        loop.add_reader(master, hear)
        loop.add_reader(pipe.fileno(), over.set)
        await over.wait()
        loop.remove_reader(master)
        loop.remove_reader(pipe.fileno())
        talk.close()

    loop.run_until_complete(serve())
    loop.close()
    pipe.recv()
    pipe.send(noted)
