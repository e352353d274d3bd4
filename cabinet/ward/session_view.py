"""A ward session as whoever signed in sees it.

Alone knows: its shape. Must not know: HTTP, or how anybody was recognised.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class WardSessionView:
    """It ends after `idle_s` seconds without a call, at `expires_at` at the latest, and at once with its person's account."""

    token: str
    session: str
    factors: tuple[str, ...]
    staff: str
    name: str
    role: str
    idle_s: float
    expires_at: str
