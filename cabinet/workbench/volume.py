"""What a folder lies on: the kind of file system, the device below it, and whether that device enciphers.

Alone knows: where Linux tells so (`/proc/self/mountinfo`, `/sys/class/block`). Must not know: what it is good for.

Sources: proc_pid_mountinfo(5); Documentation/ABI/testing/sysfs-block-dm in the kernel (`dm/uuid`), where cryptsetup's begin with `CRYPT-`.
A drive that enciphers by itself, and a file system that does, are not seen from here: of them nothing is claimed.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Volume:
    """`is_enciphered`: by dm-crypt, in whichever layer below the file system; None: there is no block device that could be asked."""

    file_system: str = ""
    device: str = ""
    is_enciphered: bool | None = None

    @property
    def in_words(self) -> str:
        """What was found, for whoever has to judge it."""
        said = {True: "dm-crypt is below it", False: "no dm-crypt is below it", None: "what is below it cannot be told"}
        return f"{self.file_system or 'unknown'} on {self.device or 'no device'}: {said[self.is_enciphered]}"


def volume_of(folder: Path, root: Path = Path("/")) -> Volume:
    """What a folder lies on, as the system below `root` tells; an empty one where it does not."""
    try:
        rows = (root / "proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return Volume()
    best: tuple[int, str, str] = (-1, "", "")
    for row in rows:
        place, _, source = row.partition(" - ")
        mount, (kind, device) = _plain(place.split()[4]), source.split()[:2]
        if folder.resolve().is_relative_to(mount) and len(mount) >= best[0]:
            best = len(mount), kind, _plain(device)
    _, kind, device = best
    return Volume(kind, device, _is_enciphered(root, device) if device.startswith("/dev/") else None)


def _plain(word: str) -> str:
    """Spaces and the like stand as octal numbers there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), word)


def _is_enciphered(root: Path, device: str) -> bool | None:
    node = root / "sys/class/block" / (root / device.lstrip("/")).resolve().name
    return _is_crypt(node.resolve()) if node.exists() else None


def _is_crypt(node: Path) -> bool:
    """Whether a block device is dm-crypt's, or lies on such devices alone: a partition on its disk, a volume on all of its parts."""
    uuid = node / "dm/uuid"
    if uuid.exists() and uuid.read_text(encoding="ascii").startswith("CRYPT-"):
        return True
    if (node / "partition").exists():
        return _is_crypt(node.parent)
    slaves = node / "slaves"
    below = sorted(slaves.iterdir()) if slaves.is_dir() else []
    return bool(below) and all(_is_crypt(part.resolve()) for part in below)
