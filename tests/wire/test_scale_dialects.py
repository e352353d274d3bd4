"""Scales in lines of text, against golden lines: driver and simulated twin are judged by the same third witness."""

import tomllib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.app.boards import DIALECTS, device_of
from cabinet.ports import BadReading, DeviceFault, GarbledReply, Identity, Scale, WrongReply
from config.schema import Board
from drivers.balance import BalanceMap
from drivers.exchange import Pace
from drivers.owner import Owner
from firmware_sim.aandd import Aandd
from firmware_sim.cell import Sample
from firmware_sim.display import Display
from firmware_sim.fitting import sheet
from firmware_sim.ohaus import Ohaus
from firmware_sim.sbi import Sbi
from firmware_sim.segment import TextBoard
from tests.scripted_line import Script, ScriptedLine
from tests.virtual import running, virtual

VECTORS = Path(__file__).parent / "vectors"
TEXT = {"aandd": "and", "ohaus": "ohaus", "sbi": "sbi"}
TWINS: dict[str, Callable[..., TextBoard]] = {"aandd": Aandd, "ohaus": Ohaus, "sbi": Sbi}


def golden(family: str) -> list[dict[str, Any]]:
    """The golden frames of a family."""
    frames: list[dict[str, Any]] = tomllib.loads((VECTORS / f"{family}.toml").read_text())["frame"]
    return frames


def every(key: str) -> list[Any]:
    """Each golden line that has this key, with its family."""
    return [pytest.param(family, frame, id=f"{family}: {frame['name']}") for family in TEXT for frame in golden(family) if key in frame]


class Pan:
    """A cell that shows what it is told."""

    def __init__(self, given_: dict[str, Any]) -> None:
        shown = {key: value for key, value in given_.items() if key != "has_header"}
        self.sample = Sample(**{"is_steady": True, **shown})

    def read(self, at_s: float) -> Sample:  # noqa: ARG002  # the shape of a cell
        """See Cell."""
        return self.sample


def text_twin(family: str, given_: dict[str, Any]) -> TextBoard:
    """The simulated balance of a golden line."""
    numbers = dict(sheet(family).numbers)
    if "has_header" in given_:
        numbers["has_header"] = given_["has_header"]
    return TWINS[family]("scale", Pan(given_), 10, **numbers)


