"""The demo's processes: broker, simulated boards, pharmacy server and controller, each a program of its own on loopback.

Alone knows: how each is started, when it answers, and that all of them end when one does or the caller leaves.
Must not know: what is played on them (`visit.py`).

The broker is mosquitto where it is installed, else amqtt (MQTT 3.1.1; fit for a demo on loopback and for nothing else).
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ANSWERS_WITHIN_S = 60.0
LOOK_AGAIN_S = 0.05
ENDS_WITHIN_S = 5.0

NETWORK = "network"
"""The process that is the cabinet's network cable."""
NEIGHBOURHOOD = "neighbourhood"
"""The process that is the other wards' cabinets."""
MAY_END = frozenset({NETWORK, NEIGHBOURHOOD})
"""These may end while the others go on."""

MOSQUITTO_PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
"""Distributions put the broker where an ordinary user's PATH does not look."""


class DidNotStart(Exception):
    """A process ended or did not answer in time; the text says which, and where its log is."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens, on loopback. Without `guide` nothing may frame the pages; without `network` no cable can be pulled.

    Where `ward` is 0 the ward's listener takes any free port, which nobody is told.
    """

    kiosk: int
    pharmacy: int
    virtual_cabinet: int
    mqtt: int
    guide: int = 0
    network: int = 0
    ward: int = 0

    @classmethod
    @contextlib.contextmanager
    def kept(cls, usual: tuple[int, int, int, int, int]) -> Iterator["Ports"]:
        """The `usual` ports of kiosk, pharmacy, virtual cabinet, guide and ward; others where one is taken or another demo is about to.

        Those of the broker and of the cabinet's way to it are any free ones.
        """
        with contextlib.ExitStack() as claims:
            kiosk, pharmacy, virtual_cabinet, guide, ward = (_free(port if _claim(port, claims) else 0) for port in usual)
            yield cls(kiosk, pharmacy, virtual_cabinet, _free(0), guide, _free(0), ward)


def _claim(port: int, claims: contextlib.ExitStack) -> bool:
    """Keep a port for one demo among those of this machine, until `claims` are given back: two that start at once never share one."""
    try:
        claim = claims.enter_context((Path(tempfile.gettempdir()) / f"adc-demo-{os.getuid()}-{port}.lock").open("w"))
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _free(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise DidNotStart("no free port on loopback")


def find_mosquitto() -> str | None:
    """The broker's program where it is installed."""
    return shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":" + MOSQUITTO_PLACES)


