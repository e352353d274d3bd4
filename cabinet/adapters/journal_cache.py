"""A snapshot of folded state beside the journal, so that a start replays only what came after it.

Alone knows: the snapshot's file and when it may not be believed.
Must not know: what the state looks like (bytes), or how it is folded.

It is a cache: it may be deleted at any time, and it counts only for the very chain and software that it was made from.
"""

import hashlib
import json
from pathlib import Path

from cabinet.adapters.journal_row import Head


class SnapshotFile:
    """One snapshot at `path`, replaced whole; with None it is kept in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._kept: bytes | None = None

    def save(self, head: Head, software: str, state: bytes) -> None:
        """Keep `state` as that after the fact `head`. Raises OSError."""
        label = {**head._asdict(), "software": software, "sha256": hashlib.sha256(state).hexdigest()}
        content = json.dumps(label).encode() + b"\n" + state
        if self._path is None:
            self._kept = content
            return
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_bytes(content)
        draft.replace(self._path)

    def load(self, software: str) -> tuple[Head, bytes] | None:
        """The snapshot, where one is whole and made by this `software`."""
        content = self._content()
        label, _, state = content.partition(b"\n")
        try:
            said = json.loads(label)
            head = Head(said["epoch"], said["seq"], said["hash"])
            is_whole = said["software"] == software and said["sha256"] == hashlib.sha256(state).hexdigest()
        except (ValueError, KeyError, TypeError):
            return None
        return (head, state) if is_whole else None

    def _content(self) -> bytes:
        if self._path is None:
            return self._kept or b""
        try:
            return self._path.read_bytes()
        except OSError:
            return b""
