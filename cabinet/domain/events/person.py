"""Who just came, went, proved who they are or touched the screen; and what is asked about people.

Alone knows: which of these events exist. Must not know: what the core does about them.
"""

from dataclasses import dataclass

from cabinet.domain.events.event import Event
from cabinet.domain.people import Staff
from cabinet.domain.person.memory import KIOSK
from cabinet.domain.vocabulary import AccessId, SessionId, StaffId


@dataclass(frozen=True)
class StaffRecognised(Event):
    """A person proved who they are. `session` is a new name, or that of their own covered session, which they go on with."""

    session: SessionId
    staff: StaffId
    factors: tuple[str, ...]
    is_temporary: bool = False
    """Whether the secret was a PIN that is good for some hours only."""


@dataclass(frozen=True)
class StaffNotRecognised(Event):
    """Somebody tried to prove who they are and failed: at sign-in at a `screen`, as a witness, or when they were asked again."""

    claimed: StaffId | None
    screen: str = KIOSK
    access: AccessId | None = None
    """Which access a second person was asked for by, if it was one."""


@dataclass(frozen=True)
class SecondShown(Event):
    """A second person proved who they are, for one act: whether they would be let in is judged before what they sign."""

    staff: StaffId
    is_temporary: bool = False
    access: AccessId | None = None


@dataclass(frozen=True)
class ProofGiven(Event):
    """The person of a session proved anew who they are."""

    session: SessionId
    staff: StaffId
    factors: tuple[str, ...]
    is_temporary: bool = False


@dataclass(frozen=True)
class SignOutAsked(Event):
    """A person leaves."""

    session: SessionId


@dataclass(frozen=True)
class SessionActive(Event):
    """A person touched the screen."""

    session: SessionId


@dataclass(frozen=True)
class TakeOverAsked(Event):
    """A person found another person's access unfinished, and is somebody else: it is to be closed."""

    session: SessionId
    access: AccessId


@dataclass(frozen=True)
class FirstStaffAsked(Event):
    """Somebody who holds the setup code enrols the first person of a cabinet that knows none who may enrol.

    `ways`: what they will sign in with.
    """

    record: Staff
    ways: tuple[str, ...] = ("badge", "pin")


@dataclass(frozen=True)
class StaffChangeAsked(Event):
    """A person wants another person enrolled, changed, switched off, or let in until the end of the shift."""

    session: SessionId
    record: Staff


@dataclass(frozen=True)
class CredentialAsked(Event):
    """A person wants to set (or remove) what somebody signs in with: badge, pin, temporary_pin or passkey, their own or another's.

    The secret itself never comes in here: it is kept elsewhere once this is granted.
    """

    session: SessionId
    person: StaffId
    what: str
    is_set: bool = True


@dataclass(frozen=True)
class UnlockAsked(Event):
    """A person wants another person, whose sign-in is locked, to be let in again."""

    session: SessionId
    person: StaffId
