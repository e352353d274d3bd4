"""The Directory port: who is recognised, by what, and what a stranger can learn from trying."""

import pytest

from cabinet.adapters.directory import Credential, StaffDirectory
from cabinet.adapters.secrets import InlineSecrets
from cabinet.domain.vocabulary import StaffId
from cabinet.ports import Recognition

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

    async def digest(self, secret: str) -> str:
        """As the twin does."""
        return await self._inner.digest(secret)


async def known(secrets: Tally) -> StaffDirectory:
    """Ana with PIN 1111 and Ben with PIN 2222."""
    return StaffDirectory(
        [Credential(ANA, "badge-a", await secrets.digest("1111")), Credential(BEN, "badge-b", await secrets.digest("2222"))], secrets
    )


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
    directory.replace([Credential(BEN, "badge-b", await secrets.digest("2222"))])
    assert (await directory.recognise(badge="badge-a", staff_id=None, secret="1111")).staff is None
    assert (await directory.recognise(badge="badge-b", staff_id=None, secret="2222")).staff == BEN
