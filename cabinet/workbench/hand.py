"""Hands and eyes for a walk through the cabinet.

Alone knows: what a hand does and an eye sees. Must not know: whose they are, or what is being proven by them.
"""

from typing import Protocol


class Left(Exception):
    """Whoever stands at the cabinet leaves before the walk is done; says why."""


class Hand(Protocol):
    """Whoever stands at the cabinet. None for an answer: they cannot tell, or skip this."""

    is_unattended: bool
    patience_s: float
    """How long a push is waited for."""

    async def may_take(self) -> bool:
        """Whether the cabinet, which went back to the ward meanwhile, may be taken again."""
        ...

    async def again(self, what: str, seen: str) -> bool:
        """Whether what did not pass was put right, and is to be tried again."""
        ...

    async def is_ready(self, board: str, kind: str, within_s: int) -> bool:
        """Whether a badge (kind reader) or a code (scanner) can be held to a board in a moment, for which it listens so long."""
        ...

    async def show(self, board: str, kind: str) -> None:
        """Hold it there."""
        ...

    async def is_shut(self, drawer: str, pocket: str | None, place: str) -> bool | None:
        """Whether a drawer, or a pocket's lid, really is shut."""
        ...

    async def others_open(self, drawer: str, pocket: str | None, place: str) -> tuple[str, ...]:
        """The places besides this one that really stand open, the drawer around a lid aside."""
        ...

    async def pull(self, drawer: str, pocket: str | None, place: str, *, is_sprung: bool) -> None:
        """Pull what was released, where no spring throws it open."""
        ...

    async def push(self, drawer: str, pocket: str | None, place: str) -> None:
        """Push it shut."""
        ...

    async def is_lit(self, pocket: str, place: str) -> bool | None:
        """Whether the guide light burns now."""
        ...

    async def flip_eye(self, pocket: str, place: str) -> bool | None:
        """Change what the photo-eye sees (fill an empty pocket, empty a full one): whether it is empty now."""
        ...

    async def put_back(self, pocket: str, place: str) -> None:
        """Undo `flip_eye`."""
        ...

    async def load(self, pocket: str, place: str) -> int | None:
        """Lay a known mass on the pocket's scale: how much, in milligrams."""
        ...

    async def unload(self, pocket: str, place: str) -> None:
        """Take it off again."""
        ...
