"""The key that the pharmacy signs its documents with.

Alone knows: where it lies and how it is written. Must not know: what is signed.

A file of 64 hexadecimal digits, drawn at the first start, for our eyes alone; beside it `.pub` holds the public key, which is what is
pinned at each cabinet (`pharmacy.pub` in its state folder).
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class KeyUnusable(Exception):
    """The key's file is not what it must be; says why."""


def load_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file, drawn at first use (mode 0600). Raises KeyUnusable where others may read it or it is no key."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(os.urandom(32).hex() + "\n")
        if path.stat().st_mode & 0o077:
            raise KeyUnusable(f"{path}: others may read it; set its mode to 0600")
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as problem:
        raise KeyUnusable(f"{path}: holds no key: {problem}") from problem
    public, told = path.with_suffix(".pub"), key.public_key().public_bytes_raw().hex() + "\n"
    if not public.exists() or public.read_bytes() != told.encode():  # another key took the old one's place
        public.write_text(told, encoding="ascii")
    return key
