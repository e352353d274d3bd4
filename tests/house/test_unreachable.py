"""Nothing that holds, toggles, opens all, zeroes or tares can be reached through any driver: every public method of every model is tried.

Why it matters: a lock held open burns and lets everybody in, all locks at once is a robbery, and a tare hides stock. What must never be
sent is kept out of the drivers' reach, not left to the care of whoever calls them.
"""

import asyncio
import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cabinet.app.boards import DIALECTS, FAMILIES, Fitting
from cabinet.ports import DeviceFault
from config.models import MODELS
from config.schema import Board
from drivers.exchange import Question, Rank
from tests.virtual import virtual

NUMBERS = (-1, 0, 1, 7, 8, 15, 16, 255, 256, 0x100, 0x200, 0xFFFF)
HOLDS_MS = (-100, 0, 99, 100, 300, 1000, 5000, 10**7)
SET_TIME = b"\x37"
LIGHTS = frozenset({6, 7})
IO = sorted(name for name, model in MODELS.items() if model.kind == "io" and model.family in FAMILIES)
ASKED = sorted(name for name, model in MODELS.items() if model.family in FAMILIES and not set(model.framings).isdisjoint(DIALECTS))


class Recorder:
    """Stands where an owner does, keeps every question and answers it as the driver hopes."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self._time = b""
        """The energise time that a Kerong board was told."""
        self.health = _Well()
        self.name = "recorder"
        self.is_open = True

    async def ask(self, question: Question, rank: Rank, tries: int = 1) -> bytes:
        """Keep the question; the answer is its echo and zeros."""
        assert tries == 1 or not question.moves
        assert rank in Rank
        self.asked.append(question)
        body = question.body
        if body[1:2] == SET_TIME and len(body) > 2:
            self._time = body[2:]
        told = self._time if body[1:2] == SET_TIME else b""
        return (question.echo + told).ljust(question.answer_length, bytes(1))

    def order(self, question: Question, rank: Rank) -> asyncio.Future[bytes]:
        """The same for what is put by the call itself."""
        return asyncio.ensure_future(self.ask(question, rank))

    def listen(self, heard: Callable[[bytes], None]) -> None:
        """Nobody speaks unasked."""


class _Well:
    """Health that is always good."""

    def mismatched(self, where: str, fault: DeviceFault) -> None:
        """Nothing follows."""


def driver(model_name: str, recorder: Recorder) -> Any:
    """The driver of a model as the cabinet makes it."""
    model = MODELS[model_name]
    address = model.addresses[1] if model.addresses else 1
    board = Board.model_validate({"id": "board", "bus": "bus", "address": min(address, 247), "model": model_name})
    return FAMILIES[model.family](Fitting(recorder, board, model, LIGHTS))  # type: ignore[arg-type]


def calls(method: Any) -> Iterator[dict[str, Any]]:
    """Every sensible and foolish way of calling a method."""
    names = [name for name in inspect.signature(method).parameters if name != "self"]
    ways: dict[str, tuple[Any, ...]] = {"number": NUMBERS, "hold_ms": HOLDS_MS, "is_on": (True, False), "rank": tuple(Rank)}
    unknown = [name for name in names if name not in ways]
    assert not unknown, f"{method.__qualname__} takes {unknown}: say here what it may be given"
    for values in itertools.product(*(ways[name] for name in names)):
        yield dict(zip(names, values, strict=True))


async def everything(model_name: str) -> list[Question]:
    """All that any public method of a driver sends, whatever it is given."""
    recorder = Recorder()
    made = driver(model_name, recorder)
    for name, method in inspect.getmembers(made, callable):
        if name.startswith("_"):
            continue
        for words in calls(method):
            try:
                result = method(**words)
                if inspect.isawaitable(result):
                    async with asyncio.timeout(60):
                        await result
            except (DeviceFault, ValueError, TimeoutError, IndexError):
                continue
    await asyncio.sleep(30)
    return recorder.asked


def held(question: Question, model_name: str) -> bool:
    """Whether a Modbus question switches on what is no light for good, toggles, flashes off, or switches on many at once."""
    body = question.body
    family = MODELS[model_name].family
    if body[0] == 0x0F:
        return any(body[6:]) and family == "waveshare"
    if body[0] != 0x05:
        return False
    address, value = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if family == "waveshare":
        if 0x200 <= address < 0x300:
            return not 1 <= value <= 10
        is_light = address in LIGHTS
        return not (value == 0 or (value == 0xFF00 and is_light))
    return False


@pytest.mark.parametrize("model_name", [name for name in IO if MODELS[name].family == "waveshare"])
@virtual
async def test_no_call_holds_toggles_or_opens_all(model_name: str) -> None:
    """Relays: off is always allowed; on only for lights; a lock only by a flash of a second at most, one at a time."""
    asked = await everything(model_name)
    assert any(question.moves for question in asked)
    assert [question.body.hex() for question in asked if held(question, model_name)] == []


@pytest.mark.parametrize("model_name", [name for name in IO if MODELS[name].family == "kerong"])
@virtual
async def test_no_call_opens_all_locks_of_a_lock_board(model_name: str) -> None:
    """Command 33h opens every lock; an unlock names one lock that the board has."""
    asked = await everything(model_name)
    assert any(question.moves for question in asked)
    assert {question.body[1:2] for question in asked} <= {b"\x30", b"\x31", b"\x37", b"\x38"}


@pytest.mark.parametrize("model_name", [name for name in ASKED if MODELS[name].kind == "scale"])
@virtual
async def test_no_call_zeroes_or_tares_a_scale(model_name: str) -> None:
    """Neither by a Modbus write nor by a word: a tare would hide what lies there."""
    asked = await everything(model_name)
    assert asked
    if MODELS[model_name].framings[0] in {"rtu", "mbap"}:
        assert {question.body[0] for question in asked} <= {3, 4}
    else:
        words = {question.body.strip() for question in asked}
        assert not words & {b"Z", b"ZI", b"T", b"TI", b"TA", b"R", b"\x1bT", b"\x1bU", b"\x1bV", b"@"}


@pytest.mark.parametrize("model_name", [name for name in IO if MODELS[name].family == "icpdas"])
@virtual
async def test_no_call_leaves_a_lock_on(model_name: str) -> None:
    """A module that cannot time a pulse is told to end each one; what is on at the end of everything is a light."""
    model, told = MODELS[model_name], dict[int, bool]()
    asked = await everything(model_name)
    first = int(model.table["first_output"])
    for question in asked:
        body = question.body
        address = int.from_bytes(body[1:3], "big")
        if body[0] == 0x05:
            told[address] = body[3:5] != b"\x00\x00"
        elif body[0] == 0x0F:
            told |= {address + number: bool(body[6 + number // 8] >> number % 8 & 1) for number in range(int.from_bytes(body[3:5], "big"))}
    on = [address - first for address, is_on in told.items() if is_on and first <= address < first + model.outputs]
    assert any(question.moves for question in asked)
    assert set(on) <= LIGHTS
