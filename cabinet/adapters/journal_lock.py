"""One writer: the lock that says which process owns a journal.

Alone knows: the lock file beside the journal and who stands in it.
Must not know: what the journal holds.

flock(2) belongs to the open file, so the lock is free the moment its process dies, however it dies; what stands in the file is for people.
"""

import fcntl
import os
from pathlib import Path


class JournalHeld(Exception):
    """Another process writes this journal; the text names it."""


class WriterLock:
    """Holds the journal at `path` from construction to `release`. Raises JournalHeld, naming the holder, when it is taken."""

    def __init__(self, path: Path, holder: str) -> None:
        self.path = path.with_name(path.name + ".lock")
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(self._handle, 200, 0).decode(errors="replace").strip() or "a process that left no name"
            os.close(self._handle)
            raise JournalHeld(f"{path} is being written by {other}; only one process writes a journal") from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{holder}, process {os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another process write."""
        os.close(self._handle)


def holder_of(path: Path) -> str:
    """Who holds the journal at `path` now, as they named themselves; empty where nobody does. Looking takes the lock for a moment."""
    lock = path.with_name(path.name + ".lock")
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, 200, 0).decode(errors="replace").strip() or "a process that left no name"
    finally:
        os.close(handle)
    return ""
