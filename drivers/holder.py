"""Who else has a device open, as far as this user may see.

Alone knows: where Linux lists the open files of processes.
Must not know: what the device is for.
"""

import os
from pathlib import Path


def holder_of(device: str, root: Path = Path("/proc")) -> str:
    """The processes that have `device` open, in words: "process 412 (adc)"; "another program" where none is found."""
    target = os.path.realpath(device)
    found = [entry for entry in root.iterdir() if entry.name.isdigit() and _has_open(entry, target)]
    return ", ".join(f"process {entry.name} ({_name(entry)})" for entry in found) or "another program"


def _has_open(process: Path, target: str) -> bool:
    try:
        return any(str(link.readlink()) == target for link in (process / "fd").iterdir())
    except OSError:
        return False  # it is another user's, or it ended meanwhile


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "?"