@dataclass
class Company:
    """All processes of one demo. Use `with Company(...).started():`. Without `mosquitto` the broker is amqtt."""

    site: Path
    central: Path
    state: Path
    ports: Ports
    mosquitto: str | None = field(default_factory=find_mosquitto)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @contextlib.contextmanager
    def started(self, meanwhile: Callable[[], object] = lambda: None) -> Iterator["Company"]:
        """Start everything and wait until it answers; end everything afterwards. Raises DidNotStart.

        `meanwhile` is done while the others start, before the controller does.
        """
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            self.pin_key()
            self.start_broker()
            self.plug_network()
            self.start_simulator()
            self.start_pharmacy()
            meanwhile()
            self.wait_for_broker()
            self.wait_for_simulator()
            self.start_cabinet()
            self.wait_for_pharmacy()
            self.wait_for_cabinet()
            yield self
        finally:
            self.end()

    def pin_key(self) -> None:
        """Let the cabinet know the key that its pharmacy signs documents with, as whoever installs them does."""
        from cabinet.adapters.pinned import FILE  # noqa: PLC0415 - not before it is needed
        from central.document.key import load_key  # noqa: PLC0415
        from config.central import load_central  # noqa: PLC0415

        key = self.state / "central" / load_central(self.central).documents.key_file
        load_key(key)
        (self.state / FILE).write_bytes(key.with_suffix(".pub").read_bytes())

    def start_broker(self) -> None:
        """Start the broker."""
        if self.mosquitto is None:
            self._spawn("broker", sys.executable, "-m", "cabinet.rehearsal.embedded_broker", str(self.ports.mqtt))
            return
        settings = self.state / "mosquitto.conf"
        settings.write_text(f"listener {self.ports.mqtt} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        settings.chmod(0o644)
        self._spawn("broker", self.mosquitto, "-c", str(settings.absolute()))

    def plug_network(self) -> None:
        """Plug the cabinet's network cable in; harmless while it is."""
        if self.ports.network and not self.is_networked:
            ports = (str(self.ports.network), str(self.ports.mqtt))
            self._spawn(NETWORK, sys.executable, "-m", "cabinet.rehearsal.patch_cord", *ports)

    def pull_network(self) -> None:
        """Pull the cabinet's network cable out; harmless while it is."""
        if self.is_networked:
            self.kill(NETWORK)

    @property
    def is_networked(self) -> bool:
        """Whether the cabinet's way to the broker is there."""
        cable = self._processes.get(NETWORK)
        return cable is not None and cable.poll() is None

    def start_simulator(self) -> None:
        """Start the simulated boards and the virtual cabinet's page."""
        self._spawn("sim", *self._adc("sim"), *self._place(), "--page-port", str(self.ports.virtual_cabinet))

    def start_pharmacy(self) -> None:
        """Start the pharmacy server."""
        self._spawn(
            "central", *self._adc("central"), "--config", str(self.central), "--state", str(self.state / "central"),
            "--http-port", str(self.ports.pharmacy), *self._broker(self.ports.mqtt), *self._frame(),
        )  # fmt: skip

    def start_cabinet(self) -> None:
        """Start the controller."""
        broker = self._broker(self.ports.network or self.ports.mqtt)
        ports = ("--kiosk-port", str(self.ports.kiosk), "--ward-port", str(self.ports.ward))
        self._spawn("run", *self._adc("run"), *self._place(), *ports, *broker, *self._frame())

    def start_neighbourhood(self) -> None:
        """Start the other wards, so that the pharmacy has more than one to look after. Nobody waits for them, and nothing needs them."""
        protocol = "3.1.1" if self.mosquitto is None else "5"
        words = (str(self.site), str(self.ports.mqtt), protocol, str(self.state))
        self._spawn(NEIGHBOURHOOD, sys.executable, "-m", "cabinet.rehearsal.neighbourhood", *words)

    def wait_for_broker(self) -> None:
        """Return once the broker's port is open. Raises DidNotStart."""
        self._wait_for_port("broker", self.ports.mqtt)

    def wait_for_simulator(self) -> None:
        """Return once the boards answer on their lines, and the virtual cabinet's page too. Raises DidNotStart."""
        self._wait_for("sim", f"http://127.0.0.1:{self.ports.virtual_cabinet}/api/v1/plant")

    def wait_for_pharmacy(self) -> None:
        """Return once the pharmacy server answers. Raises DidNotStart."""
        self._wait_for("central", f"http://127.0.0.1:{self.ports.pharmacy}/healthz")

    def wait_for_cabinet(self) -> None:
        """Return once the kiosk answers and every door has been looked at. Raises DidNotStart."""
        url = f"http://127.0.0.1:{self.ports.kiosk}/healthz"
        self._wait_for("run", url, until=lambda answer: answer.get("mode") not in {None, "starting"})

    def kill(self, name: str) -> None:
        """Kill a process as a power cut would."""
        process = self._processes[name]
        process.kill()
        process.wait()

    def first_ended(self) -> str | None:
        """The name of a process that ended by itself, or None."""
        return next((name for name, process in self._processes.items() if name not in MAY_END and process.poll() is not None), None)

    def end(self) -> None:
        """End everything: the controller first, for it has something to say to the others, then these at once."""
        controller = self._processes.pop("run", None)
        if controller is not None:
            _end([controller])
        _end(list(self._processes.values()))
        self._processes.clear()

    def _adc(self, command: str) -> Sequence[str]:
        return sys.executable, "-m", "cabinet.cli", command

    def _place(self) -> Sequence[str]:
        return "--site", str(self.site), "--state", str(self.state)

    def _frame(self) -> Sequence[str]:
        return ("--framed-by", f"http://127.0.0.1:{self.ports.guide}") if self.ports.guide else ()

    def _broker(self, port: int) -> Sequence[str]:
        return "--mqtt-port", str(port), "--mqtt-protocol", "3.1.1" if self.mosquitto is None else "5"

    def _spawn(self, name: str, *words: str) -> None:
        with (self.state / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_for_port(self, name: str, port: int) -> None:
        def is_open() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        self._wait(name, is_open)

    def _wait_for(self, name: str, url: str, until: Any = lambda _: True) -> None:
        def answers() -> bool:
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback http
                    return bool(until(json.load(answer)))
            except (OSError, ValueError):
                return False

        self._wait(name, answers)

    def _wait(self, name: str, is_there: Any) -> None:
        until_s = time.monotonic() + ANSWERS_WITHIN_S
        while not is_there():
            if self._processes[name].poll() is not None or time.monotonic() > until_s:
                log = self.state / f"{name}.log"
                raise DidNotStart(f"{name} did not start; its log, {log}, ends with:\n{_tail(log)}")
            time.sleep(LOOK_AGAIN_S)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-8:])
