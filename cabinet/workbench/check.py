"""What one check of the doctor is, and what it looks at.

Alone knows: the shape of a check and of the evidence. Must not know: how evidence is gathered, or any one check.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cabinet.domain.core import Core
from cabinet.workbench.volume import Volume
from config.load import LoadedSite


@dataclass(frozen=True, slots=True)
class Port:
    """A serial line's device as this machine has it. What could not be told is None."""

    bus: str
    path: str
    is_simulated: bool
    is_there: bool
    may_open: bool | None = None
    is_busy: bool | None = None
    group: str = ""
    by_id: tuple[str, ...] = ()
    latency_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """A network line and whether it takes a connection."""

    bus: str
    address: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Record:
    """The journal as it lies there: its newest fact, since when the pharmacy lacks facts, or why it cannot be read."""

    seq: int = 0
    newest_at: datetime | None = None
    unsent: int = 0
    unsent_since: datetime | None = None
    broken: str = ""
    starts_in_a_day: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of the broker's connection, or of the ward's listener."""

    path: str
    ends_at: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the checks look at. What could not be told is None, and the check that needs it then says nothing."""

    now: datetime
    built: datetime
    software: str
    problems: tuple[str, ...] = ()
    loaded: LoadedSite | None = None
    wiring: str = ""
    models: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    is_state_there: bool = True
    is_state_writable: bool = True
    open_files: tuple[str, ...] = ()
    """Files of the state folder that others may read, and that hold something secret."""
    volume: Volume | None = None
    """What the state folder lies on."""
    free_bytes: int | None = None
    record: Record | None = None
    core: Core | None = None
    holder: str = ""
    """Who writes the journal, as its lock says; empty: nobody."""
    health: Mapping[str, Any] | None = None
    """What the running controller's kiosk says of itself; None: it does not answer."""
    is_synchronised: bool | None = None
    ports: tuple[Port, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    broker: Gateway | None = None
    enrolled: tuple[str, ...] | None = ()
    """Staff who can sign in; None: the file is damaged."""
    has_demo_pins: bool = False
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One row: what is asked, how it is found, and, where it does not hold, why that happens and what to do.

    `find` yields a detail for each place where it does not hold. A warning leaves the exit status alone.
    """

    code: str
    question: str
    how: str
    cause: str
    remedy: str
    find: Callable[[Evidence], Iterable[str]]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and the places where it does not hold (none: it holds)."""

    check: Check
    details: tuple[str, ...]


def judge(checks: Iterable[Check], evidence: Evidence) -> list[Finding]:
    """Every check with what it found."""
    return [Finding(check, tuple(check.find(evidence))) for check in checks]
