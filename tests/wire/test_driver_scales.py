"""The drivers of scales: what is a weight, what is none, and that a doubtful one is never called steady."""

import json
from pathlib import Path
from typing import Any

import pytest

from cabinet.domain.vocabulary import MassMg, Weighing
from cabinet.ports import BadReading, DeviceFault, GarbledReply, Identity, ScaleRestarted, WrongReply
from config.models import MODELS
from drivers.balance import BalanceMap
from drivers.dialogue import Dialogue
from drivers.exchange import Pace
from drivers.framing import Rtu
from drivers.laumas import Laumas, LaumasMap
from drivers.mtsics import Mtsics
from drivers.owner import Owner
from tests.scripted_line import Script, ScriptedLine, in_turn, rtu
from tests.virtual import running, virtual

TRANSCRIPTS = Path(__file__).parents[2].parent / "shared/data/device/mtsics_transcripts.json"
LAUMAS = LaumasMap.from_table(MODELS["laumas_tlb"].table)
MTSICS = BalanceMap.from_table({**MODELS["mtsics"].table, **MODELS["mtsics"].settled({})})


def transmitter(script: Script) -> tuple[Laumas, Owner, ScriptedLine]:
    """A transmitter at the other end of a scripted line."""
    line = ScriptedLine(script)
    owner = Owner("bus-a", line, Rtu(19200), Pace())
    return Laumas(owner, "scale-a", 10, LAUMAS), owner, line


def balance(script: Script) -> tuple[Mtsics, Owner, ScriptedLine]:
    """A balance at the other end of a scripted line."""
    line = ScriptedLine(script)
    owner = Owner("bus-b", line, Dialogue(9600), Pace())
    return Mtsics(owner, "scale-b", MTSICS), owner, line


def says(setting: int, status: int, gross: int) -> Script:
    """A transmitter's status, gross, net, peak and division, in one answer."""
    return lambda _: [(0.001, rtu(f"0A 03 10 {status:04X} {gross:08X} 00000929 00000000 {setting:04X}"))]


def line_of(text: str) -> bytes:
    """A line as a balance ends it."""
    return text.encode() + b"\r\n"


@pytest.mark.parametrize(
    ("setting", "status", "gross", "weighing"),
    [
        (0x010C, 0x0800, 12345, (123_450, True, 10)),
        (0x010C, 0x0000, 12345, (123_450, False, 10)),
        (0x010C, 0x0880, 12345, (-123_450, True, 10)),
        (0x010B, 0x0800, 12344, (123_440, True, 20)),
        (0x0109, 0x0800, 12345, (1_234_500, True, 100)),
        (0x0106, 0x0800, 70_000, (70_000_000, True, 1000)),
        (0x0105, 0x0800, 1234, (1_234_000, True, 2000)),
        (0x000F, 0x0800, 1500, (1_500_000, True, 1000)),
        (0x0112, 0x0800, 12345, (1234, True, 1)),
        (0x0000, 0x0800, 1200, (1_200_000_000, True, 100_000_000)),
        (0x010C, 0x1800, 0, (0, True, 10)),
    ],
)
@virtual
async def test_transmitter_weighs_in_milligrams(setting: int, status: int, gross: int, weighing: tuple[int, bool, int]) -> None:
    """Digits have no point: division and unit give it; sign and steadiness stand in the status of the same query."""
    scale, owner, line = transmitter(says(setting, status, gross))
    async with running(owner.run()):
        await owner.tried.wait()
        mass_mg, is_steady, division_mg = weighing
        assert await scale.weigh() == Weighing(MassMg(mass_mg), is_steady, MassMg(division_mg))
    assert line.frames == [bytes.fromhex("0A 03 00 06 00 08 A5 76")]


@pytest.mark.parametrize("bit", range(6))
@virtual
async def test_transmitter_with_an_error_bit_gives_no_weight(bit: int) -> None:
    """A cut wire reads 0: taken for a weight it would be an empty pocket."""
    scale, owner, _ = transmitter(says(0x010C, 0x0800 | 1 << bit, 12345))
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(BadReading, match=r"status 08"):
            await scale.weigh()


@pytest.mark.parametrize("setting", [0x080C, 0x0113, 0xFFFF])
@virtual
async def test_transmitter_set_to_no_mass_weighs_nothing(setting: int) -> None:
    """Newtons, pieces or a division that is none are no milligrams."""
    scale, owner, _ = transmitter(says(setting, 0x0800, 12345))
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(BadReading, match="none of a mass"):
            await scale.weigh()


