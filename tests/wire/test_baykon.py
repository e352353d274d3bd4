"""Baykon weighing systems against golden frames: driver and simulated twin are judged by the same third witness."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.vocabulary import Weighing
from cabinet.ports import BadReading
from config.models import MODELS
from drivers.baykon import Baykon, BaykonMap
from drivers.exchange import Pace
from drivers.framing import Rtu
from drivers.owner import Owner
from firmware_sim import baykon as simulated
from firmware_sim.agenda import Agenda
from firmware_sim.cell import Sample
from firmware_sim.fault import Faults
from firmware_sim.segment import ModbusSegment
from tests.scripted_line import ScriptedLine
from tests.virtual import running, virtual

FRAMES = tomllib.loads((Path(__file__).parent / "vectors/baykon.toml").read_text())["frame"]
ASKED = [frame for frame in FRAMES if frame["request"] == FRAMES[0]["request"]]
TABLE = {**MODELS["baykon_mx08"].table, **MODELS["baykon_mx08"].settled({})}


class Pan:
    """A cell that shows what it is told."""

    def __init__(self, **shown: Any) -> None:
        self.sample = Sample(**{"is_steady": True, **shown})

    def read(self, at_s: float) -> Sample:  # noqa: ARG002  # the shape of a cell
        """See Cell."""
        return self.sample


async def weigh(reply: str, **settings: Any) -> Weighing:
    """What the driver makes of an answer, in hexadecimal."""
    owner = Owner("bus", ScriptedLine(lambda _: [(0.001, bytes.fromhex(reply))]), Rtu(9600), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        return await Baykon(owner, "scale", 1, BaykonMap.from_table({**TABLE, **settings})).weigh()


@pytest.mark.parametrize("frame", [frame for frame in FRAMES if "given" in frame], ids=lambda frame: frame["name"])
def test_simulated_instrument_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """Weight, status and tare of one moment, as the maker's register table has them."""
    shown = dict(frame["given"])
    is_low_first, tare_mg = shown.pop("is_low_first", False), shown.pop("tare_mg", 0)
    pan = Pan(mass_mg=tare_mg)
    board = simulated.Baykon("scale", 1, pan, 10, 1, is_low_first=is_low_first)
    if tare_mg:
        board.answer(bytes.fromhex("1000080001020002"), 0.0, is_broadcast=False)
    pan.sample = Pan(**shown).sample
    segment = ModbusSegment("bus", [board], Agenda(), Faults(random.Random(0)))
    arrivals = segment.hear_rtu(bytes.fromhex(frame["request"]), 0.0)
    assert b"".join(data for _, data in arrivals).hex(" ").upper() == frame["reply"]


@pytest.mark.parametrize("frame", ASKED, ids=lambda frame: frame["name"])
@virtual
async def test_driver_reads_the_golden_registers(frame: dict[str, Any]) -> None:
    """The gross weight where the status says that there is one; else a fault with a sentence."""
    if "mass_mg" in frame:
        weighing = await weigh(frame["reply"])
        assert (weighing.mass_mg, weighing.is_steady, weighing.division_mg) == (frame["mass_mg"], frame["is_steady"], 10)
    else:
        with pytest.raises(BadReading):
            await weigh(frame["reply"])


@virtual
async def test_each_error_of_the_manual_has_its_own_sentence() -> None:
    """Whoever repairs it reads what is wrong, not a number."""
    said = set()
    for frame in ASKED:
        if frame["name"].startswith("error "):
            with pytest.raises(BadReading) as caught:
                await weigh(frame["reply"])
            said.add(caught.value.detail.partition(": ")[2])
    assert len(said) == 7


@virtual
async def test_instrument_with_its_words_turned_round_is_read_when_the_site_says_so() -> None:
    """The wire does not tell which word comes first; a number too great to be shown is the only hint."""
    turned = next(frame for frame in FRAMES if frame["name"] == "words the other way round")
    with pytest.raises(BadReading, match="word_order"):
        await weigh(turned["reply"])
    assert (await weigh(turned["reply"], word_order="low_high")).mass_mg == 123_450


def test_instrument_maps_say_what_is_wrong_with_them() -> None:
    """The same for an instrument that says neither unit nor point."""
    slips: tuple[dict[str, Any], ...] = ({"digit_mg": 0}, {"step": 3}, {"word_order": "middle"})
    for wrong in slips:
        with pytest.raises(ValueError, match="digit_mg"):
            BaykonMap.from_table({**TABLE, **wrong})
    with pytest.raises(ValueError, match="map and settings"):
        BaykonMap.from_table({"weight": 0})


@given(st.binary(min_size=1, max_size=253))
def test_simulated_instrument_answers_anything_in_shape(pdu: bytes) -> None:
    """No request crashes it, and every answer is one to what was asked."""
    reply = simulated.Baykon("scale", 1, Pan(mass_mg=1234.0), 10, 1).answer(pdu, 0.0, is_broadcast=False)
    assert reply is not None
    assert reply[0] & 0x7F == pdu[0] & 0x7F
