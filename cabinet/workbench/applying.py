"""Having a running controller take up its site anew, and waiting until it has.

Alone knows: how the controller is told, and by what it shows that it has taken up a site.
Must not know: what a site says.
"""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from cabinet.adapters.journal_lock import holder_of

_PROCESS = re.compile(r"process ([0-9]+)$")
LOOK_S = 0.2


class NotApplied(Exception):
    """The controller did not take the site up; says why."""


def apply(state: Path, sha256: str, port: int, wait_s: float, tell: Callable[[str], None]) -> None:
    """Tell the controller of this state folder, and return once it runs the site with this sha256. Raises NotApplied."""
    process = _PROCESS.search(holder_of(state / "journal.db"))
    if process is None:
        raise NotApplied(f"no controller runs with {state}; the next start takes the site up")
    if _says(port, "config") == sha256:
        tell("it runs this site already")
        return
    try:
        os.kill(int(process[1]), signal.SIGHUP)
    except OSError as problem:
        raise NotApplied(f"process {process[1]} could not be told: {problem}") from problem
    until_s, is_told = time.monotonic() + wait_s, False
    while _says(port, "config") != sha256 or _says(port, "mode") == "starting":
        if time.monotonic() > until_s:
            raise NotApplied("it has not taken it up: somebody is at the cabinet, or its log says what is wrong; it will once nobody is")
        if not is_told:
            tell("waiting until nobody is at the cabinet ...")
            is_told = True
        time.sleep(LOOK_S)


def _says(port: int, key: str) -> str:
    try:
        return str(httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2.0).json().get(key, ""))
    except (httpx.TransportError, ValueError):
        return ""
