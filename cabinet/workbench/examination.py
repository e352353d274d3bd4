"""Gathering what the doctor looks at: files, devices, the journal and whoever answers, without changing any of it.

Alone knows: where each piece of evidence is found on this machine. Must not know: what is wrong with it (`checks/`).
"""

import grp
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509

from cabinet.adapters.clock import SystemClock
from cabinet.adapters.directory import CredentialsDamaged, read_credentials
from cabinet.adapters.journal_lock import holder_of
from cabinet.adapters.journal_reader import read_journal
from cabinet.app.hardware import simulated_port
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.app.wiring import wiring_of
from cabinet.app.world import world_of
from cabinet.domain.core import Core
from cabinet.domain.facts import CabinetStarted
from cabinet.ports import JournalBroken, LineLost
from cabinet.workbench.check import Certificate, Evidence, Gateway, Port, Record
from cabinet.workbench.volume import volume_of
from config.load import LoadedSite, load_site
from config.models import MODELS
from config.problem import SiteProblems
from config.schema import SerialBus

ANSWERS_WITHIN_S = 2.0
SECRET = ("pepper", "signing.key", "credentials.json", "keys/*.scbk")
DAY = timedelta(hours=24)


def gather(site: Path, given_state: Path | None, kiosk_port: int | None = None, mqtt_port: int | None = None) -> Evidence:
    """Everything that can be told without opening a lock or holding a line for longer than a moment."""
    loaded, problems = _load(site)
    state = given_state or (None if loaded is None else Path(loaded.site.state))
    now = SystemClock().now().utc
    parts: dict[str, Any] = {"now": now, "built": BUILT, "software": SOFTWARE, "problems": problems, "models": MODELS}
    if loaded is not None:
        holder = "" if state is None else holder_of(state / "journal.db")
        parts |= {"loaded": loaded, "wiring": wiring_of(loaded.site), "holder": holder, "certificates": tuple(_certificates(loaded))}
        parts |= {"health": _health(kiosk_port or loaded.site.kiosk.port), "broker": _broker(loaded, mqtt_port)}
    if state is not None:
        parts |= _state(state)
    if loaded is not None and state is not None:
        parts |= {"ports": tuple(_ports(loaded, state)), "gateways": tuple(_gateways(loaded, state))}
        parts |= _journal(loaded, state)
    return Evidence(**parts, is_synchronised=_is_synchronised())


def _load(site: Path) -> tuple[LoadedSite | None, tuple[str, ...]]:
    try:
        return load_site(site), ()
    except SiteProblems as found:
        return None, tuple(str(problem) for problem in found.problems)


def _state(state: Path) -> Mapping[str, Any]:
    if not state.is_dir():
        return {"state": str(state), "is_state_there": False}
    try:
        enrolled: tuple[str, ...] | None = tuple(one.staff for one in read_credentials(state))
    except (CredentialsDamaged, OSError):
        enrolled = None
    return {
        "state": str(state),
        "is_state_writable": os.access(state, os.W_OK | os.X_OK),
        "open_files": tuple(str(path) for name in SECRET for path in sorted(state.glob(name)) if path.stat().st_mode & 0o077),
        "volume": volume_of(state),
        "free_bytes": shutil.disk_usage(state).free,
        "enrolled": enrolled,
        "has_demo_pins": (state / "demo-pins.json").exists(),
    }


def _journal(loaded: LoadedSite, state: Path) -> Mapping[str, Any]:
    path = state / "journal.db"
    if not path.exists():
        return {}
    core = Core(world_of(loaded))
    try:
        with closing(read_journal(path)) as journal:
            journal.check_tail()
            head, (epoch, acked) = journal.head, journal.acked
            acked = acked if epoch == head.epoch else 0
            newest = unsent_since = None
            starts = []
            for entry in journal.history():
                core.replay(entry)
                newest = entry.at
                if entry.seq == acked + 1:
                    unsent_since = entry.at
                if isinstance(entry.fact, CabinetStarted):
                    starts.append(entry.at)
    except JournalBroken as broken:
        return {"record": Record(broken=str(broken))}
    lately = 0 if newest is None else sum(newest - at < DAY for at in starts)
    return {"core": core, "record": Record(core.state.seq, newest, core.state.seq - acked, unsent_since, "", lately)}


def _health(port: int) -> Mapping[str, Any] | None:
    try:
        answer: Mapping[str, Any] = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=ANSWERS_WITHIN_S).json()
    except (httpx.TransportError, ValueError):
        return None
    return answer if "mode" in answer else None


def _broker(loaded: LoadedSite, other_port: int | None) -> Gateway:
    mqtt = loaded.site.mqtt
    port = other_port or mqtt.port
    return Gateway("mqtt", f"{mqtt.host}:{port}", _connects(mqtt.host, port))


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), ANSWERS_WITHIN_S):
            return True
    except OSError:
        return False


def _gateways(loaded: LoadedSite, state: Path) -> Iterator[Gateway]:
    is_free = not holder_of(state / "journal.db")
    for bus in loaded.site.buses:
        if isinstance(bus, SerialBus):
            continue
        try:
            port = bus.port or simulated_port(state, bus.id)
        except LineLost as lost:
            yield Gateway(bus.id, lost.detail, False)
        else:
            yield Gateway(bus.id, f"{bus.host}:{port}", not is_free or _connects(bus.host, port))


def _ports(loaded: LoadedSite, state: Path) -> Iterator[Port]:
    for bus in loaded.site.buses:
        if isinstance(bus, SerialBus):
            yield _port(bus.id, Path(bus.port) if bus.port else state / "lines" / bus.id, is_simulated=not bus.port)


def _port(bus: str, path: Path, *, is_simulated: bool) -> Port:
    if not path.exists():
        return Port(bus, str(path), is_simulated, is_there=False)
    may_open = os.access(path, os.R_OK | os.W_OK)
    try:
        group = grp.getgrgid(path.stat().st_gid).gr_name
    except KeyError:
        group = str(path.stat().st_gid)
    return Port(bus, str(path), is_simulated, True, may_open, may_open and _is_busy(path), group, tuple(_by_id(path)), _latency_ms(path))


def _is_busy(path: Path) -> bool:
    """Whether somebody has a device exclusively (TIOCEXCL); a privileged user is let in all the same, and is told no."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
    except OSError:
        return True
    return False


def _by_id(path: Path) -> Iterator[str]:
    folder = Path("/dev/serial/by-id")
    if folder.is_dir():
        yield from (str(name) for name in folder.iterdir() if name.resolve() == path.resolve())


def _latency_ms(path: Path) -> int | None:
    timer = Path("/sys/class/tty") / path.resolve().name / "device/latency_timer"
    try:
        return int(timer.read_text())
    except (OSError, ValueError):
        return None


def _is_synchronised() -> bool | None:
    try:
        words = ["timedatectl", "show", "-p", "NTPSynchronized", "--value"]
        told = subprocess.run(words, capture_output=True, text=True, timeout=ANSWERS_WITHIN_S, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(told)


def _certificates(loaded: LoadedSite) -> Iterator[Certificate]:
    mqtt, ward = loaded.site.mqtt, loaded.site.ward
    served = None if ward is None or ward.cert_file is None else str(Path(loaded.path).parent / ward.cert_file)
    for name in filter(None, (mqtt.ca_file, mqtt.cert_file, served)):
        try:
            yield Certificate(name, x509.load_pem_x509_certificate(Path(name).read_bytes()).not_valid_after_utc)
        except (OSError, ValueError) as problem:
            yield Certificate(name, None, str(problem))
