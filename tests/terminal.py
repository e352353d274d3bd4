"""A command on a terminal of its own, driven as a person would: what stands on the screen is waited for, then something is typed.

Alone knows: how a pseudo-terminal is read, and for how long. Must not know: which command it is.
"""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE_S = 60.0
CTRL_C, CTRL_D = b"\x03", b"\x04"
ROOT = Path(__file__).parents[1]


class Terminal:
    """One command of `adc` and the screen that it writes on."""

    def __init__(self, words: list[str], environment: Mapping[str, str]) -> None:
        self._pid, self._screen = pty.fork()
        if not self._pid:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", "cabinet.cli", *words], {**os.environ, **environment, "TERM": "dumb"})  # noqa: S606
        self._unread, self.said = "", ""

    def __enter__(self) -> Self:
        """Begun already."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End it, whatever it waits for."""
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._screen)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until the screen shows something after what was waited for last."""
        until_s = time.monotonic() + PATIENCE_S
        while not (found := re.search(pattern, self._unread)):
            assert self._read(until_s), f"no {pattern!r} in:\n{self.said}"
        self._unread = self._unread[found.end() :]
        return found

    def type(self, text: str | bytes) -> None:
        """Type a line, or keys as they are."""
        os.write(self._screen, text if isinstance(text, bytes) else f"{text}\n".encode())

    def answer(self, question: str, text: str | bytes = "") -> None:
        """Wait for a question to stand on the screen, and answer it."""
        self.wait_for(question + r"[^\n]*: $")
        self.type(text)

    def end(self) -> int:
        """Wait until the command is over: its exit status."""
        until_s = time.monotonic() + PATIENCE_S
        while self._read(until_s):
            pass
        assert time.monotonic() < until_s, f"it does not end:\n{self.said}"
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self, until_s: float) -> bool:
        """Read on; False at the end of what is said, or of patience."""
        ready, _, _ = select.select([self._screen], [], [], max(0.0, until_s - time.monotonic()))
        try:
            data = os.read(self._screen, 65536).decode(errors="replace") if ready else ""
        except OSError:  # Linux ends a pseudo-terminal so
            data = ""
        self._unread += data
        self.said += data
        return bool(data)
