"""What the live benches share: a site of locks and nothing else, its boards in a process of their own, a broker, and who listens there.

Alone knows: how a door switch is flipped at a known moment, and when the message about it came in.
Must not know: who watches the doors.

All moments are the machine's CLOCK_MONOTONIC, which every process reads alike. On TCP the boards answer by a few lines of raw asyncio, so
that little of what is measured is theirs; on a serial line they are the simulator's boards, which keep the pace of the wire. Of each board
one process knows the inputs: a byte, on (1) while a drawer is closed.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import queue
import shutil
import socket
import subprocess
import time
import tty
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

import config
from cabinet.adapters.precise_loop import precise_loop
from config.load import LoadedSite, load_site
from firmware_sim.agenda import Agenda
from firmware_sim.coil import Coil
from firmware_sim.conversation import Ear, RtuTalk, Tally
from firmware_sim.fault import Faults
from firmware_sim.pace import Pace
from firmware_sim.segment import ModbusSegment
from firmware_sim.waveshare import Waveshare

FIRST_UNIT = 2
CHANNELS = 8
NICE = -15
MOSQUITTO_PLACES = "/usr/sbin:/usr/local/sbin"
TOPIC = "adc/v1/bench/up/journal"

_SITE = """
cabinet = "bench"
name = "Locks and nothing else"
area = "medical-surgical"
formulary = "{config}/formulary/demo.toml"
policy = "{config}/policy/demo.toml"
[timing]
settle_ms = {settle_ms}
scan_ms = {scan_ms}
drawer_open_call_s = 86400
[[bus]]
id = "locks"
{bus}
"""
_BOARD = '[[board]]\nid = "b{unit}"\nbus = "locks"\naddress = {unit}\nmodel = "waveshare_relay_d8"\n'
_DRAWER = """
[[drawer]]
id = "d{unit}-{number}"
name = "d{unit}-{number}"
kind = "matrix"
lock = "b{unit}:{number}"
closed = "b{unit}:{number}"
[[drawer.pocket]]
id = "p{unit}-{number}"
{item}
"""


def units_of(boards: int) -> list[int]:
    """The addresses of so many boards."""
    return list(range(FIRST_UNIT, FIRST_UNIT + boards))


@contextlib.contextmanager
def going_first() -> Iterator[None]:
    """Be served before other programs of this machine, we and whom we start; without the right to ask for it, like all others."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)


def serial_bus(baud: int, port: str = "") -> str:
    """The table of a serial bus."""
    return f'kind = "serial"\nframing = "rtu"\nport = "{port}"\nbaud = {baud}'


def tcp_bus(port: int = 0) -> str:
    """The table of a Modbus TCP bus."""
    return f'kind = "tcp"\nframing = "mbap"\nport = {port}'


def write_site(path: Path, bus: str, boards: int, *, scan_ms: int = 50, settle_ms: int = 40, item: str = "") -> LoadedSite:
    """Write and read a site of `boards` boards of eight drawers with one pocket each; `item` are further keys of every pocket."""
    units = units_of(boards)
    text = _SITE.format(config=Path(config.__file__).parent, settle_ms=settle_ms, scan_ms=scan_ms, bus=bus)
    text += "".join(_BOARD.format(unit=unit) for unit in units)
    text += "".join(_DRAWER.format(unit=unit, number=number, item=item) for unit in units for number in range(CHANNELS))
    path.write_text(text)
    return load_site(path)


def segment(inputs: dict[int, int]) -> ModbusSegment:
    """Simulated boards that answer at once and whose inputs are the bits of `inputs`."""
    agenda, faults = Agenda(), Faults(Random(1))

    def read(unit: int, number: int, _at_s: float) -> bool:
        return bool(inputs[unit] >> number & 1)

    boards = [
        Waveshare(
            f"b{unit}",
            unit,
            [Coil(f"b{unit}:{n}", faults, []) for n in range(CHANNELS)],
            [partial(read, unit, n) for n in range(CHANNELS)],
            agenda,
        )
        for unit in inputs
    ]
    return ModbusSegment("locks", boards, agenda, faults, latency_s=0.0)


