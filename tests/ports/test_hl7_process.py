"""The pharmacy server as a process that listens to a hospital: what it answered it still has after a kill."""

import asyncio
import json
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from central.hl7.framing import Framer, framed
from central.hl7.grammar import parse
from tests.broker import Mosquitto, mosquitto
from tests.domain.hl7_message import adt, rde

__all__ = ["mosquitto"]
pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
ENDLESS = rde(rxe="RXE|^Q6H|0406-9001-01^oxycodone 5 mg^NDC|5||mg")
"""Live servers go by today: an order of the examples' March would be over."""
FILE = """
name = "Pharmacy of the test"
formulary = "{root}/config/formulary/demo.toml"

[hl7]
areas = {{ "6N" = "ward-1" }}
cabinets = {{ "ward-3-north" = "ward-1" }}

[[hl7.listen]]
name = "hospital"
port = {port}
"""


@asynccontextmanager
async def pharmacy(broker: Mosquitto, folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running server that listens on `port`."""
    file = folder / "central.toml"
    file.write_text(FILE.format(root=ROOT, port=port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cabinet.cli", "central", "--config", str(file), "--http-port", "0", "--mqtt-port", str(broker.port),
        "--state", str(folder), "--json", stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            assert json.loads(await process.stdout.readline())["pharmacy"]
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - else it is closed by the collector, noisily


async def answered(port: int, *contents: bytes) -> list[bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    framer, answers = Framer(100_000), []
    for content in contents:
        writer.write(framed(content))
    while len(answers) < len(contents):
        answers += [cut.content for cut in framer.feed(await reader.read(65_536))]
    writer.close()
    await writer.wait_closed()
    return answers


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(f"file:{folder / 'central.db'}?mode=ro", uri=True)
    try:
        return conn.execute(question).fetchall()
    finally:
        conn.close()


async def free_port() -> int:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port


async def test_what_was_answered_is_there_after_a_kill_and_a_repeat_is_known(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """AA is a promise: the sender forgets the message."""
    port = await free_port()
    async with pharmacy(mosquitto, tmp_path, port) as process:
        first = await answered(port, adt("A01"), ENDLESS)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert [parse(answer).segments[1].text(1) for answer in first] == ["AA", "AA"]
    assert rows(tmp_path, "select count(*) from hl7_message") == [(2,)]
    async with pharmacy(mosquitto, tmp_path, port):
        assert await answered(port, adt("A01"), ENDLESS) == first
        async with asyncio.timeout(20):
            while not (found := rows(tmp_path, "select record from document_record where document = 'orders' and until is null")):
                await answered(port, adt("A08"))  # each answer is a turn of the other process
    assert [repeats for (repeats,) in rows(tmp_path, "select repeats from hl7_message order by number limit 4")] == [None, None, 1, 2]
    (record,) = (json.loads(str(row[0])) for row in found)
    assert (record["id"], [order["item"] for order in record["orders"]]) == ("mrn-77", ["oxycodone-5-tab"])
