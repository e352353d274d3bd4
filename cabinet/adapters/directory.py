"""Staff as this cabinet knows them, and what proves who they are.

Alone knows: which badge and which digest belong to whom, and the file in the state folder that says so.
Must not know: how a digest is made (`secrets.py`), what a person may do (`cabinet.domain.policy`).
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from cabinet.domain.vocabulary import StaffId
from cabinet.ports import Recognition, Secrets, TooManyAttempts

AT_ONCE = 3
"""Attempts for one person that may wait or be checked. A check takes a quarter of a second, and others want to sign in meanwhile."""

CREDENTIALS = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves that somebody is `staff`: a badge, and a secret that is kept as a digest."""

    staff: StaffId
    badge: str
    digest: str


def read_credentials(state: Path) -> list[Credential]:
    """Who may sign in, from `<state>/credentials.json`; nobody where there is none. Raises CredentialsDamaged."""
    path = state / CREDENTIALS
    if not path.exists():
        return []
    try:
        rows = json.loads(path.read_text())["staff"]
        return [Credential(StaffId(row["staff"]), row["badge"], row["digest"]) for row in rows]
    except (KeyError, TypeError, ValueError) as problem:
        raise CredentialsDamaged(f"{path}: expected a list 'staff' of staff, badge and digest ({problem!r})") from problem


def write_credentials(state: Path, credentials: Iterable[Credential]) -> None:
    """Let these people sign in, and nobody else. Only the cabinet's own user may read the file."""
    path = state / CREDENTIALS
    path.touch(mode=0o600)
    path.write_text(json.dumps({"staff": [asdict(credential) for credential in credentials]}))


class CredentialsDamaged(Exception):
    """The file that says who may sign in is not what it must be; says how."""


class StaffDirectory:
    """The Directory port over credentials that are held in memory."""

    def __init__(self, credentials: Iterable[Credential], secrets: Secrets) -> None:
        self._secrets = secrets
        self._by_staff: dict[str, Credential] = {}
        self._by_badge: dict[str, Credential] = {}
        self._nobody: str | None = None
        self._first = asyncio.Lock()
        self._under_way: Counter[StaffId | None] = Counter()
        self._turns: defaultdict[StaffId | None, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.replace(credentials)

    def replace(self, credentials: Iterable[Credential]) -> None:
        """Know these people from now on, and nobody else."""
        known = tuple(credentials)
        self._by_staff = {credential.staff: credential for credential in known}
        self._by_badge = {credential.badge: credential for credential in known}

    async def recognise(self, *, badge: str | None, staff_id: str | None, secret: str) -> Recognition:
        """Check a badge or an id with a secret. A person that is not known is checked against nobody's digest, as slowly.

        Raises TooManyAttempts; all who are not known count as one person.
        """
        credential = self._by_badge.get(badge) if badge is not None else self._by_staff.get(staff_id or "")
        if credential is not None and staff_id is not None and credential.staff != staff_id:
            credential = None
        is_right = await self._check(credential, secret)
        if credential is None:
            return Recognition(None, None, ())
        if not is_right:
            return Recognition(None, credential.staff, ())
        return Recognition(credential.staff, credential.staff, ("id" if badge is None else "badge", "secret"))

    async def _check(self, credential: Credential | None, secret: str) -> bool:
        claimed = None if credential is None else credential.staff
        if self._under_way[claimed] >= AT_ONCE:
            raise TooManyAttempts
        self._under_way[claimed] += 1
        try:
            async with self._turns[claimed]:  # one at a time for each person, so that nobody waits for more than one of everybody else's
                nobody = await self._nobodys_digest()
                return await self._secrets.verify(nobody if credential is None else credential.digest, secret)
        finally:
            self._under_way[claimed] -= 1

    async def _nobodys_digest(self) -> str:
        """A digest that costs what anybody's costs. Made at the first sign-in, whoever it is by, so its making tells nothing."""
        async with self._first:
            if self._nobody is None:
                self._nobody = await self._secrets.digest("nobody")
            return self._nobody
