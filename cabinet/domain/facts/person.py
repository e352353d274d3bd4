"""What is true for ever of people: their records, how they prove who they are, and their time at the cabinet.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them. None holds a secret.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import SessionId, StaffId


@dataclass(frozen=True)
class StaffChanged(Fact):
    """A person's whole record from now on; the envelope names who changed it. `origin`: setup, cabinet or pharmacy."""

    person: StaffId
    name: str
    role: str
    areas: list[str]
    until: str | None
    competent_until: str | None
    is_active: bool
    origin: str


@dataclass(frozen=True)
class CredentialChanged(Fact):
    """By what a person can sign in (`what`: badge, pin, temporary_pin, passkey) was set, or removed. Holds nothing of it."""

    person: StaffId
    what: str
    is_set: bool
    until: str | None = None


@dataclass(frozen=True)
class StaffLocked(Fact):
    """A person's sign-in at a `screen` (kiosk, or ward) is locked for so many seconds from now; None: until somebody unlocks it."""

    person: StaffId
    failures: int
    wait_s: int | None
    screen: str = "kiosk"


@dataclass(frozen=True)
class StaffUnlocked(Fact):
    """A person may try again: the wait is over (then `failures` go on counting), or somebody unlocked them (then they do not)."""

    person: StaffId
    why: str
    is_over: bool
    screen: str = "kiosk"


@dataclass(frozen=True)
class SessionOpened(Fact):
    """A person was recognised at the cabinet by these factors."""

    session: SessionId
    factors: list[str]


@dataclass(frozen=True)
class SessionRefused(Fact):
    """Somebody was not let in at a `screen`. Names no secret; `claimed` is whom it was tried for, if there is one; `code` is why."""

    claimed: StaffId | None
    why: str
    code: str = "session.not_recognised"
    screen: str = "kiosk"


@dataclass(frozen=True)
class SessionProven(Fact):
    """A person who was signed in proved anew who they are."""

    session: SessionId
    factors: list[str]


@dataclass(frozen=True)
class SessionDismissed(Fact):
    """A session begins nothing any more, and ends when the drawer in its hands is closed."""

    session: SessionId
    why: str


@dataclass(frozen=True)
class RefillYielded(Fact):
    """A session made way, between two pockets, for `to`, who needs a medicine. It is covered until its person is back."""

    session: SessionId
    to: SessionId


@dataclass(frozen=True)
class SessionResumed(Fact):
    """The person of a covered session is back and proved who they are."""

    session: SessionId
    factors: list[str]


@dataclass(frozen=True)
class AccessTakenOver(Fact):
    """An access of `owner` was found open by somebody else, who stands in the envelope and closes it. Blames nobody."""

    owner: StaffId


@dataclass(frozen=True)
class SessionClosed(Fact):
    """A session ended."""

    session: SessionId
    why: str