async def asked(model: str, framing: str, script: Script, call: Callable[[Any], Awaitable[Any]], **settings: Any) -> Any:
    """What a driver makes of a line that answers as the script says."""
    owner = Owner("bus", ScriptedLine(script), DIALECTS[framing](9600, 10), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        board = Board(id="scale", bus="bus", address=1, model=model, settings=settings)
        return await call(device_of(owner, board, frozenset()))


def weigh(scale: Scale) -> Awaitable[Any]:
    """Its weight."""
    return scale.weigh()


def saying(reply: str) -> Script:
    """A line that gives this answer, in hexadecimal, to everything."""
    return lambda _: [(0.02, bytes.fromhex(reply))] if reply else []


@pytest.mark.parametrize(("family", "frame"), every("given"))
def test_simulated_balance_keeps_to_the_golden_lines(family: str, frame: dict[str, Any]) -> None:
    """The manuals' lines come out byte for byte."""
    reply = text_twin(family, frame["given"]).answer(bytes.fromhex(frame["request"]).removesuffix(b"\r\n"), 0.0, 9.0)
    assert reply == bytes.fromhex(frame["reply"])


@pytest.mark.parametrize(("family", "frame"), every("reply"))
@virtual
async def test_driver_reads_the_golden_lines(family: str, frame: dict[str, Any]) -> None:
    """A weight, steady or not, where the line holds one; a typed fault, and never a number, where it does not."""
    if "mass_mg" in frame:
        weighing = await asked(family, TEXT[family], saying(frame["reply"]), weigh)
        division_mg = frame.get("division_mg", 10)
        assert (weighing.mass_mg, weighing.is_steady, weighing.division_mg) == (frame["mass_mg"], frame["is_steady"], division_mg)
    else:
        with pytest.raises(DeviceFault):
            await asked(family, TEXT[family], saying(frame["reply"]), weigh)


@pytest.mark.parametrize("family", TEXT)
@virtual
async def test_driver_asks_what_the_manual_names_and_nothing_else(family: str) -> None:
    """Starting, weighing and identifying: not one command that zeroes, tares, or sets a mode."""
    stable = next(frame for frame in golden(family) if frame["name"] == "stable weight")
    told = {bytes.fromhex(frame["request"]): bytes.fromhex(frame["reply"]) for frame in golden(family) if frame["name"].startswith("the ")}
    told[bytes.fromhex(stable["request"])] = bytes.fromhex(stable["reply"])
    sent: list[bytes] = []

    def script(frame: bytes) -> list[tuple[float, bytes]]:
        sent.append(frame)
        return [(0.02, told[frame])]

    async def all_of_it(scale: Any) -> Identity:
        await scale.start()
        await scale.weigh()
        identity: Identity = await scale.identify()
        return identity

    identity = await asked(family, TEXT[family], script, all_of_it)
    assert identity.model.startswith("SIM")
    assert identity.serial
    assert set(sent) == set(told)


@pytest.mark.parametrize("family", TEXT)
@virtual
async def test_balance_that_cannot_name_itself_is_known_by_its_weight(family: str) -> None:
    """Older models know no such question: they are still there."""
    stable = next(frame for frame in golden(family) if frame["name"] == "stable weight")

    def script(frame: bytes) -> list[tuple[float, bytes]]:
        return [(0.02, bytes.fromhex(stable["reply"]))] if frame == bytes.fromhex(stable["request"]) else []

    identity = await asked(family, TEXT[family], script, lambda scale: scale.identify())
    assert (identity.model, identity.firmware, identity.serial) == ("", "", "")


@virtual
async def test_weight_without_a_unit_moves_in_the_unit_that_was_last_said() -> None:
    """A Sartorius prints no unit while it moves: the number is not lost, but nobody may count by it."""
    steady, moving = b"+  1255.70 g  \r\n", b"+  1300.00    \r\n"
    replies = iter([steady, steady, moving, moving])

    async def twice(scale: Scale) -> list[tuple[int, bool]]:
        return [(weighing.mass_mg, weighing.is_steady) for weighing in [await scale.weigh() for _ in range(2)]]

    assert await asked("sbi", "sbi", lambda _: [(0.02, next(replies))], twice) == [(1_255_700, True), (1_300_000, False)]


@pytest.mark.parametrize(
    ("model", "framing", "line", "reason"),
    [
        ("aandd", "and", "QT,+00000012 PC", "count"),
        ("aandd", "and", "ST,NT,+00023.45  g", "tare"),
        ("aandd", "and", "ST,+002.7255 lb", "lb"),
        ("ohaus", "ohaus", "    12.34  g   NET", "tare"),
        ("ohaus", "ohaus", "     207.80 g TOTAL", "plain"),
        ("ohaus", "ohaus", "           3 PCS", "PCS"),
        ("sbi", "sbi", "Qnt   +      235 pcs", "plain"),
        ("sbi", "sbi", "+      253 pcs", "pcs"),
        ("sbi", "sbi", "   Err  54    ", "Err  54"),
    ],
)
@virtual
async def test_number_that_is_no_weight_says_what_it_is(model: str, framing: str, line: str, reason: str) -> None:
    """Counts, totals and net weights look like weights: whoever repairs the scale must read what to change at it."""
    with pytest.raises(BadReading, match=reason):
        await asked(model, framing, lambda _: [(0.02, line.encode() + b"\r\n")], weigh)


@pytest.mark.parametrize(("model", "framing"), list(TEXT.items()))
@virtual
async def test_two_readings_that_differ_are_not_steady(model: str, framing: str) -> None:
    """There is no check sum: a digit that turned over on the wire shows only in the second reading."""
    stable = bytes.fromhex(next(frame for frame in golden(model) if frame["name"] == "stable weight")["reply"])
    replies = iter([stable, stable.replace(b"2", b"6", 1)])
    assert not (await asked(model, framing, lambda _: [(0.02, next(replies))], weigh)).is_steady


@given(st.sampled_from(sorted(TEXT)), st.text(alphabet=[chr(code) for code in range(0x20, 0x7F)], max_size=24))
def test_any_line_is_a_weight_or_a_typed_fault(family: str, line: str) -> None:
    """Nothing that a scale may print crashes its driver."""

    @virtual
    async def scene() -> None:
        with suppress(BadReading, GarbledReply, WrongReply):
            await asked(family, TEXT[family], lambda _: [(0.02, line.encode() + b"\r\n")], weigh)

    scene()


@given(st.sampled_from(sorted(TWINS)), st.binary(max_size=40))
def test_simulated_balance_survives_anything(family: str, line: bytes) -> None:
    """No bytes crash a balance; whatever it says ends with CR LF."""
    reply = text_twin(family, {"mass_mg": 1234.0}).answer(line, 0.0, 9.0)
    assert reply is not None
    assert not reply or reply.endswith(b"\r\n")


@pytest.mark.parametrize(("family", "command"), [("aandd", b"S"), ("ohaus", b"SP")])
def test_simulated_balance_waits_for_stability_where_it_is_asked_to(family: str, command: bytes) -> None:
    """And says nothing at all when that does not come in time."""
    twin = text_twin(family, {"mass_mg": 5000.0, "is_steady": False})
    assert twin.answer(command, 0.0, 0.0) is None
    assert twin.answer(command, 6.0, 6.0) == b""


@pytest.mark.parametrize("step", [1, 2, 5])
@virtual
async def test_division_is_the_last_digit_times_its_step(step: int) -> None:
    """A scale of 5 mg whose last digit is a milligram must not look five times as fine as it is."""
    weighing = await asked("aandd", "and", lambda _: [(0.02, b"ST,+00123.45  g\r\n")], weigh, step=step)
    assert weighing.division_mg == 10 * step


def test_what_lies_on_a_balance_that_is_switched_on_is_its_zero() -> None:
    """Up to a tenth of its capacity: the stock of a pocket vanishes from the display."""
    pan = Pan({"mass_mg": 120_000.0})
    display = Display(pan, 10, 3_100_000)
    assert display.read(0.0).digits == "120.00"
    display.power_off()
    assert display.read(1.0).digits == "0.00"
    pan.sample = Sample(119_000.0, is_steady=True)
    assert display.read(2.0).digits == "-1.00"
    pan.sample = Sample(400_000.0, is_steady=True)
    display.power_off()
    assert display.read(3.0).digits == "400.00"


def test_balance_maps_say_what_is_wrong_with_them() -> None:
    """A division of nothing would make every count certain."""
    right: dict[str, Any] = {"command": "Q", "units_mg": {"g": 1000}, "step": 1}
    slips: tuple[dict[str, Any], ...] = ({"step": 3}, {"step": 0}, {"units_mg": {"g": 0}}, {"units_mg": {}})
    for wrong in slips:
        with pytest.raises(ValueError, match=r"step|milligram"):
            BalanceMap.from_table({**right, **wrong})
