"""How people sign in and for how long: PINs, lock-out, sessions, who is let in for a shift.

Alone knows: these choices and their defaults. Must not know: any person.
"""

from pydantic import Field

from config.schema.alphabet import Part, Role
from config.schema.right import AccessKind


class LockTable(Part):
    """After so many wrong PINs in a row a person waits so long, and nobody else does. No `wait_s`: until somebody unlocks them."""

    failures: int = Field(ge=1, le=1000)
    wait_s: int | None = Field(default=None, ge=1, le=86_400)


LOCKS = (LockTable(failures=3, wait_s=30), LockTable(failures=5, wait_s=300), LockTable(failures=10))
FILLING: tuple[AccessKind, ...] = ("refill", "load", "count")
TRAINED: tuple[AccessKind, ...] = ("load", "refill", "unload", "count", "expire", "transfer", "empty_bin")
YIELDING: tuple[AccessKind, ...] = ("refill", "load", "count", "unload", "expire", "inspect", "empty_bin")


class PeopleTable(Part):
    """The rules about people: PINs, sessions, lock-out, who is let in for a shift."""

    pin_digits: int = Field(default=6, ge=4, le=16, description="the fewest digits of a PIN")
    pin_hours: int = Field(default=8, ge=1, le=24, description="a PIN that a charge nurse issues is good for so long")
    shift_hours: int = Field(default=12, ge=1, le=24, description="a temporary account lasts no longer, nor a choice of patients")
    served_hours: int = Field(default=4, ge=0, le=72, description="a patient stands among one's own for so long after a withdrawal")
    temporary_roles: tuple[Role, ...] = Field(default=("nurse", "agency_nurse"), description="what a charge nurse may let somebody be")
    alarm_failures: int = Field(default=10, ge=2, le=1000, description="so many failed sign-ins at one screen raise an alarm there")
    alarm_minutes: int = Field(default=15, ge=1, le=1440, description="it is over when nobody failed for so long")
    slow_s: int = Field(default=3, ge=0, le=10, description="while it lasts each sign-in there takes so much longer")
    prove_again_minutes: int = Field(default=10, ge=1, le=1440, description="before a controlled item the PIN is asked again after this")
    take_over_s: int = Field(default=15, ge=0, le=3600, description="an open access may be closed by the next person after this")
    read_s: int = Field(default=15, ge=0, le=60, description="overdue with a drawer open, a session lasts so long once that is shut")
    covered_minutes: int = Field(default=30, ge=1, le=1440, description="a refill that made way for a nurse waits so long to be resumed")
    no_limit_for: tuple[AccessKind, ...] = Field(default=FILLING, description="whose sessions end by idleness alone")
    yields: tuple[AccessKind, ...] = Field(default=YIELDING, description="what makes way for somebody who takes a medicine")
    competency_for: tuple[AccessKind, ...] = Field(default=TRAINED, description="what takes a training that still counts")
    locks: tuple[LockTable, ...] = Field(default=LOCKS, alias="lock")
