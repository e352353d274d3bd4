"""Reports drawn by a process of their own, with low priority: folding a million facts must make no unlock late.

Alone knows: that `adc report` is that process, and how it says no. Must not know: any report.

One at a time: there are two cores, and one of them is the ward's.
"""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from cabinet.ports import NotDrawn
from cabinet.report.asked import NotAnswerable, asked_of

LONGEST_S = 300.0
WRONG_USAGE = 2
"""The exit status of `adc` for wrong usage (docs/commands.md)."""


class ReportProcess:
    """The ReportDesk port of a running cabinet."""

    def __init__(self, site: Path, state: Path) -> None:
        self._place = ["--site", str(site), "--state", str(state)]
        self._turn = asyncio.Lock()

    async def draw(self, name: str, words: Mapping[str, str], form: str, *, sees_balances: bool, drawn_by: str) -> bytes:
        """See ReportDesk. Whoever is cancelled meanwhile takes the process along. A word that is no argument never becomes an option."""
        try:
            asked_of(words, UTC)
        except NotAnswerable as problem:
            raise NotDrawn(str(problem), is_asked_wrongly=True) from problem
        asked = [f"--{word}={said}" for word, said in words.items() if said]
        line = ["report", *self._place, *asked, f"--drawn-by={drawn_by}", *([] if sees_balances else ["--without-blind"])]
        line += ["--json"] if form == "json" else [f"--{form}=-"]
        async with self._turn:
            status, out, said = await _run([*line, "--", name])
        if status:
            raise NotDrawn(_sentence(said), is_asked_wrongly=status == WRONG_USAGE)
        return out


async def _run(line: list[str]) -> tuple[int, bytes, str]:
    process = await asyncio.create_subprocess_exec(
        "nice", "-n", "10", sys.executable, "-m", "cabinet.cli", *line,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(LONGEST_S):
            out, errors = await process.communicate()
    except TimeoutError as late:
        raise NotDrawn(f"it took longer than {LONGEST_S:.0f} s: ask for a shorter interval, or use adc report") from late
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode or 0, out, errors.decode(errors="replace")


def _sentence(errors: str) -> str:
    """What the command said went wrong."""
    last = errors.strip().rpartition("\n")[2]
    return last.removeprefix("Error: ") or "it ended without a word"
