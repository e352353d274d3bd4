"""Every model of board that a site may name, on every kind of line that it can hang on, through its driver and its simulated twin.

A model is a file on either side of the wire. That both were written from the same paper shows here: the driver starts the board, knows who
it is, and does with it what the house needs of its kind, in-process, on a pseudo-terminal and over TCP.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cabinet.app.boards import device_of, dialect_of
from cabinet.app.hardware import real_lines
from cabinet.ports import LineLost
from config.models import MODELS, Model
from config.schema import Board, Site
from config.wiring import NETWORK_FRAMINGS
from drivers.exchange import Pace
from drivers.line import Line
from drivers.owner import Owner
from firmware_sim.assembly import Bench, build
from firmware_sim.process import serve
from tests.simulated_site import small_site
from tests.virtual import running, virtual

ADDRESS = 7
HOLD_MS = 300
ASKED = ("io", "scale", "thermometer", "supply")
"""Kinds that are asked and answer; readers and scanners speak by themselves and have tests of their own."""

PLACES = [
    (name, framing, end)
    for name, model in MODELS.items()
    if model.kind in ASKED
    for framing in model.framings
    for end in (("tcp",) if framing in NETWORK_FRAMINGS else ("pty", "tcp"))
]


def site_with(name: str, framing: str, end: str) -> Site:
    """A cabinet with one board of this model on a line of its own, and a lock board on another."""
    model = MODELS[name]
    bus: dict[str, Any] = {"id": "line", "kind": "tcp", "framing": framing, "port": 0}
    if end == "pty":
        bus = {"id": "line", "kind": "serial", "framing": framing, "baud": 19200}
    pocket: dict[str, Any] = {"id": "p", "opening": {"units": 12}}
    if model.is_scale:
        pocket["weighed"] = {"scale": "board", "unit_mass_mg": 3000, "tray_mg": 50_000}
    lock = "board" if model.outputs and model.inputs else "locks"
    drawer = {"id": "d", "name": "d", "kind": "matrix", "lock": f"{lock}:0", "closed": f"{lock}:0", "pocket": [pocket]}
    boards = [{"id": "board", "bus": "line", "address": ADDRESS, "model": name}]
    boards.append({"id": "locks", "bus": "other", "address": 2, "model": "waveshare_relay_d8"})
    other = {"id": "other", "kind": "serial", "framing": "rtu"}
    return small_site(bus=[bus, other], board=boards, drawer=[drawer])


@asynccontextmanager
async def fitted(site: Site, line: Line) -> AsyncIterator[Any]:
    """The driver of the board at the end of this line."""
    owner = Owner("line", line, dialect_of(site.buses[0]), Pace())
    async with running(owner.run()):
        await owner.tried.wait()
        yield device_of(owner, Board.model_validate(site.boards[0].model_dump()), frozenset())


async def works(device: Any, model: Model, bench: Bench) -> None:
    """What the house needs of a board of this kind."""
    await device.start()
    assert (await device.identify()).maker
    match model.kind:
        case "io":
            await drives(device, model, bench)
        case "scale":
            truth_mg = 50_000 + bench.plant.pockets["p"].pile.mass_mg
            weighing = await device.weigh()
            assert abs(weighing.mass_mg - truth_mg) <= 2 * weighing.division_mg
        case "thermometer":
            assert len(await device.read_temperatures()) == model.probes
        case "supply":
            await device.read_power()


async def drives(device: Any, model: Model, bench: Bench) -> None:
    """One pulse on the last output, timed by the board; everything is off before and after; no output can be left on."""
    if model.inputs:
        assert len(await device.read_inputs()) == model.inputs
    last = model.outputs - 1
    assert not bench.plant.energised()
    await device.pulse(last, HOLD_MS)
    await asyncio.sleep(HOLD_MS / 1000 + 0.2)
    pulse = bench.plant.pulses[-1]
    assert pulse.channel == f"board:{last}"
    assert pulse.length_s == pytest.approx(HOLD_MS / 1000, abs=0.15)
    await device.all_off()
    assert not bench.plant.energised()
    for number in (-1, model.outputs):
        with pytest.raises(ValueError, match=str(model.outputs - 1)):
            await device.pulse(number, HOLD_MS)
    with pytest.raises(ValueError, match="light"):
        await device.switch(0, is_on=True)


def ids() -> Iterator[str]:
    """A name for each place."""
    return (f"{name}-{framing}-{end}" for name, framing, end in PLACES)


@pytest.mark.parametrize(("name", "framing", "end"), PLACES, ids=ids())
@virtual
async def test_a_model_works_in_process(name: str, framing: str, end: str) -> None:
    """Driver and simulated twin agree on every address, in virtual time and at the line's pace."""
    site = site_with(name, framing, end)
    bench = build(site, refuse=LineLost)
    async with fitted(site, bench.cables["line"]) as device:
        await works(device, MODELS[name], bench)


@pytest.mark.real
@pytest.mark.parametrize(("name", "framing", "end"), PLACES, ids=ids())
async def test_a_model_works_on_a_real_line(tmp_path: Path, name: str, framing: str, end: str) -> None:
    """The same on a pseudo-terminal or a socket, where bytes come when they come."""
    site = site_with(name, framing, end)
    bench = build(site)
    async with asyncio.timeout(20), serve(bench, site, tmp_path), fitted(site, real_lines(tmp_path)(site.buses[0])) as device:
        await works(device, MODELS[name], bench)


def test_every_board_with_an_address_says_how_it_is_set() -> None:
    """By a register, which the bench writes, or in words for whoever does it by hand; never by nothing."""
    assert not [name for name, model in MODELS.items() if model.addresses and (model.address_register is None) == (not model.address_by)]
