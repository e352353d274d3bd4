"""R4, short form: 100,000 exchanges through a line that loses, spoils and delays answers, in virtual time.

Two relay boards, one transmitter and the owner of their RTU line at 19200, with its health and its warden: 15 % of the answers come
200 ms late (within the quiet window), 5 % are garbled by a turned bit, 5 % are lost. Inputs and weight are dealt anew before every round,
so that an answer of another time or place shows. A wrong decision is a value that is not so when it was read; a pulse too many or too few
is counted at the simulated coil. What a board out of trust was spared was not sent, and the coils say whether that is true.
"""

import asyncio
import random
from collections import Counter
from typing import Any

from bench.figure import Figure
from cabinet.ports import DeviceFault, LineLost, Quarantined
from cabinet.rehearsal.virtual_time import run_virtual
from config.models import MODELS
from drivers.exchange import Pace
from drivers.framing import Rtu
from drivers.laumas import Laumas, LaumasMap
from drivers.owner import Owner
from drivers.warden import Warden
from drivers.waveshare import Waveshare, WaveshareMap
from firmware_sim import laumas, waveshare
from firmware_sim.agenda import Agenda
from firmware_sim.cable import Cable
from firmware_sim.cell import Sample
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Fault, Faults
from firmware_sim.pace import Pace as WirePace
from firmware_sim.segment import ModbusSegment

EXCHANGES = 100_000
BAUD = 19200
PACE = Pace(reply_timeout_s=0.1, quiet_s=0.25)


def measure() -> list[Figure]:
    """One storm, about 20 s."""
    exchanges, failed, wrong, pulses, asked, barred = run_virtual(_storm())
    return [
        Figure(
            "R4",
            f"{exchanges:,} exchanges, 15 % late, 5 % garbled, 5 % lost",
            f"{wrong} wrong values, {pulses:,} pulses; {failed:,} calls told a fault",
            f"{asked:,} pulses sent; {barred:,} more not, to boards out of trust",
            pulses / asked,
            "0 wrong, one pulse for each",
            wrong == 0 and pulses == asked,
        )
    ]


class _Pan:
    """A cell that shows what the storm puts on it."""

    mass_mg = 0

    def read(self, _at_s: float) -> Sample:
        """See firmware_sim.cell.Cell."""
        return Sample(float(self.mass_mg), is_steady=True)

    look = read


async def _storm() -> tuple[int, int, int, int, int, int]:
    """Exchanges, calls that told a fault, wrong values, pulses given, pulses asked, calls that a barred board was spared."""
    loop = asyncio.get_running_loop()
    chance, agenda, pan = random.Random(1), Agenda(), _Pan()
    faults = Faults(random.Random(2))
    given: list[Pulse] = []
    levels = [[True] * 8, [True] * 8]
    boards: list[waveshare.Waveshare | laumas.Laumas] = [
        waveshare.Waveshare(
            f"lock-{unit}",
            unit,
            [Coil(f"{unit}:{n}", faults, given) for n in range(8)],
            [_reader(levels[unit - 1], n) for n in range(8)],
            agenda,
        )
        for unit in (1, 2)
    ]
    segment = ModbusSegment("bus", [*boards, laumas.Laumas("scale", 10, pan)], agenda, faults)
    owner = Owner("bus", Cable(segment, "rtu", WirePace.of(BAUD, "none", 1), loop.time, faults, LineLost), Rtu(BAUD), PACE)
    layout = WaveshareMap.from_table(MODELS["waveshare_relay_d8"].table)
    locks = [Waveshare(owner, f"lock-{unit}", unit, layout) for unit in (1, 2)]
    scale = Laumas(owner, "scale", 10, LaumasMap.from_table(MODELS["laumas_tlb"].table))
    for kind, probability in (("reply_late", 0.15), ("reply_garbled", 0.05), ("reply_lost", 0.05)):
        faults.cause(Fault(kind, probability=probability, delay_ms=200))
    warden = Warden(owner, {"lock-1": locks[0], "lock-2": locks[1], "scale": scale}, PACE.reply_timeout_s + PACE.quiet_s)
    owner.health.listener = _Listener(warden)
    running = asyncio.gather(owner.run(), warden.run())
    await owner.tried.wait()
    told: Counter[str] = Counter()
    while owner.tally.exchanges < EXCHANGES:
        unit = chance.randrange(2)
        levels[unit][:] = [chance.random() < 0.5 for _ in range(8)]
        pan.mass_mg = chance.randrange(-99_999, 99_999) * 10
        try:
            told["wrong"] += await locks[unit].read_inputs() != tuple(levels[unit])
            told["wrong"] += (await scale.weigh()).mass_mg != pan.mass_mg
        except DeviceFault:
            told["failed"] += 1
        try:
            await locks[unit].pulse(chance.randrange(8), 100)
        except Quarantined:  # it was asked nothing; the pulses given say whether that is true
            told["barred"] += 1
        except DeviceFault as fault:
            told["failed"] += 1
            told["asked"] += fault.moved
        else:
            told["asked"] += 1
        await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return owner.tally.exchanges, told["failed"], told["wrong"], len(given), told["asked"], told["barred"]


class _Listener:
    """Hears who lost trust, and has them proven again."""

    def __init__(self, warden: Warden) -> None:
        self.distrusted = lambda unit, _fault: warden.distrusted(unit)

    def trusted(self, unit: str) -> None:
        """See HealthListener."""

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """See HealthListener."""


def _reader(levels: list[bool], number: int) -> Any:
    return lambda _at_s: levels[number]
