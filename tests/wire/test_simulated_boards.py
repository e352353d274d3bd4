"""The simulated boards against the golden frames, and against everything that is no frame."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.agenda import Agenda
from firmware_sim.cell import Sample
from firmware_sim.coil import Coil, Pulse
from firmware_sim.fault import Faults
from firmware_sim.framing import check_sum, rtu
from firmware_sim.laumas import Laumas
from firmware_sim.modbus import ModbusBoard
from firmware_sim.mtsics import WAIT_S, MtSics
from firmware_sim.segment import ModbusSegment
from firmware_sim.waveshare import Waveshare

VECTORS = Path(__file__).parent / "vectors"
EIGHT = range(8)


def golden(name: str) -> list[Any]:
    """A board's golden frames, one parameter each."""
    return [pytest.param(frame, id=frame["name"]) for frame in tomllib.loads((VECTORS / f"{name}.toml").read_text())["frame"]]


class Relays:
    """A relay board alone on its line, its inputs held as told."""

    def __init__(self, unit: int = 1, on: tuple[int, ...] = (), inputs: tuple[int, ...] = ()) -> None:
        self.agenda, self.faults, self.pulses = Agenda(), Faults(random.Random(0)), list[Pulse]()
        self.coils = [Coil(f"a:{number}", self.faults, self.pulses) for number in EIGHT]
        readings = [lambda _at_s, is_on=number in inputs: is_on for number in EIGHT]
        self.board = Waveshare("a", unit, self.coils, readings, self.agenda)
        self.segment = ModbusSegment("locks", [self.board], self.agenda, self.faults)
        for number in on:
            self.coils[number].switch(True, 0.0)

    @property
    def on(self) -> list[int]:
        """Which relays are closed."""
        return [number for number in EIGHT if self.coils[number].is_energised]

    def hear(self, frame: bytes, at_s: float = 0.0) -> bytes:
        """What comes back for a frame; empty for silence."""
        return b"".join(data for _, data in self.segment.hear_rtu(frame, at_s))

    def ask(self, *pdu: int, unit: int = 1, at_s: float = 0.0) -> bytes:
        """What comes back for a PDU."""
        return self.hear(rtu(unit, bytes(pdu)), at_s)


class StubCell:
    """A cell that shows what it is told."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    def read(self, at_s: float) -> Sample:  # noqa: ARG002  # the shape of a cell
        """See Cell."""
        return self.sample


def hear(board: ModbusBoard, frame: bytes) -> bytes:
    """What comes back for a frame on a line with this board alone."""
    arrivals = ModbusSegment("bus", [board], Agenda(), Faults(random.Random(0))).hear_rtu(frame, 0.0)
    return b"".join(data for _, data in arrivals)


@pytest.mark.parametrize("frame", golden("waveshare"))
def test_relay_board_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """The vendor's papers are the third witness: they disagree with both sides when these share a mistake."""
    given_ = frame.get("given", {})
    relays = Relays(frame.get("unit", 1), tuple(given_.get("relays", ())), tuple(given_.get("inputs", ())))
    assert relays.hear(bytes.fromhex(frame["request"])).hex(" ").upper() == frame["reply"]
    if "then_on" in frame:
        assert relays.on == frame["then_on"]
    if "then_unit" in frame:
        assert relays.board.address == frame["then_unit"]
    if "then_off_after_ms" in frame:
        off_s = frame["then_off_after_ms"] / 1000
        relays.agenda.advance(off_s - 0.001)
        assert relays.on == frame["then_on"]
        relays.agenda.advance(off_s + 0.001)
        assert relays.on == []


@pytest.mark.parametrize("frame", golden("laumas"))
def test_transmitter_keeps_to_the_golden_frames(frame: dict[str, Any]) -> None:
    """A weight is status and magnitude together; the maker's register list says how."""
    given_ = frame.get("given", {})
    cell = StubCell(Sample(float(given_.get("tare_mg", 0)), is_steady=True))
    board = Laumas("scale", 10, cell, 10)
    if "tare_mg" in given_:
        board.answer(bytes.fromhex("0600050007"), 0.0, is_broadcast=False)
    trouble = given_.get("trouble", 0)
    cell.sample = Sample(
        given_.get("gross_mg", 0),
        given_.get("is_steady", True) and not trouble & 1,
        is_broken=bool(trouble & 1),
        trouble=trouble,
        is_other_unit=given_.get("is_other_unit", False),
    )
    assert hear(board, bytes.fromhex(frame["request"])).hex(" ").upper() == frame["reply"]


@pytest.mark.parametrize("frame", golden("mtsics"))
def test_balance_keeps_to_the_golden_lines(frame: dict[str, Any]) -> None:
    """Replies that clients' test suites recorded come out byte for byte."""
    given_ = frame.get("given", {})
    sample = Sample(given_.get("mass_mg", 0), given_.get("is_steady", True), trouble=given_.get("trouble", 0))
    balance = MtSics("balance", StubCell(sample), 10, 3_100_000, "1234567")
    for line in given_.get("before", ()):
        balance.answer(line.encode(), 0.0, 0.0)
    reply = balance.answer(bytes.fromhex(frame["request"]).removesuffix(b"\r\n"), 0.0, WAIT_S)
    assert reply == bytes.fromhex(frame["reply"])


def test_balance_waits_for_stability() -> None:
    """`S` is answered when the weight stands still, not before; whoever needs a number at once asks `SI`."""
    cell = StubCell(Sample(5000.0, is_steady=False))
    balance = MtSics("balance", cell)
    assert balance.answer(b"S", 0.0, 0.0) is None
    cell.sample = Sample(5000.0, is_steady=True)
    assert balance.answer(b"S", 0.5, 0.5) == b"S S       5.00 g\r\n"


