"""The Directory port: who is recognised, by what, and what a stranger can learn from trying."""

import asyncio

import pytest

from cabinet.adapters.directory import AT_ONCE, Credential, StaffDirectory
from cabinet.adapters.secrets import InlineSecrets
from cabinet.domain.vocabulary import StaffId
from cabinet.ports import Recognition, TooManyAttempts

ANA, BEN = StaffId("ana"), StaffId("ben")


class Tally:
    """The Secrets twin, with a record of which digests were verified."""

    def __init__(self) -> None:
        self._inner = InlineSecrets()
        self.verified: list[str] = []

    async def verify(self, digest: str, secret: str) -> bool:
        """As the twin does, and remember it."""
        self.verified.append(digest)
        return await self._inner.verify(digest, secret)

    def mark(self, number: str) -> str:
        """As the twin does."""
        return self._inner.mark(number)

    async def digest(self, secret: str) -> str:
        """As the twin does."""
        return await self._inner.digest(secret)


async def known(secrets: Tally) -> StaffDirectory:
    """Ana with PIN 1111 and Ben with PIN 2222."""
    ana = Credential(ANA, secrets.mark("badge-a"), await secrets.digest("1111"))
    ben = Credential(BEN, secrets.mark("badge-b"), await secrets.digest("2222"))
    return StaffDirectory([ana, ben], secrets)


@pytest.mark.parametrize(
    ("badge", "staff_id", "secret", "expected"),
    [
        ("badge-a", None, "1111", Recognition(ANA, ANA, ("badge", "secret"))),
        (None, "ben", "2222", Recognition(BEN, BEN, ("id", "secret"))),
        ("badge-a", None, "2222", Recognition(None, ANA, ())),
        ("badge-a", "ben", "1111", Recognition(None, None, ())),
        ("badge-x", None, "1111", Recognition(None, None, ())),
        (None, "nobody", "1111", Recognition(None, None, ())),
        (None, None, "1111", Recognition(None, None, ())),
        ("", None, "", Recognition(None, None, ())),
    ],
)
async def test_only_the_right_secret_beside_the_right_badge_or_id_proves_anything(
    badge: str | None, staff_id: str | None, secret: str, expected: Recognition
) -> None:
    """Badge alone or PIN alone opens nothing, and which factors were shown stands in the journal."""
    directory = await known(Tally())
    assert await directory.recognise(badge=badge, staff_id=staff_id, secret=secret) == expected


async def test_a_stranger_costs_one_check_as_everybody_does() -> None:
    """If an unknown badge were faster, trying badges would tell which exist."""
    secrets = Tally()
    directory = await known(secrets)
    for badge in ("badge-a", "badge-x"):
        secrets.verified.clear()
        await directory.recognise(badge=badge, staff_id=None, secret="0000")
        assert len(secrets.verified) == 1
    assert await secrets.digest("1111") not in secrets.verified


async def test_the_secret_of_nobody_signs_nobody_in() -> None:
    """The digest that strangers are checked against stands for no account, whatever it was made of."""
    directory = await known(Tally())
    for secret in ("nobody", ""):
        assert (await directory.recognise(badge="badge-x", staff_id=None, secret=secret)).staff is None


async def test_who_is_no_longer_listed_is_no_longer_known() -> None:
    """A leaver is off at once, wherever the new list arrives."""
    secrets = Tally()
    directory = await known(secrets)
    directory.replace([Credential(BEN, secrets.mark("badge-b"), await secrets.digest("2222"))])
    assert (await directory.recognise(badge="badge-a", staff_id=None, secret="1111")).staff is None
    assert (await directory.recognise(badge="badge-b", staff_id=None, secret="2222")).staff == BEN


class Slow(Tally):
    """The twin, whose checks end only when the test lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def verify(self, digest: str, secret: str) -> bool:
        """As the twin does, once it is let."""
        is_right = await super().verify(digest, secret)
        await self.gate.wait()
        return is_right


@pytest.mark.parametrize("badges", [["badge-a"] * 9, [f"badge-{number}" for number in range(9)]])
async def test_one_person_has_so_many_attempts_at_once_and_others_their_own(badges: list[str]) -> None:
    """A flood on one badge, or on badges that nobody has, is answered at once and is no queue before anybody else."""
    secrets = Slow()
    directory = await known(secrets)
    flood = [asyncio.create_task(directory.recognise(badge=badge, staff_id=None, secret="0000")) for badge in badges]
    await asyncio.sleep(0.01)
    assert sum(task.done() for task in flood) == len(badges) - AT_ONCE
    assert len(secrets.verified) == 1
    other = asyncio.create_task(directory.recognise(badge="badge-b", staff_id=None, secret="2222"))
    await asyncio.sleep(0)
    assert len(secrets.verified) == 2
    secrets.gate.set()
    assert (await other).staff == BEN
    ended = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(end, TooManyAttempts) for end in ended) == len(badges) - AT_ONCE
    assert (await directory.recognise(badge="badge-a", staff_id=None, secret="1111")).staff == ANA
