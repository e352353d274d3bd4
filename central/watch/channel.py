"""A way out for letters, as the sender needs it.

Alone knows: its shape, and what "not taken" means. Must not know: any protocol.
"""

from typing import Any, Protocol


class NotTaken(Exception):
    """The other end did not take it. `is_final`: it never will."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Way(Protocol):
    """Sends one letter. Raises NotTaken."""

    async def __call__(self, number: int, letter: dict[str, Any]) -> None:
        """Return once the other end has it. `number` stays the same when a letter is sent again."""
        ...
