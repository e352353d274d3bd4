"""What is remembered of people: their records as changed here, who is locked out, and which temporary PINs there are.

Alone knows: the shape of it, as plain data. Must not know: how any of it changes (`fold/person.py`). No secret is in it.
"""

from dataclasses import dataclass, field

from cabinet.domain.people import Staff

KIOSK, WARD = "kiosk", "ward"
"""The screens where people sign in: the cabinet's own, and those of the ward."""


def lock_of(person: str, screen: str) -> str:
    """Under which name wrong secrets are counted: those on the ward's network hold nobody up at the cabinet."""
    return person if screen == KIOSK else f"{screen}/{person}"


def parted(lock: str) -> tuple[str, str]:
    """Whose such a name is, and of which screen."""
    screen, _, person = lock.rpartition("/")
    return person, screen or KIOSK


@dataclass
class Lockout:
    """Wrong secrets in a row of one person. While `is_locked` none counts; `wait_s` None: until somebody unlocks them."""

    failures: int = 0
    is_locked: bool = False
    wait_s: int | None = None


@dataclass
class People:
    """`records` stand above what the site's file says of a person, by their id."""

    records: dict[str, Staff] = field(default_factory=dict)
    lockouts: dict[str, Lockout] = field(default_factory=dict)
    """By person and screen (`lock_of`)."""
    pins: dict[str, str] = field(default_factory=dict)
    """Until when (a moment as records write it) the temporary PIN of each person is good."""
    let_in_by: dict[str, str] = field(default_factory=dict)
    """Who made the account of each person who was let in for a shift."""
    secrets_by: dict[str, str] = field(default_factory=dict)
    """Who set the PIN or passkey of each person, while it was not they themselves."""
    pins_by: dict[str, str] = field(default_factory=dict)
    """Who issued the temporary PIN of each person."""
    provable: dict[str, list[str]] = field(default_factory=dict)
    """By what each person who was enrolled here can sign in: badge, pin, passkey."""
    visits_s: list[int] = field(default_factory=list)
    """How long each of the last sessions at the cabinet lasted, in seconds."""

    def is_locked(self, staff: str, screen: str = KIOSK) -> bool:
        """Whether a person's sign-in is locked at a screen."""
        found = self.lockouts.get(lock_of(staff, screen))
        return found is not None and found.is_locked

    def is_locked_somewhere(self, staff: str) -> bool:
        """Whether it is at any of them."""
        return self.is_locked(staff) or self.is_locked(staff, WARD)