def test_balance_names_what_it_cannot_do() -> None:
    """A driver tells a wrong command, a wrong parameter and noise on the wire apart."""
    balance = MtSics("balance", StubCell(Sample(0.0, is_steady=True)))
    assert [balance.answer(line, 0.0, 0.0) for line in (b"X", b"S 1", b"S\x80")] == [b"ES\r\n", b"EL\r\n", b"ET\r\n"]


def test_a_pulse_ends_although_the_host_never_speaks_again() -> None:
    """Only the board's own timer keeps a lock from burning out when the controller dies in mid-pulse."""
    relays = Relays()
    relays.ask(5, 2, 3, 0, 3, at_s=1.0)
    relays.agenda.advance(100.0)
    (pulse,) = relays.pulses
    assert (pulse.channel, pulse.start_s) == ("a:3", 1.0)
    assert pulse.length_s == pytest.approx(0.3)


def test_the_last_word_to_a_relay_counts() -> None:
    """A flash that is running ends with any later write; two flashes do not add up."""
    relays = Relays()
    relays.ask(5, 2, 0, 0, 10, at_s=0.0)
    relays.ask(5, 2, 0, 0, 2, at_s=0.5)
    relays.ask(5, 0, 1, 0xFF, 0, at_s=0.5)
    relays.agenda.advance(0.8)
    assert relays.on == [1]
    relays.ask(5, 2, 1, 0, 1, at_s=0.9)
    relays.ask(5, 0, 1, 0xFF, 0, at_s=0.95)
    relays.agenda.advance(5.0)
    assert relays.on == [1]


def test_all_off_ends_every_flash_of_both_kinds() -> None:
    """After all-off nothing comes on again by itself, not even a flash-off that somebody sent."""
    relays = Relays()
    relays.ask(5, 2, 0, 0, 50)
    relays.ask(5, 4, 1, 0, 50)
    relays.ask(5, 0, 0xFF, 0, 0, at_s=1.0)
    relays.agenda.advance(60.0)
    assert relays.on == []


def test_two_boards_of_one_address_move_both_and_garble_the_answer() -> None:
    """The classic field accident: every new board is unit 1, and two drawers open at once."""
    first, second = Relays(inputs=(0,)), Relays(inputs=(1,))
    segment = ModbusSegment("locks", [first.board, second.board], first.agenda, first.faults)
    segment.hear_rtu(rtu(1, bytes((5, 2, 0, 0, 3))), 0.0)
    assert first.on == second.on == [0]
    ((_, mixed),) = segment.hear_rtu(rtu(1, bytes((2, 0, 0, 0, 8))), 0.0)
    assert check_sum(mixed[:-2]) != mixed[-2:]


@given(st.binary(max_size=300))
def test_noise_moves_nothing(noise: bytes) -> None:
    """Bytes that are no frame are answered by silence and energise nothing; no bytes crash a board."""
    relays = Relays()
    reply = relays.hear(noise)
    if len(noise) < 4 or check_sum(noise[:-2]) != noise[-2:]:
        assert (reply, relays.on) == (b"", [])


@given(st.binary(min_size=1, max_size=253))
def test_only_a_write_that_is_echoed_moves_a_relay(pdu: bytes) -> None:
    """With a right check sum any PDU is answered, by an exception or by what the table promises; only a write moves anything."""
    relays = Relays()
    reply = relays.ask(*pdu)
    assert reply[0] == 1
    assert reply[1] & 0x7F == pdu[0] & 0x7F
    if pdu[0] not in {0x05, 0x0F} or reply[1] & 0x80:
        assert relays.on == []


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_every_single_write_is_echoed_or_refused(address: int, value: int) -> None:
    """Function 05 has no third way: an echo, or an exception and nothing moved."""
    relays = Relays()
    pdu = bytes((5, address >> 8, address & 0xFF, value >> 8, value & 0xFF))
    reply = relays.ask(*pdu)
    assert reply[1:-2] in {pdu, b"\x85\x02", b"\x85\x03"}
    assert bool(relays.on) <= (reply[1:-2] == pdu)


@given(st.binary(min_size=1, max_size=253))
def test_transmitter_answers_anything_in_shape(pdu: bytes) -> None:
    """No request crashes a transmitter, and no answer is longer than 32 registers."""
    board = Laumas("scale", 10, StubCell(Sample(1234.0, is_steady=True)))
    reply = board.answer(pdu, 0.0, is_broadcast=False)
    assert reply is not None
    assert reply[0] & 0x7F == pdu[0] & 0x7F
    assert len(reply) <= 2 + 2 * 32 or reply == pdu


@given(st.binary(max_size=80))
def test_balance_answers_anything_in_lines(line: bytes) -> None:
    """No bytes crash a balance; whatever it says ends with CR LF."""
    balance = MtSics("balance", StubCell(Sample(1234.0, is_steady=True)))
    reply = balance.answer(line, 0.0, WAIT_S)
    assert reply is not None
    assert reply.endswith(b"\r\n")


@given(st.text(alphabet="TA 0123456789.g-", max_size=20))
def test_a_preset_tare_is_taken_or_refused(parameter: str) -> None:
    """A tare is a number of grams; anything else is `TA L`."""
    balance = MtSics("balance", StubCell(Sample(0.0, is_steady=True)))
    reply = balance.answer(f"TA {parameter}".encode(), 0.0, 0.0)
    assert reply is not None
    assert reply.startswith(b"TA ")