class Boards:
    """Boards in another process. `where` is what to connect to: a port on loopback, or with `baud` a pseudo-terminal's path."""

    def __init__(self, boards: int, baud: int = 0) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._ends: list[int] = []
        self.where: int | str
        work: Callable[[dict[int, int], int], Awaitable[None]]
        if baud:
            self._ends = list(os.openpty())
            tty.setraw(self._ends[1])
            self.where, far = os.ttyname(self._ends[1]), self._ends[0]
            work = partial(_serve_serial, baud)
        else:
            listening = socket.create_server(("127.0.0.1", 0))
            self.where, far = listening.getsockname()[1], listening.detach()
            self._ends = [far]
            work = _serve_tcp
        inputs = dict.fromkeys(units_of(boards), 0xFF)
        self._process = multiprocessing.get_context("fork").Process(target=_serve, args=(work, inputs, far, theirs))
        self._process.start()

    def flip(self, unit: int, number: int) -> float:
        """Change one input; returns when."""
        self._pipe.send((unit, number))
        at_s: float = self._pipe.recv()
        return at_s

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()
        for end in self._ends:
            os.close(end)


def _serve(work: Callable[[dict[int, int], int], Awaitable[None]], inputs: dict[int, int], far: int, pipe: Connection) -> None:
    loop = precise_loop()
    over = asyncio.Event()

    def told() -> None:
        flipped = pipe.recv()
        if flipped is None:
            over.set()
            return
        unit, number = flipped
        inputs[unit] ^= 1 << number
        pipe.send(time.monotonic())

    async def serve() -> None:
        loop.add_reader(pipe.fileno(), told)
        await work(inputs, far)
        await over.wait()

    loop.run_until_complete(serve())
    os._exit(0)


async def _serve_serial(baud: int, inputs: dict[int, int], master: int) -> None:
    loop = asyncio.get_running_loop()

    def speak(data: bytes) -> None:
        os.write(master, data)

    talk = RtuTalk(segment(inputs), Ear(speak, Pace.of(baud, "none", 1), loop.time, Tally()))
    loop.add_reader(master, lambda: talk.receive(os.read(master, 512)))


async def _serve_tcp(inputs: dict[int, int], listening: int) -> None:
    await asyncio.get_running_loop().create_server(lambda: _Answering(inputs), sock=socket.socket(fileno=listening))


class _Answering(asyncio.Protocol):
    """Modbus TCP by hand: inputs as they are, coils and registers 0, everything written echoed."""

    def __init__(self, inputs: dict[int, int]) -> None:
        self._inputs = inputs
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        unit, function, amount = data[6], data[7], data[11]
        if function == 2:
            answer = bytes((2, 1, self._inputs[unit]))
        elif function == 5:
            answer = data[7:]
        else:
            length = 2 * amount if function == 3 else (amount + 7) // 8
            answer = bytes((function, length)) + bytes(length)
        self._transport.write(data[:4] + (len(answer) + 1).to_bytes(2, "big") + data[6:7] + answer)


def cpu_s(pid: int) -> float:
    """Processor seconds of a process, all its threads, to a hundredth."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / 100


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[int]:
    """A mosquitto on a free port of loopback. Raises FileNotFoundError where there is none."""
    program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":" + MOSQUITTO_PLACES)
    if program is None:
        raise FileNotFoundError("mosquitto is not installed (make system)")
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\nset_tcp_nodelay true\n")
    process = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


class Listener:
    """Hears `up/journal`, notes when, and acknowledges as the pharmacy server would."""

    def __init__(self, port: int) -> None:
        self._heard: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="listener", protocol=MQTTv5)
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(TOPIC, qos=1)
        self._client.loop_start()

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._heard.put((time.monotonic(), bytes(message.payload)))

    def wait_for(self, lock: str, target: str, within_s: float = 10.0) -> float:
        """When the news came in that this drawer moved there. Raises queue.Empty when it does not come.

        A drawer that opens again and again without a release is given up: it then comes to be failed where it would be latched.
        """
        targets = {target, "failed"} if target == "latched" else {target}
        while True:
            at_s, payload = self._heard.get(timeout=within_s)
            report = json.loads(payload)
            last = report["facts"][-1]
            self._client.publish("adc/v1/bench/down/ack", json.dumps({"epoch": last["epoch"], "seq": last["seq"]}), qos=1)
            bodies = (fact["body"] for fact in report["facts"] if fact["type"] == "drawer_moved")
            if any(body["lock"] == lock and body["target"] in targets and body["source"] != "unknown" for body in bodies):
                return at_s

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()
