"""The pharmacy's server, a worker of it, its database and its broker are killed while cabinets send: nothing is lost or doubled.

Why it matters: a hospital's computers are restarted whenever somebody restarts them. A balance that is wrong afterwards is
found weeks later by a pharmacist who trusts none of them any more. ADC_DRILL_KILLS sets how often each part is killed.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.flood import POCKETS
from central.database.place import Database, url_of_file
from central.inquiry import Inquiry
from tests.backlog import Sender, drained
from tests.broker import Mosquitto, mosquitto
from tests.postgres import INITDB, Postgres

__all__ = ["mosquitto"]
KILLS = int(os.environ.get("ADC_DRILL_KILLS", "2"))
CABINETS, FACTS = 24, 1500
LIVES_S = (0.3, 1.2)
"""A part lives so long, between these, before it is killed."""

pytestmark = [pytest.mark.drill, pytest.mark.real, pytest.mark.timeout(180)]


class Pharmacy:
    """A server process that is started again whenever it was killed."""

    def __init__(self, folder: Path, broker: Mosquitto, store: str, workers: int) -> None:
        self.config = folder / "central.toml"
        self.config.write_text(
            f'state = "{folder}"\n[mqtt]\nport = {broker.port}\n[http]\nport = 0\n[store]\n{store}\n[ingest]\nworkers = {workers}\n'
        )
        self.log = folder / "log"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        words = ["-m", "cabinet.cli", "central", "--config", str(self.config), "--json"]
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=log)
        assert self.process.stdout is not None
        assert "pharmacy" in json.loads(await self.process.stdout.readline())

    async def kill(self) -> None:
        """As a power cut would; its workers notice and end."""
        assert self.process is not None
        assert self.process.returncode is None, self.log.read_text()[-4000:]
        self.process.kill()
        await self.process.wait()

    async def kill_a_worker(self) -> None:
        """One of the further workers, which the server starts again by itself."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = (await asyncio.to_thread(found.read_text)).split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)


async def held(url: str) -> tuple[dict[str, int], dict[str, int], list[str]]:
    """Facts by cabinet, units moved by cabinet, alerts."""
    database = Database(url)
    inquiry = Inquiry(database)
    try:
        with database.reading() as conn:
            facts = {row[0]: row[1] for row in conn.exec_driver_sql("select cabinet, count(*) from fact group by cabinet")}
        units = {cabinet: sum(inquiry.balances(cabinet).values()) for cabinet in facts}
        return facts, units, [f"{one.code} {one.detail}" for one in inquiry.alerts()]
    finally:
        database.close()


async def survive(url: str, senders: list[Sender], kills: list[Callable[[], object]]) -> None:
    """Cabinets send while parts are killed in turn; then everything is held, once."""
    chance = random.Random(4)

    async def kill() -> None:
        for act in kills * KILLS:
            await asyncio.sleep(chance.uniform(*LIVES_S))
            done = act()
            if asyncio.iscoroutine(done):
                await done

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(drained(senders))
        tasks.create_task(kill())
    facts, units, alerts = await held(url)
    assert facts == {sender.cabinet: FACTS for sender in senders}
    assert units == {sender.cabinet: 1 - FACTS for sender in senders}, "each movement took one unit out of a pocket, once"
    assert alerts == [], "a crash of the pharmacy is no fault of a cabinet"
    assert FACTS > POCKETS, "pockets are moved more than once"


def fleet(broker: Mosquitto) -> list[Sender]:
    return [Sender(f"c{number:04}", FACTS, broker.port) for number in range(CABINETS)]


async def test_whatever_is_killed_on_sqlite_every_fact_is_held_once(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """One machine: the server and the broker."""
    pharmacy = Pharmacy(tmp_path, mosquitto, 'path = "pharmacy.db"', 1)
    await pharmacy.start()

    async def restart() -> None:
        await pharmacy.kill()
        await pharmacy.start()

    async def restart_broker() -> None:
        mosquitto.stop()
        await mosquitto.start()

    try:
        await survive(url_of_file(tmp_path / "pharmacy.db"), fleet(mosquitto), [restart, restart_broker])
    finally:
        await pharmacy.kill()


@pytest.mark.skipif(INITDB is None, reason="PostgreSQL is not installed")
async def test_whatever_is_killed_on_postgresql_with_workers_every_fact_is_held_once(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A hospital group: three workers, the database's server, the broker, the first worker with all that hangs on it."""
    server = Postgres(is_durable=True)
    try:
        server.start()
        url = server.create()
        Database(url).prepare().close()
        pharmacy = Pharmacy(tmp_path, mosquitto, f'url = "{url}"', 3)
        await pharmacy.start()

        async def restart() -> None:
            await pharmacy.kill()
            await pharmacy.start()

        async def restart_broker() -> None:
            mosquitto.stop()
            await mosquitto.start()

        async def restart_database() -> None:
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)

        try:
            await survive(
                url, fleet(mosquitto), [pharmacy.kill_a_worker, restart_database, restart_broker, pharmacy.kill_a_worker, restart]
            )
        finally:
            await pharmacy.kill()
    finally:
        server.remove()
