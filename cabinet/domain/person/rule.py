"""What a hospital chooses about its people: lock-out, PINs, sessions, temporary staff. Data; the defaults are the house's.

Alone knows: these values and what each means. Must not know: how any of them is applied, or in which file it stands.
"""

from dataclasses import dataclass

from cabinet.domain.people import Role

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class LockStep:
    """After so many wrong secrets in a row a person waits; `wait_s` None: until somebody who may unlocks them."""

    failures: int
    wait_s: int | None


@dataclass(frozen=True, slots=True)
class PersonRules:
    """The rules about people of one hospital."""

    locks: tuple[LockStep, ...] = (LockStep(3, 30), LockStep(5, 300), LockStep(10, None))
    alarm_failures: int = 10
    """So many failed sign-ins at one screen, whoever's, raise an alarm there."""
    alarm_s: int = 900
    """The alarm is over when nobody failed for so long."""
    slow_s: int = 3
    """While it lasts every sign-in there takes so much longer."""
    pin_digits: int = 6
    """The fewest digits of a PIN."""
    pin_s: int = 8 * 3600
    """A PIN that a charge nurse issues is good for so long."""
    no_limit_for: frozenset[str] = frozenset({"refill", "load", "count"})
    """The kinds of access whose sessions end by idleness alone."""
    yields: frozenset[str] = frozenset({"refill", "load", "count", "unload", "expire", "inspect", "empty_bin"})
    """The kinds that make way, between two pockets, for somebody who takes a medicine."""
    covered_s: int = 1800
    """A session that made way waits for its person so long."""
    prove_again_s: int = 600
    """Before a controlled item a person proves anew who they are, when the last time was longer ago."""
    take_over_s: int = 15
    """An access whose person did nothing for so long may be closed by the next one."""
    read_s: int = 15
    """Whose time ran out while their drawer was open reads so long what was recorded, once it is shut."""
    temporary_roles: frozenset[Role] = frozenset({Role.NURSE, Role.AGENCY_NURSE})
    """What a charge nurse may let somebody be until the end of the shift."""
    temporary_s: int = 12 * 3600
    """A shift is never longer: a temporary account ends with it, and so does what somebody chose for it."""
    served_s: int = 4 * 3600
    """A patient for whom a person took something out is theirs on the list for so long."""
    competency_for: frozenset[str] = frozenset({"load", "refill", "unload", "count", "expire", "transfer", "empty_bin"})
    """The kinds of access that take a training that still counts, from those whose training has a date. Never an emergency."""
