"""The pharmacy's public keys, as somebody pinned them at this cabinet.

Alone knows: where they lie and how they are written. Must not know: what is signed with them.

One file in the state folder, `pharmacy.pub`: each line a key's 64 hexadecimal digits, as the pharmacy server writes it beside its own;
several while one replaces another. Without the file documents are taken unsigned, and the controller says so when it starts.
"""

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cabinet.adapters.signing import KeyUnusable
from cabinet.messages import key_id_of

FILE = "pharmacy.pub"

Keys = Mapping[str, Ed25519PublicKey]
"""By their short names."""


def read_pinned(state: Path) -> Keys:
    """The keys that are pinned; none where there is no file. Raises KeyUnusable for a file that does not hold keys."""
    path = state / FILE
    try:
        lines = path.read_text(encoding="ascii").split("\n")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise KeyUnusable(f"{path}: cannot be read: {problem}") from problem
    texts = [line.partition("#")[0].strip() for line in lines]
    try:
        keys = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(text)) for text in texts if text]
    except ValueError as problem:
        raise KeyUnusable(f"{path}: a key is 64 hexadecimal digits on a line of its own") from problem
    if not keys:
        raise KeyUnusable(f"{path}: holds no key")
    return {key_id_of(key): key for key in keys}
