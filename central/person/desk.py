"""The door of the pharmacy's pages: who is let in, for how long, and who waits.

Alone knows: how long a visit lasts, what locks somebody out, and what a secret must be. Must not know: cookies, forms, rows.

Three wrong secrets lock for half a minute, five for five minutes, ten until an administrator or the command line unlocks; only that person,
for each is known by their own id. An unknown id costs as much time as a wrong secret.
"""

import asyncio
import secrets as chance
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from cabinet.domain.vocabulary import parse_utc, utc_text
from central.person.book import FOR_EVER, Account, Book, Visit
from central.person.person import Person
from central.problem import Refused

LADDER = ((10, None), (5, timedelta(minutes=5)), (3, timedelta(seconds=30)))
"""After so many failures in a row a person waits so long; None: until somebody unlocks them."""
SHORTEST = 8
LONGEST = 256
CODE_GOOD = timedelta(hours=24)
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
TOKEN_BYTES = 32
PACE = timedelta(seconds=30)
"""A visit that goes on is written down no more often."""

log = structlog.get_logger()
"""Who came, who did not, and who changed what somebody signs in with: for whoever looks later, never with a secret."""

Listed = Callable[[str], tuple[Mapping[str, Any], bool] | None]
"""The last record of a person on the staff list and whether it still holds; None where the list never named them."""


class Secrets(Protocol):
    """What keeps secrets without keeping them (`cabinet/adapters/secrets.py`)."""

    async def verify(self, digest: str, secret: str) -> bool:
        """Whether a digest was made of this secret."""

    async def digest(self, secret: str) -> str:
        """The form in which a secret is kept."""


