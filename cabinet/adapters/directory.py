"""What proves who somebody is: whose badge, digest and passkeys these are, and how they are checked.

Alone knows: which of them belong to whom. Must not know: how a digest or a mark is made (`secrets.py`), in which file they lie
(`credential.py`), or what a person may do (`cabinet.domain.policy`).
"""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from cabinet.adapters.credential import Credential, CredentialsDamaged, read_credentials, write_credentials
from cabinet.adapters.setup_code import HeldSetupCode
from cabinet.domain.vocabulary import StaffId
from cabinet.ports import BadgeTaken, Passkey, PasskeyCeremony, Recognition, Secrets, SetupCode, TooManyAttempts

__all__ = ["AT_ONCE", "Credential", "CredentialsDamaged", "StaffDirectory", "read_credentials", "write_credentials"]

AT_ONCE = 3
"""Attempts for one person that may wait or be checked. A check takes a quarter of a second, and others want to sign in meanwhile."""


CHALLENGE_BYTES = 32


def _draw_challenge() -> bytes:
    return os.urandom(CHALLENGE_BYTES)


def _keep_nowhere(_credentials: Iterable[Credential]) -> None:
    """In memory alone."""


class StaffDirectory:
    """The Directory port over credentials that are held in memory; `keep` writes all of them down whenever one changes."""

    def __init__(
        self,
        credentials: Iterable[Credential],
        secrets: Secrets,
        keep: Callable[[Iterable[Credential]], None] = _keep_nowhere,
        setup: SetupCode | None = None,
    ) -> None:
        self._secrets = secrets
        self._keep = keep
        self.setup: SetupCode = HeldSetupCode() if setup is None else setup
        self._by_staff: dict[str, Credential] = {}
        self._by_mark: dict[str, Credential] = {}
        self._nobody: str | None = None
        self._first = asyncio.Lock()
        self._under_way: Counter[StaffId | None] = Counter()
        self._turns: defaultdict[StaffId | None, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.replace(credentials)

    @cached_property
    def ceremony(self) -> PasskeyCeremony:
        """How passkeys are made and shown. Its library takes a while to read, and most cabinets never need it."""
        from cabinet.adapters.passkey import WebauthnCeremony  # noqa: PLC0415 - see above

        return WebauthnCeremony(self, _draw_challenge)

    def replace(self, credentials: Iterable[Credential]) -> None:
        """Know these people from now on, and nobody else."""
        known = tuple(credentials)
        self._by_staff = {credential.staff: credential for credential in known}
        self._by_mark = {credential.badge: credential for credential in known if credential.badge}

    # --- who somebody is

    async def recognise(self, *, badge: str | None, staff_id: str | None, secret: str) -> Recognition:
        """Check a badge or an id with a secret. A person that is not known is checked against nobody's digest, as slowly.

        Raises TooManyAttempts; all who are not known count as one person.
        """
        credential = self._by_mark.get(self._secrets.mark(badge)) if badge is not None else self._by_staff.get(staff_id or "")
        if credential is not None and staff_id is not None and credential.staff != staff_id:
            credential = None
        right = await self._check(credential, secret)
        if credential is None:
            return Recognition(None, None, ())
        if not right:
            return Recognition(None, credential.staff, ())
        factors = ("id" if badge is None else "badge", "secret")
        return Recognition(credential.staff, credential.staff, factors, right == credential.temporary)

    async def _check(self, credential: Credential | None, secret: str) -> str:
        """The digest that this is the secret of; empty where it is that of none."""
        claimed = None if credential is None else credential.staff
        if self._under_way[claimed] >= AT_ONCE:
            raise TooManyAttempts
        self._under_way[claimed] += 1
        try:
            async with self._turns[claimed]:  # one at a time for each person, so that nobody waits for more than one of everybody else's
                digests = await self._digests(credential)
                right = [digest for digest in digests if await self._secrets.verify(digest, secret)]
                return right[0] if right and credential is not None else ""
        finally:
            self._under_way[claimed] -= 1

    async def _digests(self, credential: Credential | None) -> list[str]:
        """What a secret is checked against: a stand-in where there is nothing, so that the time it takes tells nothing."""
        nobody = await self._nobodys_digest()
        held = [] if credential is None else [digest for digest in (credential.digest, credential.temporary) if digest]
        return held or [nobody]

    async def _nobodys_digest(self) -> str:
        """A digest that costs what anybody's costs. Made at the first sign-in, whoever it is by, so its making tells nothing."""
        async with self._first:
            if self._nobody is None:
                self._nobody = await self._secrets.digest("nobody")
            return self._nobody

    # --- what is kept

    def knows(self, person: StaffId) -> bool:
        """Whether a person has anything to sign in with."""
        held = self._by_staff.get(person)
        return held is not None and bool(held.digest or held.temporary or held.passkeys)

    def is_badge_free(self, person: StaffId, badge: str) -> bool:
        """Whether a badge is nobody's, or this person's own."""
        held = self._by_mark.get(self._secrets.mark(badge))
        return held is None or held.staff == person

    def set_badge(self, person: StaffId, badge: str | None) -> None:
        """Let a person show this badge from now on, and no other. Raises BadgeTaken."""
        if badge is not None and not self.is_badge_free(person, badge):
            raise BadgeTaken
        self._put(replace(self._of(person), badge="" if badge is None else self._secrets.mark(badge)))

    async def set_pin(self, person: StaffId, pin: str, *, is_temporary: bool = False) -> None:
        """Keep a person's PIN, in place of the one before; or, beside it, one that is good for some hours."""
        digest = await self._secrets.digest(pin)
        held = self._of(person)
        self._put(replace(held, temporary=digest) if is_temporary else replace(held, digest=digest, temporary=""))

    def passkeys(self, person: StaffId | None = None) -> tuple[Passkey, ...]:
        """A person's passkeys, or everybody's."""
        held = self._by_staff.values() if person is None else [self._of(person)]
        return tuple(passkey for credential in held for passkey in credential.passkeys)

    def owner_of(self, passkey: str) -> StaffId | None:
        """Whose passkey of this id it is."""
        held = (one.staff for one in self._by_staff.values() if passkey in {key.id for key in one.passkeys})
        return next(held, None)

    def keep_passkey(self, person: StaffId, passkey: Passkey) -> None:
        """Keep a passkey, or how often it has signed by now."""
        held = self._of(person)
        others = tuple(one for one in held.passkeys if one.id != passkey.id)
        self._put(replace(held, passkeys=(*others, passkey)))

    def drop_passkeys(self, person: StaffId) -> None:
        """Keep none of a person's passkeys."""
        self._put(replace(self._of(person), passkeys=()))

    def _of(self, person: StaffId) -> Credential:
        return self._by_staff.get(person) or Credential(person, "", "")

    def _put(self, credential: Credential) -> None:
        everybody = self._by_staff | {credential.staff: credential}
        self._keep(everybody.values())
        self.replace(everybody.values())
