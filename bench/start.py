"""P7: from the start of the controller's process to ready, its idle CPU, its resident memory.

The process is `adc run`, kiosk included, on eight boards of eight door inputs over Modbus TCP (the widest boards there are drivers for),
scanned every 50 ms; 64 pockets with stock, a real broker. Ready is when the kiosk answers that every door has been looked at. The
journals hold withdrawals as a cabinet writes them down (`bench/ledger.py`): once with a snapshot, as a cabinet leaves one behind every
ten thousand facts and at every ordered stop, and once without any, as after an update of the software, when every fact is folded anew.
Beside it stand a bare interpreter that imports the same, and the peer (`bench/loop.py`), which replays nothing. Seconds are absolute,
as a person feels them, the median of several starts; since machines are shared, the processor's own seconds stand beside them.

Idle CPU is the process's own time over ten seconds at rest; memory is its resident set (VmRSS) then. Nobody signs in: what argon2id
borrows is apart.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.ledger import CRITICAL, LEAST, PAR, write_ledger
from bench.rig import Boards, broker, cpu_s, free_port, tcp_bus, write_site

BOARDS, SCAN_MS, SETTLE_MS = 8, 50, 40
FEW, MANY = 1_000, 1_000_000
STARTS = 3
IDLE_S = 10.0
LOOK_EVERY_S = 0.01
GOAL_FEW_S, GOAL_MANY_S, GOAL_CPU, GOAL_MB = 1.0, 2.0, 3.0, 80.0
ITEM = f'item = "{{item}}"\npar = {PAR}\nmin = {LEAST}\ncritical_low = {CRITICAL}'
IMPORTS = "import cabinet.cli.run, cabinet.adapters.precise_loop, cabinet.app.live, config.load"


@dataclass(frozen=True, slots=True)
class Start:
    """How long one start took, in seconds: by the clock, and of processor."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """A process at rest: its share of one processor, and its resident memory."""

    cpu: float
    resident_mb: float


def measure() -> list[Figure]:
    """All of P7, about three minutes."""
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder, boards = Path(name), Boards(BOARDS)
        try:
            with broker(folder) as port:
                house = House(folder, int(boards.where), port)
                bare = [_import() for _ in range(STARTS)]
                few = house.starts("few", FEW)
                many_bare, many = house.starts("many", MANY, without_snapshot=True), house.starts("many", MANY)
                ours, peer = house.rest("few"), _rest_by_hand(folder, int(boards.where), port)
        finally:
            boards.stop()
    return [*_starts(bare, few, many, many_bare), *_rests(ours, peer)]


def _starts(bare: list[Start], few: list[Start], many: list[Start], many_bare: list[Start]) -> Iterator[Figure]:
    imports = f"the imports alone {_said(bare)}"
    runs = (
        (f"start to ready, {FEW:,} facts", few, GOAL_FEW_S),
        (f"start to ready, {MANY:,} facts", many, GOAL_MANY_S),
        ("the same without a snapshot", many_bare, None),
    )
    for what, starts, goal_s in runs:
        seconds = _wall(starts)
        ratio = seconds / _wall(bare)
        ok = goal_s is None or seconds <= goal_s
        yield Figure("P7", what, _said(starts), imports, ratio, "shown" if goal_s is None else f"≤ {goal_s:.0f} s", ok)


def _rests(ours: Rest, peer: Rest) -> Iterator[Figure]:
    ratio = ours.cpu / peer.cpu
    yield Figure(
        "P7",
        "idle CPU, 64 door inputs every 50 ms",
        f"{ours.cpu:.1%}",
        f"by hand {peer.cpu:.1%}",
        ratio,
        f"≤ {GOAL_CPU:.0f}",
        ratio <= GOAL_CPU,
    )
    resident = f"{ours.resident_mb:.0f} MB"
    against = f"bare interpreter with the imports {_bare_mb():.0f} MB, by hand {peer.resident_mb:.0f} MB"
    yield Figure("P7", "resident memory", resident, against, ours.resident_mb / GOAL_MB, f"≤ {GOAL_MB:.0f} MB", ours.resident_mb <= GOAL_MB)


def _wall(starts: list[Start]) -> float:
    return median(start.wall_s for start in starts)


def _said(starts: list[Start]) -> str:
    return f"{_wall(starts):.2f} s (CPU {median(start.cpu_s for start in starts):.2f})"


class House:
    """A cabinet's state folders and how its controller is started on one."""

    def __init__(self, folder: Path, boards_port: int, broker_port: int) -> None:
        self._folder, self._site, self._broker_port = folder, folder / "site.toml", broker_port
        item = ITEM.format(item="ondansetron-4-vial")
        self._loaded = write_site(self._site, tcp_bus(boards_port), BOARDS, scan_ms=SCAN_MS, settle_ms=SETTLE_MS, item=item)

    def starts(self, name: str, facts: int, *, without_snapshot: bool = False) -> list[Start]:
        """Several starts on a journal of so many facts, which is written where it is not there yet."""
        state = self._folder / name
        if not state.exists():
            state.mkdir()
            write_ledger(state / "journal.db", self._loaded, facts)
        starts = []
        for _ in range(1 if without_snapshot else STARTS):
            if without_snapshot:
                (state / "journal.snapshot").unlink(missing_ok=True)
            with self._running(state) as (_, start):
                starts.append(start)
        return starts

    def rest(self, name: str) -> Rest:
        """The controller at rest."""
        with self._running(self._folder / name) as (process, _):
            time.sleep(1)
            return _rest(process.pid)

    @contextmanager
    def _running(self, state: Path) -> Iterator[tuple[subprocess.Popen[bytes], Start]]:
        kiosk = free_port()
        words = ["--site", str(self._site), "--state", str(state), "--kiosk-port", str(kiosk), "--mqtt-port", str(self._broker_port)]
        start_s = time.monotonic()
        with (state / "run.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", "cabinet.cli", "run", *words], stdout=log, stderr=log)
        try:
            while not _is_ready(kiosk):
                assert process.poll() is None, (state / "run.log").read_text()
                time.sleep(LOOK_EVERY_S)
            yield process, Start(time.monotonic() - start_s, cpu_s(process.pid))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _is_ready(port: int) -> bool:
    with suppress(OSError, ValueError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return bool(json.load(answer).get("mode") == "ready")
    return False


def _import() -> Start:
    """A bare interpreter that imports what the controller imports."""
    start_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", f"{IMPORTS}, time; print(time.process_time())"], check=True, capture_output=True, text=True
    )  # fmt: skip
    return Start(time.monotonic() - start_s, float(done.stdout))


def _bare_mb() -> float:
    words = f"{IMPORTS}\nprint([l for l in open('/proc/self/status') if l.startswith('VmRSS')][0].split()[1])"
    return int(subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True).stdout) / 1024


def _rest_by_hand(folder: Path, boards_port: int, broker_port: int) -> Rest:
    words = [boards_port, broker_port, folder / "by-hand.db", BOARDS, SCAN_MS, SETTLE_MS]
    process = subprocess.Popen([sys.executable, "-m", "bench.loop", *map(str, words)])
    try:
        time.sleep(2)
        return _rest(process.pid)
    finally:
        process.terminate()
        process.wait()


def _rest(pid: int) -> Rest:
    before_s, start_s = cpu_s(pid), time.monotonic()
    time.sleep(IDLE_S)
    cpu = (cpu_s(pid) - before_s) / (time.monotonic() - start_s)
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return Rest(cpu, int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024)
