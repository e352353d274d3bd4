"""OSDP's golden frames against the simulated reader, its arithmetic, and the driver that has libosdp for its panel."""

import asyncio
import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault
from drivers.badge_reader import BadgeReaders, ReaderFitting
from firmware_sim.fault import Faults
from firmware_sim.osdp import NAK, PLAIN_REFUSED, OsdpReader
from firmware_sim.osdp_frame import Keys, Message, build, check_sum, cut, parse
from tests.scripted_line import ScriptedLine
from tests.virtual import running

GOLDEN = tomllib.loads((Path(__file__).parent / "vectors/osdp.toml").read_text(encoding="utf-8"))
FRAMES = {frame["name"]: frame for frame in GOLDEN["frame"]}
SESSION = {frame["name"]: frame for frame in GOLDEN["session"]}
KEY = bytes.fromhex(GOLDEN["key"])
FF = b"\xff"


def bytes_of(frame: dict[str, Any], way: str) -> bytes:
    """One golden frame."""
    return bytes.fromhex(frame[way])


def message(name: str, way: str) -> Message:
    """A golden frame of the session, taken apart."""
    found = parse(bytes_of(SESSION[name], way))
    assert found is not None
    return found


class Chance(random.Random):
    """A reader's chance that gives what was recorded."""

    def randbytes(self, n: int) -> bytes:
        return message("challenge", "reply").data[8 : 8 + n]


def reader(key: bytes | None = KEY) -> OsdpReader:
    """A simulated reader."""
    return OsdpReader("r", GOLDEN["address"], Chance(), Faults(random.Random(1)), lambda: key)


@pytest.mark.parametrize("frame", [*FRAMES.values(), *SESSION.values()], ids=lambda frame: frame["name"])
@pytest.mark.parametrize("way", ["request", "reply"])
def test_every_golden_frame_has_its_check_sum(frame: dict[str, Any], way: str) -> None:
    """Polynomial 1021, begun with 1D0F; a bit more or less and it is no frame."""
    data = bytes_of(frame, way)
    if data:
        assert check_sum(data[:-2]) == data[-2:]
        assert parse(data) is not None
        assert parse(data[:-1] + bytes((data[-1] ^ 1,))) is None
        assert list(cut(bytearray(b"\x00" + FF + data + FF))) == [data]


def test_simulated_reader_answers_golden_frames() -> None:
    """Who it is and that there is nothing new, as the measured session had it."""
    device = reader()
    for name in ("poll, nothing new", "who are you"):
        assert device.hear(bytes_of(FRAMES[name], "request")) == bytes_of(FRAMES[name], "reply")


def test_simulated_reader_refuses_orders_in_the_clear() -> None:
    """A light that anybody could switch is harmless; a reader that takes orders from anybody is not."""
    order, _ = build(Message(5, 0, 0x69, bytes(14)))
    assert reader().hear(order) == bytes_of(FRAMES["an order in the clear"], "reply")
    assert bytes_of(FRAMES["an order in the clear"], "reply")[5:7] == bytes((NAK, PLAIN_REFUSED))


def test_cryptograms_are_those_of_the_recorded_session() -> None:
    """Three keys of one, both proofs, and what the first code is chained to."""
    challenge, answer = message("challenge", "request").data, message("challenge", "reply").data[8:]
    keys = Keys.of(KEY, challenge)
    assert keys.cryptogram(challenge, answer[:8]) == answer[8:]
    proof = message("cryptogram", "request").data
    assert keys.cryptogram(answer[:8], challenge) == proof
    assert keys.first_chain(proof) == message("cryptogram", "reply").data


def test_codes_and_ciphers_are_those_of_the_recorded_session() -> None:
    """Each message's code is chained to the other side's last; the badge comes out of its cipher."""
    keys = Keys.of(KEY, message("challenge", "request").data)
    poll, raw = message("poll, badge 1001", "request"), message("poll, badge 1001", "reply")
    asked = keys.code(poll.signed, message("cryptogram", "reply").data)
    assert asked[:4] == poll.mac
    assert keys.code(raw.signed, asked)[:4] == raw.mac
    assert keys.unlock(raw.data, asked) == bytes.fromhex("00 01 1A 00 00 01 F4 80")


