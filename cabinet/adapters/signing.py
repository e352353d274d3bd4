"""Results that somebody signs for: an Ed25519 key in the state folder, and files that anybody can check.

Alone knows: where the key and the results lie, and what exactly is signed. Must not know: what a result says.

A signed file is JSON with `result`, `key` and `signature`; signed are the canonical bytes of `result` (RFC 8785, as in the journal), with
Ed25519 (RFC 8032). The key proves which state folder signed, and a fact in the journal names the file's sha256.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cabinet.ports import Signed

KEY = "signing.key"
FOLDER = "commissioning"
KEY_BYTES = 32


class KeyUnusable(Exception):
    """The key file is not what it must be; says why."""


class NotSigned(Exception):
    """A file is not what somebody signed; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A result whose signature is right, the public key (hexadecimal) that it is right for, and the sha256 of its file."""

    result: dict[str, Any]
    key: str
    sha256: str


def canonical(value: object) -> bytes:
    """The bytes that are signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def load_key(state: Path) -> Ed25519PrivateKey:
    """The key of a state folder, drawn at first use (mode 0600). Raises KeyUnusable when others may read it or it is no key."""
    path = state / KEY
    if not path.exists():
        handle, fresh = tempfile.mkstemp(dir=state, prefix=KEY)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        Path(fresh).unlink()
    if path.stat().st_mode & 0o077:
        raise KeyUnusable(f"{path}: others may read it; set its mode to 0600")
    drawn = path.read_bytes()
    if len(drawn) != KEY_BYTES:
        raise KeyUnusable(f"{path}: expected {KEY_BYTES} bytes, found {len(drawn)}")
    return Ed25519PrivateKey.from_private_bytes(drawn)


def keep_signed(state: Path, result: bytes, stem: str) -> Signed:
    """Sign a result (JSON) and keep it in the state folder, under a name that is still free. Raises KeyUnusable, OSError."""
    key = load_key(state)
    value = json.loads(result)
    signature = key.sign(canonical(value)).hex()
    whole = {"result": value, "key": key.public_key().public_bytes_raw().hex(), "signature": signature}
    text = (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()
    folder = state / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = _free(folder, stem)
    path.write_bytes(text)
    return Signed(path.name, hashlib.sha256(text).hexdigest(), signature)


def _free(folder: Path, stem: str) -> Path:
    number = 1
    while (path := folder / f"{stem}{'' if number == 1 else f'-{number}'}.json").exists():
        number += 1
    return path


def check_signed(path: Path, by: str | None = None) -> Checked:
    """Read a signed file. Raises NotSigned where a byte of its result differs from what was signed, OSError where it cannot be read.

    The key in the file is whoever's who signed it. `by` is the one that it must be; else only the journal tells whose file it is.
    """
    text = path.read_bytes()
    try:
        whole = json.loads(text)
        key, signature, result = whole["key"].lower(), bytes.fromhex(whole["signature"]), whole["result"]
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, canonical(result))
    except InvalidSignature as problem:
        raise NotSigned(f"{path}: the signature does not belong to this result and key") from problem
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as problem:
        raise NotSigned(f"{path}: expected JSON with result, key and signature ({problem})") from problem
    if not isinstance(result, dict):
        raise NotSigned(f"{path}: what is signed is no result")
    if by is not None and key != by.strip().lower():
        raise NotSigned(f"{path}: signed with another key, {key}")
    return Checked(result, key, hashlib.sha256(text).hexdigest())
