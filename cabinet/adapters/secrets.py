"""What a person knows, checked without ever being kept: argon2id over a peppered hash.

Alone knows: how a secret becomes a digest, the cost of that, and where the pepper lies.
Must not know: whose secret it is, or what it opens.

argon2id (RFC 9106) with m = 64 MiB, t = 3, p = 1 over HMAC-SHA-256(pepper, secret). The pepper lies outside the database, so
that a stolen database verifies nobody. One hash borrows 64 MiB, so only one is made at a time, on a thread of its own.
"""

import asyncio
import contextlib
import hmac
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 65_536
PASSES = 3
LANES = 1
PEPPER_BYTES = 32

T = TypeVar("T")


class PepperUnusable(Exception):
    """The pepper file is not what it must be; says why. Nobody can be recognised without it."""


def load_pepper(path: Path, draw: Callable[[int], bytes] = os.urandom) -> bytes:
    """The pepper at `path`, drawn at first use (mode 0600). Raises PepperUnusable when others may read it or it is no pepper."""
    if not path.exists():
        _draw_pepper(path, draw)
    return _read_pepper(path)


def _draw_pepper(path: Path, draw: Callable[[int], bytes]) -> None:
    """Written whole under another name first: a power cut leaves a whole pepper or none, and the first of two processes wins."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(draw(PEPPER_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    Path(fresh).unlink()


def _read_pepper(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise PepperUnusable(f"{path}: others may read it; set its mode to 0600")
    pepper = path.read_bytes()
    if len(pepper) != PEPPER_BYTES:
        raise PepperUnusable(f"{path}: expected {PEPPER_BYTES} bytes, found {len(pepper)}")
    return pepper


def _peppered(pepper: bytes, secret: str) -> bytes:
    return hmac.digest(pepper, secret.encode(errors="surrogatepass"), "sha256")


def _mark(pepper: bytes, number: str) -> str:
    """Another key than that of secrets: a badge whose number is somebody's PIN tells nothing about it."""
    return hmac.new(pepper, b"badge:" + number.encode(errors="surrogatepass"), "sha256").hexdigest()


class ArgonSecrets:
    """The Secrets port for real cabinets. Close it when the cabinet stops."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="secrets")

    async def verify(self, digest: str, secret: str) -> bool:
        """Whether `secret` is the one that `digest` was made of; False also for a digest that is none."""
        return await self._run(lambda: self._verify_now(digest, secret))

    async def digest(self, secret: str) -> str:
        """The form in which a secret is kept, in the PHC string format."""
        return await self._run(lambda: self._hasher.hash(_peppered(self._pepper, secret)))

    def mark(self, number: str) -> str:
        """The form in which a badge's number is kept: HMAC-SHA-256 under the pepper."""
        return _mark(self._pepper, number)

    def close(self) -> None:
        """Let go of the thread; what still waits for it is not done."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _run(self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    def _verify_now(self, digest: str, secret: str) -> bool:
        try:
            return self._hasher.verify(digest, _peppered(self._pepper, secret))
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


class InlineSecrets:
    """The twin for rehearsals and tests: a keyed hash, far too cheap to keep a real secret, and no thread."""

    def __init__(self, pepper: bytes = b"rehearsal") -> None:
        self._pepper = pepper

    async def verify(self, digest: str, secret: str) -> bool:
        """Whether `secret` is the one that `digest` was made of."""
        return hmac.compare_digest(digest.encode(errors="surrogatepass"), self.digest_now(secret).encode())

    async def digest(self, secret: str) -> str:
        """The form in which a secret is kept."""
        return self.digest_now(secret)

    def mark(self, number: str) -> str:
        """The form in which a badge's number is kept."""
        return _mark(self._pepper, number)

    def digest_now(self, secret: str) -> str:
        """The same, for whoever sets a stage."""
        return f"rehearsal:{_peppered(self._pepper, secret).hex()}"
