"""The setup code: what whoever stands at the machine can read, and nobody else, while a cabinet has no administrator.

Alone knows: how it is drawn, where it lies and how many wrong tries it stands. Must not know: who is enrolled with it.

Ten letters and digits without those that look alike: 50 bits. Five wrong tries and it is another one, so guessing never comes nearer.
"""

import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10
TRIES = 5
NAME = "setup-code"


def draw_code() -> str:
    """A fresh code of chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def in_groups(code: str) -> str:
    """A code as people read it aloud: K7QF2-9XMRT."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


class HeldSetupCode:
    """The SetupCode port in memory, for rehearsals."""

    def __init__(self, draw: Callable[[], str] = draw_code) -> None:
        self._draw = draw
        self._code = ""
        self._wrong = 0

    def needed(self) -> str:
        """The code, drawn where there is none yet."""
        code = self._load()
        if not code:
            code = self._draw()
            self._store(code)
        return code

    def is_right(self, code: str) -> bool:
        """Whether this is the code, however it was grouped. After some wrong tries it is another one."""
        typed = "".join(filter(str.isalnum, code.upper()))
        if hmac.compare_digest(typed.encode(errors="replace"), self.needed().encode()):
            return True
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong = 0
            self._store(self._draw())
        return False

    def spend(self) -> None:
        """It is of no use any more."""
        self._store("")

    def _load(self) -> str:
        return self._code

    def _store(self, code: str) -> None:
        self._code = code


class SetupCodeFile(HeldSetupCode):
    """The SetupCode port over `<state>/setup-code`, which only the cabinet's own user may read."""

    def __init__(self, state: Path, draw: Callable[[], str] = draw_code) -> None:
        super().__init__(draw)
        self.path = state / NAME

    def _load(self) -> str:
        try:
            return "".join(filter(str.isalnum, self.path.read_text()))
        except FileNotFoundError:
            return ""

    def _store(self, code: str) -> None:
        self.path.unlink(missing_ok=True)
        if code:
            self.path.touch(mode=0o600)
            self.path.write_text(f"{in_groups(code)}\n")
