"""`adc demo` and `adc run` as somebody meets them who typed the command: what they print, leave behind, and keep to themselves.

Why it matters: the demo is everybody's first minute with the project, and scripts rely on what it prints; and a PIN that turns up in
one log is no secret any more.
"""

import json
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from cabinet.adapters.journal_lock import WriterLock
from cabinet.cli.exit_code import ExitCode
from cabinet.rehearsal import enrol
from cabinet.rehearsal.visit import Visit
from config.load import load_site
from tests.broker import free_port
from tests.drills.bedside import SITE, new_company, wait_for

ADC = (sys.executable, "-m", "cabinet.cli")
ROOT = Path(__file__).parents[2]
OWN = load_site(SITE).site.cabinet
"""The demo's own cabinet among those of its pharmacy."""

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until it is told to stop; killed if it does not."""
    with subprocess.Popen([*ADC, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def stop(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Ask a command to stop: its exit status and what else it said."""
    process.send_signal(signal.SIGTERM)
    said, talk = process.communicate(timeout=20)
    return process.returncode, said, talk


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run([*ADC, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)


def processes_of(state: Path) -> list[str]:
    """The command lines of all processes that were told of a state folder."""
    lines = (entry / "cmdline" for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [words for line in lines if str(state) in (words := _read(line).replace("\0", " "))]


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""  # it ended meanwhile


def get(url: str) -> Any:
    """What a page of JSON says."""
    return httpx.get(url, timeout=10).raise_for_status().json()


def test_once_plays_all_three_prints_the_summary_and_leaves_nothing_running(tmp_path: Path) -> None:
    """One command shows that everything works together, to a person and to a script."""
    done = run("demo", "--once", "--json", "--state", str(tmp_path))
    assert done.returncode == ExitCode.DONE, done.stderr
    summary = json.loads(done.stdout)
    assert list(summary) == ["refills", "withdrawals", "counts", "units", "pharmacy_seq", "balanced"]
    assert (summary["refills"], summary["withdrawals"], summary["counts"], summary["balanced"]) == (1, 1, 1, True)
    assert summary["units"] > 1
    assert summary["pharmacy_seq"] > 100
    assert processes_of(tmp_path) == []


def test_the_demo_says_where_everything_answers_ends_when_told_and_keeps_pins_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I18: what proves who somebody is stands in the two files of the state folder that are for it, as a digest in one, and in no other."""
    monkeypatch.setattr(enrol, "DIGITS", 24)  # so long that chance writes none of them anywhere
    staff = enrol.enrol(load_site(SITE), tmp_path)
    badges = [f'"{person.badge}"' for person in staff]  # so short that chance writes the bare digits into many a hash
    canaries = [person.pin for person in staff] + badges + ["wrong-secret-77120", "no-badge-77121"]
    with running("demo", "--json", "--headless", "--state", str(tmp_path)) as demo:
        assert demo.stdout is not None
        told = json.loads(demo.stdout.readline())
        assert list(told) == ["kiosk", "pharmacy", "virtual_cabinet", "guide", "ward", "mqtt", "staff"]
        assert told["staff"] == [{"id": p.id, "name": p.name, "role": p.role, "badge": p.badge, "pin": p.pin} for p in staff]
        with overheard(told["mqtt"]) as messages:
            canaries += _sign_in_and_err(told)
        assert messages
        assert (
            len(get(f"{told['virtual_cabinet']}api/v1/plant")["pockets"]) == len(get(f"{told['pharmacy']}api/v1/stock?cabinet={OWN}")) + 1
        )
        status, said, talk = stop(demo)
    assert (status, said) == (ExitCode.DONE, "")
    assert processes_of(tmp_path) == []
    assert all(person.pin in (tmp_path / enrol.PINS).read_text() for person in staff)
    (tmp_path / "demo.log").write_text(talk)
    assert [name for canary in canaries for name in _places(canary, tmp_path, messages)] == []


def test_a_site_with_lines_of_its_own_is_not_played_on(tmp_path: Path) -> None:
    """The demo prints PINs and moves invented hands: never on boards that are there."""
    site = SITE.read_text().replace('port = ""', 'port = "/dev/ttyUSB0"').replace('"../', f'"{SITE.parents[1]}/')
    real = tmp_path / "real.toml"
    real.write_text(site)
    done = run("demo", "--headless", "--site", str(real), "--state", str(tmp_path / "state"))
    assert done.returncode == ExitCode.USAGE
    assert "locks" in done.stderr
    assert not (tmp_path / "state").exists()


def test_the_workshop_is_played_too(tmp_path: Path) -> None:
    """Whoever tries boards needs somebody who can sign in, and learns where to point the bench."""
    site = SITE.parent / "workshop.toml"
    with running("demo", "--headless", "--site", str(site), "--state", str(tmp_path)) as demo:
        assert demo.stdout is not None
        said = []
        while not said or not said[-1].startswith("Sign in"):
            said.append(demo.stdout.readline())
            assert said[-1], said
        assert f"  export ADC_SITE={site} ADC_STATE={tmp_path}\n" in said
        status, _, talk = stop(demo)
    assert status == ExitCode.DONE, talk


@contextmanager
def overheard(address: str) -> Iterator[list[bytes]]:
    """Everything that passes the broker, what it kept included."""
    messages: list[bytes] = []

    def hear(_client: Client, _data: object, message: MQTTMessage) -> None:
        messages.append(message.topic.encode() + b" " + message.payload)

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = hear
    client.on_connect = lambda *_: client.subscribe("#")
    client.connect("127.0.0.1", int(address.rpartition(":")[2]))
    client.loop_start()
    try:
        yield messages
    finally:
        client.disconnect()
        client.loop_stop()


def _sign_in_and_err(told: Any) -> list[str]:
    """Sign in rightly, wrongly and malformed, at the cabinet and on the ward; returns the tokens that were given."""
    kiosk, nurse = f"{told['kiosk']}api/v1", told["staff"][0]
    with httpx.Client(base_url=kiosk, timeout=10) as client:
        session = client.post("/sessions", json={"badge": nurse["badge"], "secret": nurse["pin"]}).raise_for_status().json()
        assert client.post("/sessions", json={"badge": nurse["badge"], "secret": "wrong-secret-77120"}).status_code == 401
        assert client.post("/sessions", json={"badge": "no-badge-77121", "secret": nurse["pin"]}).status_code == 401
        assert client.post("/sessions", json={"badge": [nurse["badge"]], "secret": nurse["pin"]}).status_code == 422
        client.get("/stock", headers={"Authorization": f"Bearer {session['token']}"}).raise_for_status()
        client.delete("/sessions", headers={"Authorization": f"Bearer {session['token']}"}).raise_for_status()
    with httpx.Client(base_url=f"{told['ward']}api/v1", timeout=10) as client:
        ahead = client.post("/sessions", json={"id": nurse["id"], "secret": nurse["pin"]}).raise_for_status().json()
        assert client.post("/sessions", json={"id": nurse["id"], "secret": "wrong-secret-77120"}).status_code == 401
        assert client.get("/patients", headers={"Authorization": f"Bearer {ahead['token']}"}).raise_for_status().json()
    seq = get(f"{told['kiosk']}healthz")["seq"]
    wait_for(lambda: get(f"{told['pharmacy']}api/v1/cabinets/{OWN}")["seq"] >= seq, "the pharmacy server holds all of it")
    return [session["token"], ahead["token"]]


def _places(canary: str, state: Path, messages: list[bytes]) -> list[str]:
    """Where a secret turned up that must be nowhere but in the files that are for it."""
    meant = {enrol.PINS, "credentials.json"}
    found = [path.name for path in state.rglob("*") if path.is_file() and path.name not in meant and canary.encode() in path.read_bytes()]
    return found + [message.decode(errors="replace") for message in messages if canary.encode() in message]


def test_without_mosquitto_the_embedded_broker_carries_the_demo(tmp_path: Path) -> None:
    """A newcomer has pip and nothing else: MQTT 3.1.1 on amqtt must do for the demo."""
    company, staff, loaded = new_company(tmp_path, mosquitto=None)
    with company.started():
        assert Visit(company.ports, staff, loaded).play().balanced


def test_a_second_controller_is_told_who_writes_the_journal(tmp_path: Path) -> None:
    """Two writers would be two truths."""
    holder = WriterLock(tmp_path / "journal.db", "the test")
    try:
        done = run("run", "--site", str(SITE), "--state", str(tmp_path))
    finally:
        holder.release()
    assert done.returncode == ExitCode.FAILED
    assert "is being written by the test" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_controller_whose_lines_cannot_be_named_ends_with_the_status_for_hardware(tmp_path: Path) -> None:
    """A port that neither the site nor a simulator names will not come by waiting."""
    done = run("run", "--site", str(SITE), "--state", str(tmp_path), "--kiosk-port", str(free_port()))
    assert done.returncode == ExitCode.HARDWARE
    assert "ports.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_controller_without_its_boards_starts_says_so_and_refuses(tmp_path: Path) -> None:
    """A cabinet that cannot see its doors is still there to say why, and releases nothing."""
    dead = {"bins": free_port(), "scales": free_port(), "power": free_port()}
    (tmp_path / "ports.json").write_text(json.dumps(dead))
    staff = enrol.enrol(load_site(SITE), tmp_path)
    port = free_port()
    kiosk = f"http://127.0.0.1:{port}"
    words = ("--kiosk-port", str(port), "--mqtt-port", str(free_port()))
    with running("run", "--site", str(SITE), "--state", str(tmp_path), *words) as cabinet:
        wait_for(lambda: _is_ready(kiosk), "the cabinet is ready")
        with httpx.Client(base_url=f"{kiosk}/api/v1", timeout=10) as client:
            token = client.post("/sessions", json={"badge": staff[0].badge, "secret": staff[0].pin}).raise_for_status().json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            lost = {fault["id"]: fault["code"] for fault in client.get("/faults").json()}
            refused = client.post("/accesses", json={"id": "a-1", "kind": "count", "pocket": "m1-01"})
        assert lost.items() >= {"locks-a": "bus.lost", "locks-b": "bus.lost", "lids-n1": "bus.lost"}.items()
        assert refused.json()["code"] == "drawer.unknown"
        status, _, talk = stop(cabinet)
    assert status == ExitCode.DONE
    assert "board lost" in talk
    with closing(sqlite3.connect(tmp_path / "journal.db")) as journal:
        assert journal.execute("select count(*) from facts where type = 'device_failed'").fetchone()[0] >= 3


def test_more_connections_than_the_loop_can_serve_do_not_stop_the_cabinet(tmp_path: Path) -> None:
    """Whatever else runs on the machine, the doors stay watched; and what the cabinet writes is its own user's alone."""
    (tmp_path / "ports.json").write_text(json.dumps({"bins": free_port(), "scales": free_port(), "power": free_port()}))
    state, port = tmp_path / "state", free_port()
    state.mkdir()
    (tmp_path / "ports.json").rename(state / "ports.json")
    words = ("--kiosk-port", str(port), "--mqtt-port", str(free_port()))
    with running("run", "--site", str(SITE), "--state", str(state), *words) as cabinet:
        wait_for(lambda: _is_ready(f"http://127.0.0.1:{port}"), "the cabinet is ready")
        with ExitStack() as crowd, many_files(2048):
            for _ in range(1100):
                crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            assert len(list(Path(f"/proc/{cabinet.pid}/fd").iterdir())) < 300
        wait_for(lambda: _is_ready(f"http://127.0.0.1:{port}"), "the cabinet answers again")
        assert (state / "journal.db").stat().st_mode & 0o777 == 0o600
        status, _, talk = stop(cabinet)
    assert status == ExitCode.DONE
    assert "Traceback" not in talk


def test_a_connection_that_asks_for_nothing_is_closed(tmp_path: Path) -> None:
    """Nobody keeps the places of others by saying nothing, or half of something."""
    (tmp_path / "ports.json").write_text(json.dumps({"bins": free_port(), "scales": free_port(), "power": free_port()}))
    port = free_port()
    words = ("--kiosk-port", str(port), "--mqtt-port", str(free_port()))
    form = b"Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9"
    halves = (b"", b"GET / HTTP/1.1\r\nHost:", b"POST /sign-in HTTP/1.1\r\n" + form + b"\r\n\r\nb")
    with running("run", "--site", str(SITE), "--state", str(tmp_path), *words) as cabinet, ExitStack() as crowd:
        wait_for(lambda: _is_ready(f"http://127.0.0.1:{port}"), "the cabinet is ready")
        silent = [crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=15)) for _ in halves]
        for one, half in zip(silent, halves, strict=True):
            one.sendall(half)
        assert [_is_closed(one) for one in silent] == [True] * len(halves)
        assert stop(cabinet)[0] == ExitCode.DONE


def _is_closed(one: socket.socket) -> bool:
    """Whether the other side ends this connection, saying nothing."""
    try:
        return one.recv(1) == b""
    except ConnectionResetError:
        return True


@contextmanager
def many_files(number: int) -> Iterator[None]:
    """Let this process have so many files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, number), hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_controller_that_breaks_ends_whatever_its_threads_do() -> None:
    """A dead loop behind a thread that waits for ever is a cabinet that nobody restarts."""
    source = (
        "import threading, cabinet.cli.run as run\n"
        "def work():\n"
        "    threading.Thread(target=threading.Event().wait).start()\n"
        "    raise ValueError('filedescriptor out of range in select()')\n"
        "run._end_process(run._outcome(work))"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == ExitCode.FAILED
    assert done.stderr.count("Traceback") == 1
    assert "out of range" in done.stderr


def _is_ready(kiosk: str) -> bool:
    """Whether every door has been looked at, or given up."""
    try:
        return bool(get(f"{kiosk}/healthz")["mode"] == "ready")
    except httpx.TransportError:
        return False
