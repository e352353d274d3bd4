"""A stranger at the other end: the upsd that Debian ships, with its dummy driver, asked by our driver on a socket."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from cabinet.domain.vocabulary import Power
from cabinet.ports import DeviceFault, DeviceRefused, StaleReading
from drivers.exchange import Pace
from drivers.line import TcpLine
from drivers.nut import Nut
from drivers.owner import Owner
from drivers.upsd import Upsd
from tests.broker import free_port
from tests.virtual import running

PLACES = "/lib/nut:/usr/lib/nut:/usr/libexec/nut:/usr/local/ups/sbin:/usr/local/ups/bin"
UPSD, DUMMY = (shutil.which(name, path=PLACES) for name in ("upsd", "dummy-ups"))
ON_MAINS = "ups.status: OL\nbattery.charge: 97\nbattery.runtime: 1800\n"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(UPSD is None or DUMMY is None, reason="upsd is not installed: apt-get install nut-server"),
]


class Server:
    """upsd and its dummy driver, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._device = folder / "cabinet.dev"
        (folder / "ups.conf").write_text(f'[cabinet]\n  driver = dummy-ups\n  port = {self._device}\n  desc = "The \\"cabinet\\""\n')
        (folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\n")
        (folder / "upsd.users").touch()
        self.says(ON_MAINS)
        self._env = {**os.environ, "NUT_CONFPATH": str(folder), "NUT_STATEPATH": str(folder), "NUT_ALTPIDPATH": str(folder)}
        self._log = (folder / "log").open("wb")
        self._processes: list[subprocess.Popen[bytes]] = []

    def says(self, told: str) -> None:
        """What the dummy supply says from its next start on."""
        self._device.write_text(told)

    def start(self, *words: str | None) -> None:
        """Run one of the two as whoever we are."""
        user = ("-u", "root") if os.getuid() == 0 else ()
        command = [word for word in (*words, *user, "-F") if word is not None]
        self._processes.append(subprocess.Popen(command, env=self._env, stdout=self._log, stderr=self._log))

    def end(self) -> None:
        """End the one that was started last."""
        process = self._processes.pop()
        process.terminate()
        process.wait(10)

    def end_all(self) -> None:
        """End both."""
        while self._processes:
            self.end()
        self._log.close()


@contextmanager
def upsd(folder: Path) -> Iterator[Server]:
    """upsd without its driver; start that with `server.start(DUMMY, ...)`."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.end_all()


@asynccontextmanager
async def supply(server: Server, name: str = "") -> AsyncIterator[Nut]:
    """Our driver at the end of a socket to it."""
    owner = Owner("power", TcpLine("127.0.0.1", server.port), Upsd(), Pace(reply_timeout_s=1.0))
    async with running(owner.run()):
        await owner.tried.wait()
        yield Nut(owner, "ups", name)


async def until_it_says(server: Server, wanted: str) -> Power:
    """Ask, as the cabinet does, until the supply says so; upsd needs a while to meet its driver."""
    async with asyncio.timeout(20), supply(server) as device:
        while True:
            with suppress(DeviceFault):
                power = await device.read_power()
                if wanted == ("mains" if power.is_on_mains else "low" if power.is_low else "battery"):
                    return power
            await asyncio.sleep(0.1)


async def ask_for_ever(device: Nut) -> None:
    """Until it has nothing certain to say."""
    async with asyncio.timeout(20):
        while True:
            await device.read_power()
            await asyncio.sleep(0.1)


async def test_the_real_upsd_is_understood(tmp_path: Path) -> None:
    """Mains, battery and low by a stranger's words; a driver that is gone is no reading and no loss of the mains."""
    with upsd(tmp_path) as server:
        server.start(UPSD)
        server.start(DUMMY, "-a", "cabinet")
        power = await until_it_says(server, "mains")
        assert (power.charge_percent, power.runtime_s) == (97, 1800)
        async with supply(server, "cabinet") as device:
            await device.start()
            who = await device.identify()
            assert (who.maker, who.model) == ("Dummy Manufacturer", "Dummy UPS")
            assert who.detail.startswith("cabinet at Network UPS Tools upsd")
        async with supply(server, "another") as device:
            with pytest.raises(DeviceRefused, match="UNKNOWN-UPS"):
                await device.start()
        for status, wanted in (("OB DISCHRG", "battery"), ("OB DISCHRG LB", "low")):
            server.end()
            server.says(ON_MAINS.replace("OL", status))
            server.start(DUMMY, "-a", "cabinet")
            assert not (await until_it_says(server, wanted)).is_on_mains
        server.end()
        async with supply(server, "cabinet") as device:
            with pytest.raises(StaleReading):
                await ask_for_ever(device)
