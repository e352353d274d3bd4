"""One person as another system tells them, and what its words mean here.

Alone knows: how a foreign name becomes an id, a role and areas. Must not know: how any system is asked, or what is on the staff list.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import get_args

from pydantic import ValidationError

from config.document import StaffRecord
from config.roster import RosterTable
from config.schema import Role

ROLES = frozenset(get_args(Role))
LONGEST_ID = 64


class NotALine(ValueError):
    """What a system said of a person is no person here; the text says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person in another system's words. `roles`: of several the first that is known counts."""

    key: str
    name: str
    roles: Sequence[str] = ()
    areas: Sequence[str] = ()
    until: datetime | None = None
    trained_until: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a directory has them; `dn` is their place in it."""

    dn: str
    said: Said


class DirectoryUnusable(Exception):
    """The directory did not answer, or not as asked; the text says which."""


@dataclass(frozen=True, slots=True)
class Words:
    """What other systems' words mean here."""

    roles: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: RosterTable) -> "Words":
        """The words of a server's file."""
        return cls(
            {word.casefold(): role for word, role in table.roles.items()}, {word.casefold(): area for word, area in table.areas.items()}
        )

    def role(self, said: Sequence[str]) -> str:
        """The role of whoever is called so. Raises NotALine."""
        for word in said:
            plain = word.strip().casefold()
            role = self.roles.get(plain) or re.sub(r"[\s-]+", "_", plain)
            if role in ROLES:
                return role
        raise NotALine(f"no role here is called {' or '.join(map(repr, said)) or 'nothing at all'}: [roster.roles] says what words mean")

    def area(self, said: str) -> str:
        """The care area of that name."""
        return self.areas.get(said.strip().casefold()) or as_id(said)


def as_id(text: str) -> str:
    """Any name as an id: ana.reyes@hospital.example is ana-reyes. Raises NotALine."""
    plain = unicodedata.normalize("NFKD", text.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")[:LONGEST_ID]
    if not made:
        raise NotALine(f"{text!r} gives no id")
    return made


def record_of(said: Said, words: Words) -> StaffRecord:
    """A person as the staff list has them. Raises NotALine."""
    try:
        return StaffRecord.model_validate({
            "id": as_id(said.key), "name": said.name.strip(), "role": words.role(said.roles),
            "areas": tuple(dict.fromkeys(words.area(area) for area in said.areas if area.strip())),
            "until": said.until, "competent_until": said.trained_until, "active": said.is_active,
        })  # fmt: skip
    except ValidationError as problem:
        flaw = problem.errors(include_url=False, include_input=False)[0]
        raise NotALine(f"{'.'.join(map(str, flaw['loc'])) or 'the line'}: {flaw['msg'].removeprefix('Value error, ')}") from problem