@virtual
async def test_transmitter_whose_unit_is_changed_weighs_nothing_from_then_on() -> None:
    """Somebody at its keys, or another transmitter in its place: the unit stands in every answer."""
    scale, owner, line = transmitter(says(0x010C, 0x0800, 12345))
    async with running(owner.run()):
        await owner.tried.wait()
        await scale.start()
        assert (await scale.weigh()).mass_mg == 123_450
        line.script = says(0x0109, 0x0800, 12345)
        assert (await scale.weigh()).mass_mg == 1_234_500
        line.script = says(0x030C, 0x0800, 12345)
        for reading in (scale.weigh, scale.start):
            with pytest.raises(BadReading, match="030C"):
                await reading()


@pytest.mark.parametrize(
    ("text", "weighing"),
    [
        ("S S     100.00 g", (100_000, True, 10)),
        ("S D     129.07 g", (129_070, False, 10)),
        ("S S    -100.00 g", (-100_000, True, 10)),
        ("S S      0.1234 kg", (123_400, True, 100)),
        ("S S  1234.5 mg", (1234, True, 1)),
        ("S S 7 g", (7000, True, 1000)),
    ],
)
@virtual
async def test_balance_weighs_in_milligrams(text: str, weighing: tuple[int, bool, int]) -> None:
    """The weight is read by white space; its last place is the division."""
    scale, owner, line = balance(lambda _: [(0.02, line_of(text))])
    async with running(owner.run()):
        await owner.tried.wait()
        mass_mg, is_steady, division_mg = weighing
        assert await scale.weigh() == Weighing(MassMg(mass_mg), is_steady, MassMg(division_mg))
    assert line.frames == [b"SI\r\n", b"SI\r\n"]


@virtual
async def test_two_readings_that_differ_are_not_steady() -> None:
    """There is no check sum: one turned bit makes 129 of 121, and only a second reading tells."""
    scale, owner, _ = balance(in_turn([[(0.02, line_of("S S     121.07 g"))], [(0.02, line_of("S S     129.07 g"))]]))
    async with running(owner.run()):
        await owner.tried.wait()
        assert await scale.weigh() == Weighing(MassMg(129_070), is_steady=False, division_mg=MassMg(10))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("S I", BadReading),
        ("S +", BadReading),
        ("S -", BadReading),
        ("S S Error 10b", BadReading),
        ("ES", WrongReply),
        ("ET", WrongReply),
        ("EL", WrongReply),
        ('I2 A "ICS469 OU 60.18 kg"', WrongReply),
        ("T S     100.00 g", WrongReply),
        ("S S     100.00 lb", BadReading),
        ("S S         12 PCS", BadReading),
        ("S S     1e2 g", GarbledReply),
        ("S S     1_0 g", GarbledReply),
        ("S S     1O0.00 g", GarbledReply),
        ("S S     NaN g", GarbledReply),
        ("S S     Infinity g", GarbledReply),
        ("S S", GarbledReply),
        ("S X     100.00 g", GarbledReply),
        ("S S     10\x00.00 g", GarbledReply),
        ("", WrongReply),
    ],
)
@virtual
async def test_balance_that_gives_no_weight_is_a_typed_fault(text: str, fault: type[DeviceFault]) -> None:
    """Busy, overload, underload, a fault of its own or nonsense: never a number."""
    scale, owner, _ = balance(lambda _: [(0.02, line_of(text))])
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(fault):
            await scale.weigh()


@virtual
async def test_balance_that_was_switched_on_says_so_once_in_the_place_of_a_weight() -> None:
    """Its zero is gone, and may be what lies on it now: whoever counts by it would count too little."""
    scale, owner, line = balance(lambda _: [(0.02, line_of("S S     100.00 g"))])
    async with running(owner.run()):
        await owner.tried.wait()
        assert (await scale.weigh()).mass_mg == 100_000
        line.say(b'I4 A "12345')
        line.say(b'67"\r\n')
        await scale.start()
        with pytest.raises(ScaleRestarted):
            await scale.weigh()
        assert (await scale.weigh()).mass_mg == 100_000


