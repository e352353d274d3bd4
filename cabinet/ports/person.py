"""What proves who somebody is.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from dataclasses import dataclass
from typing import Protocol

from cabinet.domain.vocabulary import StaffId


class Secrets(Protocol):
    """Checks what a person knows, without the rest of the house ever holding it."""

    async def verify(self, digest: str, secret: str) -> bool:
        """Whether `secret` is the one that `digest` was made of."""
        ...

    async def digest(self, secret: str) -> str:
        """The form in which a secret is kept."""
        ...

    def mark(self, number: str) -> str:
        """The form in which a badge's number is kept: always the same for the same number, and no way back without the pepper."""
        ...


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who somebody is, as far as what they showed proves it: `staff` is None when it proves nothing.

    `is_temporary`: by a PIN that is good for some hours; until when, the core remembers.
    """

    staff: StaffId | None
    claimed: StaffId | None
    factors: tuple[str, ...]
    is_temporary: bool = False


class TooManyAttempts(Exception):
    """So many attempts for one person are being checked already that this one was not looked at."""


class BadgeTaken(Exception):
    """The badge is another person's."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is kept of a passkey: its id and public key (base64url) and how often it signed. None of it is a secret."""

    id: str
    public_key: str
    signed: int = 0


class PasskeyRefused(Exception):
    """What an authenticator answered proves nothing; says why, to the log alone."""


class PasskeyCeremony(Protocol):
    """Making and showing passkeys (WebAuthn, W3C Level 3). Options and answers are the browser's JSON; each challenge is good once."""

    def invite(self, person: StaffId, name: str, origin: str) -> str:
        """Options for making a passkey for a person."""
        ...

    def register(self, person: StaffId, answer: str, origin: str) -> None:
        """Keep the passkey that was made. Raises PasskeyRefused."""
        ...

    def ask(self, origin: str) -> str:
        """Options for showing a passkey, whoever's."""
        ...

    def recognise(self, answer: str, origin: str) -> Recognition:
        """Who showed a passkey: the authenticator saw to it that it was its owner. Raises PasskeyRefused."""
        ...


class SetupCode(Protocol):
    """The code that stands at the machine while nobody can enrol anybody, and lets the first person be enrolled."""

    def needed(self) -> str:
        """The code, drawn where there is none yet."""
        ...

    def is_right(self, code: str) -> bool:
        """Whether this is the code. After some wrong tries it is another one."""
        ...

    def spend(self) -> None:
        """It is of no use any more."""
        ...


class Directory(Protocol):
    """Staff as this cabinet knows them, and what proves who they are. Whoever asks it to keep something was granted that by the core."""

    @property
    def ceremony(self) -> PasskeyCeremony:
        """How passkeys are made and shown."""
        ...

    @property
    def setup(self) -> SetupCode:
        """What the first person of a fresh cabinet has read at the machine."""
        ...

    async def recognise(self, *, badge: str | None, staff_id: str | None, secret: str) -> Recognition:
        """Check a badge or an id with a secret; takes as long for an unknown person as for a known one. Raises TooManyAttempts."""
        ...

    def knows(self, person: StaffId) -> bool:
        """Whether a person has anything to sign in with."""
        ...

    def is_badge_free(self, person: StaffId, badge: str) -> bool:
        """Whether a badge is nobody's, or this person's own."""
        ...

    def set_badge(self, person: StaffId, badge: str | None) -> None:
        """Let a person show this badge from now on, and no other. Raises BadgeTaken."""
        ...

    async def set_pin(self, person: StaffId, pin: str, *, is_temporary: bool = False) -> None:
        """Keep a person's PIN, in place of the one before; or, beside it, one that is good for some hours."""
        ...

    def passkeys(self, person: StaffId | None = None) -> tuple[Passkey, ...]:
        """A person's passkeys, or everybody's."""
        ...

    def drop_passkeys(self, person: StaffId) -> None:
        """Keep none of a person's passkeys."""
        ...