class PeopleDesk:
    """One server's. `rights`: by role what it may do here; whose role is not in it does not sign in."""

    def __init__(
        self, book: Book, secrets: Secrets, rights: Mapping[str, frozenset[str]], listed: Listed, now: Callable[[], datetime],
        idle: timedelta = timedelta(minutes=15), longest: timedelta = timedelta(hours=8),
    ) -> None:  # fmt: skip
        self.book, self.rights = book, rights
        self._secrets, self._listed, self._now = secrets, listed, now
        self._idle, self._longest = idle, longest
        self._is_set_up, self._looked_at = False, ""
        self._decoy = ""
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_set_up(self) -> bool:
        """Whether anybody has a secret here; a first one that another program gave is seen within a second."""
        second = utc_text(self._now())[:19]
        if not self._is_set_up and second != self._looked_at:
            self._is_set_up, self._looked_at = not self.book.is_empty(), second
        return self._is_set_up

    def visitor(self, token: str, *, is_act: bool = True) -> Person | None:
        """Who holds this token, if their visit still lasts and they are still on; `is_act`: this keeps it from being idle."""
        visit = self.book.visit(token)
        if visit is None:
            return None
        now, began, used = self._now(), parse_utc(visit.began_at), parse_utc(visit.used_at)
        account = self.book.account(visit.person)
        person = None if account is None else self.person(account)
        if person is None or now - used > self._idle or now - began > self._longest:
            self.book.end(token)
            return None
        if is_act and now - used > PACE:
            self.book.use(token, utc_text(now))
        return person

    def person(self, account: Account) -> Person | None:
        """Who an account's person is now; None for one who is off, or has nothing to do here."""
        name, role, found = account.name, account.role, self._listed(account.person)
        if found is not None:
            record, holds = found
            until = record.get("until")
            if not holds or not record.get("active", True) or (until and datetime.fromisoformat(until) <= self._now()):
                return None
            name, role = record["name"], record["role"]
        may = self.rights.get(role, frozenset())
        return Person(account.person, name, role, may, "signed_in", must_choose=account.is_once) if may else None

    async def sign_in(self, who: str, secret: str) -> tuple[str, Person]:
        """A token for a visit, and whose it is. Raises Refused.

        One after the other: guesses made at once would be counted as one.
        """
        async with self._one_at_a_time:
            person = await self._recognised(who, secret)
            log.info("signed in", person=who)
            return self._begin(who), person

    async def _recognised(self, who: str, secret: str) -> Person:
        account, at = self.book.account(who), utc_text(self._now())
        if account is not None and account.locked_until > at:
            log.warning("sign-in while locked", person=who)
            wait = "an administrator unlocks it" if account.locked_until == FOR_EVER else f"{account.locked_until[11:19]} UTC"
            raise Refused("person.locked", f"Too many wrong secrets: locked until {wait}.", 403)
        is_right = await self._secrets.verify(await self._decoyed() if account is None else account.digest, secret[:LONGEST])
        if account is None or not is_right or (account.good_until and account.good_until <= at):
            log.warning("sign-in failed", person=who if account is not None else "unknown")
            if account is not None:
                self._fail(account)
            raise Refused("person.unknown", "Person or secret is wrong.", 401)
        person = self.person(account)
        if person is None:
            log.warning("sign-in of somebody who is off", person=who)
            raise Refused("person.off", "This account is switched off, has ended, or its role has nothing to do here.", 403)
        self.book.failed(who, 0, "")
        return person

    def _begin(self, who: str) -> str:
        now, token = self._now(), chance.token_urlsafe(TOKEN_BYTES)
        self.book.begin(token, Visit(who, utc_text(now), utc_text(now)), over_before=utc_text(now - self._longest))
        return token

    async def _decoyed(self) -> str:
        self._decoy = self._decoy or await self._secrets.digest(chance.token_urlsafe())
        return self._decoy

    def _fail(self, account: Account) -> None:
        failures = account.failures + 1
        for least, wait in LADDER:
            if failures == least or (wait is None and failures > least):
                self.book.failed(account.person, failures, FOR_EVER if wait is None else utc_text(self._now() + wait))
                return
        self.book.failed(account.person, failures, "")

    async def choose(self, person: Person, old: str, new: str) -> str:
        """Another secret in the old one's place; every other visit of this person is over. Returns a new token. Raises Refused."""
        async with self._one_at_a_time:
            await self._recognised(person.id, old)
        await self.set_secret(person.id, new, by=person.id)
        return self._begin(person.id)

    async def set_secret(self, who: str, secret: str, *, by: str, name: str = "", role: str = "") -> None:
        """Give somebody a secret; `name` and `role` of whom the staff list does not name yet. Raises Refused."""
        if not SHORTEST <= len(secret) <= LONGEST or secret.casefold() == who:
            raise Refused("person.weak", f"A secret has at least {SHORTEST} characters, and is not the person's id.")
        await self.keep(who, secret, by=by, name=name, role=role)

    async def issue_code(self, who: str, *, by: str, name: str = "", role: str = "") -> str:
        """A code that is good once, for a day, to choose a secret with."""
        code = "".join(chance.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        await self.keep(who, code, by=by, name=name, role=role, good_until=utc_text(self._now() + CODE_GOOD))
        return code

    async def keep(self, who: str, secret: str, *, by: str, name: str = "", role: str = "", good_until: str = "") -> None:
        """Keep what somebody signs in with, unlocked. With `good_until` they choose another one first."""
        known, found = self.book.account(who), self._listed(who)
        listed = found[0] if found is not None else {}
        name = listed.get("name") or name or (known.name if known else who)
        role = listed.get("role") or role or (known.role if known else "")
        digest = await self._secrets.digest(secret)
        log.info("code issued" if good_until else "secret set", person=who, by=by)
        self.book.keep(Account(who, name, role, digest, bool(good_until), good_until, by, utc_text(self._now())))
        self._is_set_up = True

    def unlock(self, who: str, *, by: str) -> None:
        """Let somebody try again."""
        account = self.book.account(who)
        if account is not None:
            log.info("unlocked", person=who, by=by)
            self.book.failed(who, 0, "")

    def is_locked(self, account: Account) -> bool:
        """Whether somebody waits."""
        return account.locked_until > utc_text(self._now())
