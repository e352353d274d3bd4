"""The Secrets port: argon2id over a pepper, and its cheap twin, under one suite."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cabinet.adapters.secrets import MEMORY_KIB, PASSES, PEPPER_BYTES, ArgonSecrets, InlineSecrets, PepperUnusable, load_pepper
from cabinet.ports import Secrets

PEPPER = bytes(range(PEPPER_BYTES))


@pytest.fixture(params=["argon2", "inline"])
def secrets(request: pytest.FixtureRequest) -> Iterator[Secrets]:
    """Each of the two."""
    if request.param == "inline":
        yield InlineSecrets(PEPPER)
        return
    real = ArgonSecrets(PEPPER)
    yield real
    real.close()


async def test_the_right_secret_verifies_and_no_other_does(secrets: Secrets) -> None:
    """That is all the port promises, and everything rests on it."""
    digest = await secrets.digest("271828")
    assert await secrets.verify(digest, "271828")
    for wrong in ("271829", "", "2718280", "271828 "):
        assert not await secrets.verify(digest, wrong)


async def test_what_is_no_digest_verifies_nothing(secrets: Secrets) -> None:
    """A damaged record locks its owner out; it lets nobody in."""
    for nonsense in ("", "271828", "$argon2id$v=19$", "rehearsal:", "\ud800"):
        assert not await secrets.verify(nonsense, "271828")


async def test_any_text_is_a_secret(secrets: Secrets) -> None:
    """A PIN pad sends digits; a keyboard may send anything, and must not end the process."""
    for text in ("ÄÖ", "\x00", "\ud800", "9" * 256):
        assert await secrets.verify(await secrets.digest(text), text)


async def test_many_at_once_come_out_right(secrets: Secrets) -> None:
    """At seven in the morning everybody signs in; argon2's memory is borrowed once, not once for each of them."""
    digest = await secrets.digest("1")
    assert await asyncio.gather(*(secrets.verify(digest, str(number)) for number in range(4))) == [False, True, False, False]


async def test_a_digest_says_how_dear_it_is_and_never_repeats() -> None:
    """64 MiB and three passes at least, with a salt of its own each time."""
    real = ArgonSecrets(PEPPER)
    first, second = await real.digest("271828"), await real.digest("271828")
    real.close()
    assert first != second
    assert first.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$")
    assert (MEMORY_KIB, PASSES) >= (65_536, 3)


async def test_a_stolen_list_without_the_pepper_verifies_nobody() -> None:
    """Six digits are guessed in minutes once the digests are out; without the pepper there is nothing to guess against."""
    ours, theirs = ArgonSecrets(PEPPER), ArgonSecrets(bytes(PEPPER_BYTES))
    digest = await ours.digest("271828")
    assert not await theirs.verify(digest, "271828")
    ours.close()
    theirs.close()


def test_the_pepper_is_drawn_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Every install has its own, and a second start finds the first one's."""
    path = tmp_path / "pepper"
    pepper = load_pepper(path)
    assert load_pepper(path) == pepper
    assert len(pepper) == PEPPER_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert load_pepper(tmp_path / "other") != pepper


def test_a_pepper_that_others_may_read_or_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    """Going on with a pepper that is none would lock everybody out, or in."""
    path = tmp_path / "pepper"
    load_pepper(path)
    path.chmod(0o644)
    with pytest.raises(PepperUnusable, match="0600"):
        load_pepper(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(PepperUnusable, match="found 5"):
        load_pepper(path)