def test_simulated_reader_speaks_the_recorded_session() -> None:
    """With the same chance it says the same, byte for byte, but for the name that it gives itself in the challenge."""
    device = reader()
    opening, _ = build(Message(5, 1, 0x60))
    device.hear(bytes_of(FRAMES["poll, nothing new"], "request"))
    device.hear(opening)
    device.show(1001)
    found = parse(device.hear(bytes_of(SESSION["challenge"], "request")) or b"")
    assert found is not None
    assert found.data[8:] == message("challenge", "reply").data[8:]
    for name in ("cryptogram", "poll, badge 1001"):
        assert device.hear(bytes_of(SESSION[name], "request")) == bytes_of(SESSION[name], "reply")


def test_a_repeated_request_gets_the_same_reply() -> None:
    """A panel that did not hear asks again with the same number; the badge must not be lost, nor said twice."""
    device = reader()
    device.hear(bytes_of(FRAMES["poll, nothing new"], "request"))
    device.hear(build(Message(5, 1, 0x60))[0])
    device.show(1001)
    for frame in SESSION.values():
        first = device.hear(bytes_of(frame, "request"))
        assert device.hear(bytes_of(frame, "request")) == first


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (build(Message(5, 3, 0x60))[0], 4),
        (build(Message(5, 0, 0x55))[0], 6),
        (build(Message(5, 0, 0x77, bytes(16), bytes((0x13, 1))))[0], 5),
        (build(Message(5, 0, 0x76, bytes(8), bytes((0x11, 0))))[0], 5),
        (build(Message(5, 0, 0x60, b"", bytes((0x15,))), Keys.of(KEY, bytes(8)), bytes(16))[0], 5),
        (build(Message(5, 0, 0x60))[0][:-1] + b"\x00", 1),
    ],
)
def test_simulated_reader_says_why_it_does_not_answer(frame: bytes, reason: int) -> None:
    """Out of turn, in the clear, without a challenge, with the default key, without a session, damaged."""
    answer = parse(reader().hear(frame) or b"")
    assert answer is not None
    assert (answer.code, answer.data) == (NAK, bytes((reason,)))


@given(st.binary(max_size=64), st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8))
def test_what_is_locked_unlocks_again(data: bytes, key: bytes, challenge: bytes) -> None:
    """Whatever a reader has to say."""
    keys = Keys.of(key, challenge)
    assert keys.unlock(keys.lock(data, key), key) == data


@given(st.binary(max_size=80))
def test_noise_is_no_frame_and_no_crash(noise: bytes) -> None:
    """A line picks up anything."""
    device = reader()
    for frame in cut(bytearray(noise)):
        device.hear(frame)


class Nobody:
    """Who listens to nothing."""

    def badge_shown(self, reader: BoardId, badge: str) -> None:
        """Unheard."""

    def reader_lost(self, reader: BoardId, fault: DeviceFault) -> None:
        """Unheard."""

    def reader_back(self, reader: BoardId) -> None:
        """Unheard."""


async def said(count: int, chance: Callable[[int], bytes]) -> list[bytes]:
    """The first frames of a driver towards a reader that answers by golden frames."""
    replies = {bytes_of(frame, "request"): bytes_of(frame, "reply") for frame in FRAMES.values() if frame["source"] == "recorded"}
    line = ScriptedLine(lambda frame: [(0.0, replies[frame[1:]])] if frame[1:] in replies else [])
    driver = BadgeReaders("bus", line, [ReaderFitting(BoardId("r"), GOLDEN["address"], KEY)], Nobody(), chance)
    async with running(driver.run()), asyncio.timeout(5):
        while len(line.frames) < count:  # noqa: ASYNC110 - libosdp's own clock has no event
            await asyncio.sleep(0.01)
    return line.frames[:count]


@pytest.mark.real
async def test_driver_begins_with_golden_frames() -> None:
    """A mark, who it is, what it can do, and then a challenge in the secure channel."""
    first, second, third = await said(3, bytes)
    assert first == FF + bytes_of(FRAMES["who are you, first"], "request")
    assert second == FF + bytes_of(FRAMES["what can you do"], "request")
    challenge = parse(third[1:])
    assert challenge is not None
    assert (challenge.block, challenge.code) == (bytes((0x11, 1)), 0x76)


@pytest.mark.real
async def test_no_two_sessions_begin_with_the_same_challenge() -> None:
    """libosdp never seeds its generator: a recorded reader could be played back to every panel that has just started."""
    challenges = [(await said(3, seed.__mul__))[2] for seed in (b"\x01", b"\x02", b"\x01")]
    assert challenges[0] == challenges[2] != challenges[1]