@pytest.mark.parametrize("call", ["weigh", "start"])
@virtual
async def test_power_up_line_in_the_place_of_an_answer_is_a_restart_too(call: str) -> None:
    """It may come while something is asked, and whoever weighs next must hear of it, whoever asked."""
    scale, owner, line = balance(in_turn([[(0.01, line_of('I4 A "1234567"')), (0.02, line_of("S S     0.00 g"))]]))
    async with running(owner.run()):
        await owner.tried.wait()
        with pytest.raises(ScaleRestarted):
            await getattr(scale, call)()
        line.script = lambda _: [(0.02, line_of("S S       0.00 g"))]
        if call == "start":
            with pytest.raises(ScaleRestarted):
                await scale.weigh()
        assert (await scale.weigh()).mass_mg == 0


@virtual
async def test_balance_that_is_switched_on_between_two_answers_gives_no_weight() -> None:
    """The second answer may already be from another zero."""
    scale, owner, line = balance(lambda _: [(0.02, line_of("S S       0.00 g"))])

    def script(_: bytes) -> list[tuple[float, bytes]]:
        line.script = lambda _: [(0.02, line_of("S S       0.00 g"))]
        return [(0.02, line_of("S S     100.00 g") + line_of('I4 A "1234567"'))]

    async with running(owner.run()):
        await owner.tried.wait()
        line.script = script
        with pytest.raises(ScaleRestarted):
            await scale.weigh()
        assert (await scale.weigh()).mass_mg == 0


@virtual
async def test_serial_number_that_was_asked_for_is_no_restart() -> None:
    """The line of power-up and the answer to `I4` are the same text; who asked tells them apart."""
    said = {b"SI": "S D       0.00 g", b"I2": 'I2 A "SIM 3.10 kg"', b"I3": "I3 I", b"I4": 'I4 A "1234567"'}
    scale, owner, _ = balance(lambda frame: [(0.02, line_of(said[frame.strip()]))])
    async with running(owner.run()):
        await owner.tried.wait()
        assert await scale.identify() == Identity("MT-SICS", "SIM 3.10 kg", "", "1234567")
        await scale.weigh()


@virtual
async def test_late_weight_is_not_the_next_one() -> None:
    """A balance that answers after its time must not say now what lay there then."""
    replies = [[(0.35, line_of("S S     999.00 g"))], *[[(0.02, line_of("S S     100.00 g"))]] * 3]
    scale, owner, _ = balance(in_turn(replies))
    async with running(owner.run()):
        await owner.tried.wait()
        assert (await scale.weigh()).mass_mg == 100_000


@pytest.mark.skipif(not TRANSCRIPTS.exists(), reason="the public recordings are not at hand")
def test_recorded_weights_are_read_as_recorded() -> None:
    """Replies out of public clients' test suites: every weight read right, every refusal a typed fault."""
    cases = [case for case in json.loads(TRANSCRIPTS.read_text())["cases"] if case["command"] in ("S", "SI")]
    assert cases

    @virtual
    async def weigh(case: dict[str, object]) -> None:
        chunks = case["response_chunks"]
        assert isinstance(chunks, list)
        scale, owner, _ = balance(lambda _: [(0.02 + 0.001 * place, chunk.encode()) for place, chunk in enumerate(chunks)])
        async with running(owner.run()):
            await owner.tried.wait()
            expected = case["expect"]
            if isinstance(expected, dict):
                weighing = await scale.weigh()
                assert (weighing.mass_mg, weighing.is_steady) == (round(float(expected["value"]) * 1000), expected["stable"])
            else:
                with pytest.raises(BadReading):
                    await scale.weigh()

    for case in cases:
        weigh(case)


def test_maps_say_what_is_wrong_with_them() -> None:
    """A slip in a map must not be found out at a count."""
    with pytest.raises(ValueError, match="laumas map"):
        LaumasMap.from_table({"status": 6})
    with pytest.raises(ValueError, match="numbers"):
        LaumasMap.from_table({"firmware": 0, "status": 6, "division": 13, "divisions": ["a lot"], "units_mg": {}})
    slips: tuple[dict[str, Any], ...] = ({"divisions": ["0"]}, {"divisions": []}, {"units_mg": {"1": 0}}, {"division": 40}, {"division": 7})
    for broken in slips:
        with pytest.raises(ValueError, match=r"above 0|within one query"):
            LaumasMap.from_table({**MODELS["laumas_tlb"].table, **broken})
    with pytest.raises(ValueError, match="balance's map"):
        BalanceMap.from_table({})
    with pytest.raises(ValueError, match="'Z'"):
        Mtsics(balance(lambda _: [])[1], "scale-b", BalanceMap.from_table({"command": "Z", "units_mg": {"g": 1000}, "step": 1}))
