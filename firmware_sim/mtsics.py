"""A balance that speaks MT-SICS, as docs/wire/mtsics.md describes it.

Alone knows: the commands and replies of levels 0 and 1, and how long a command waits for stability.
Must not know: what lies on its pan, or how bytes reach it.
"""

from collections.abc import Callable

from firmware_sim.cell import Cell, Sample
from firmware_sim.display import OFF, POWER_UP_RANGE, Shown, State, in_unit

WAIT_S = 5.0
ZERO_RANGE = 0.02
FIELD = 10
END = b"\r\n"
COMMANDS = ("I0", "I1", "I2", "I3", "I4", "S", "SI", "Z", "ZI", "@", "T", "TA")
_PRINTABLE = range(0x20, 0x7F)
_GRAM_MG = 1000


class MtSics:
    """One balance. `division_mg` is a power of ten up to one gram; at power-up the tare is forgotten, and zero is what lies there."""

    def __init__(self, board: str, cell: Cell, division_mg: int = 10, capacity_mg: int = 3_100_000, serial: str = "1234567") -> None:
        self.id = board
        self._cell = cell
        self._division_mg = division_mg
        self._places = 4 - len(str(division_mg))
        self._capacity_mg = capacity_mg
        self._serial = serial
        self._zero_mg = 0.0
        self._tare_mg = 0
        self._is_off = False
        self._weighing: dict[str, Callable[[Sample], str]] = {
            "S": self._weight,
            "SI": self._weight,
            "Z": self._zero,
            "ZI": self._zero_now,
            "T": self._tare,
        }
        self._telling: dict[str, Callable[[], str]] = {
            "I0": self._list,
            "I1": lambda: 'I1 A "01" "2.20" "2.20" "" ""',
            "I2": lambda: f'I2 A "SIM {capacity_mg / 1_000_000:.2f} kg"',
            "I3": lambda: 'I3 A "1.00"',
            "I4": self._reset_line,
            "@": self._reset,
            "TA": lambda: f"TA A {self._field(self._tare_mg)}",
        }

    def face(self, at_s: float) -> Shown:
        """See Weighing."""
        if self._is_off:
            return OFF
        sample = self._cell.look(at_s)
        gross_mg = sample.mass_mg - self._zero_mg
        state: State = "broken" if sample.is_broken else "over" if sample.is_overloaded or gross_mg > self._capacity_mg else "weight"
        digits, unit = in_unit(self._rounded(gross_mg) - self._tare_mg, self._places, is_ounces=sample.is_other_unit)
        return Shown(state, digits, unit, sample.is_steady, sample.trouble)

    def power_off(self, _at_s: float) -> None:
        """Lose the supply; what is forgotten is forgotten when it comes back."""
        self._is_off = True

    def power_up(self, at_s: float) -> bytes:
        """What it says unasked when it is switched on."""
        self._is_off = False
        lying_mg = self._cell.read(at_s).mass_mg
        self._zero_mg = lying_mg if abs(lying_mg) <= POWER_UP_RANGE * self._capacity_mg else 0.0
        return self._reset().encode() + END

    def answer(self, line: bytes, at_s: float, waited_s: float) -> bytes | None:
        """The reply to one line (without its end), or None: not yet, ask again; `waited_s` is since the line came."""
        if self._is_off:
            self.power_up(at_s)
        if any(byte not in _PRINTABLE for byte in line):
            return b"ET" + END
        command, _, parameter = line.decode("ascii").partition(" ")
        reply = self._reply(command, parameter, at_s, is_in_time=waited_s < WAIT_S)
        return None if reply is None else reply.encode() + END

    def _reply(self, command: str, parameter: str, at_s: float, *, is_in_time: bool) -> str | None:
        if command not in COMMANDS:
            return "ES"
        if parameter:
            return self._preset(parameter) if command == "TA" else "EL"
        telling = self._telling.get(command)
        if telling is not None:
            return telling()
        sample = self._cell.read(at_s)
        if sample.trouble:
            return f"S S Error {sample.trouble}b"
        if sample.is_broken:
            return f"{command[0]} I"
        if command in {"S", "Z", "T"} and not sample.is_steady and not sample.is_overloaded:
            return None if is_in_time else f"{command} I"
        return self._weighing[command](sample)

    def _weight(self, sample: Sample) -> str:
        gross_mg = sample.mass_mg - self._zero_mg
        if sample.is_overloaded or gross_mg > self._capacity_mg:
            return "S +"
        if gross_mg < -ZERO_RANGE * self._capacity_mg - self._tare_mg:
            return "S -"
        field = self._field(self._rounded(gross_mg) - self._tare_mg, is_ounces=sample.is_other_unit)
        return f"S {'S' if sample.is_steady else 'D'} {field}"

    def _zero(self, sample: Sample) -> str:
        return self._zeroed("Z", "A", sample)

    def _zero_now(self, sample: Sample) -> str:
        return self._zeroed("ZI", "S" if sample.is_steady else "D", sample)

    def _zeroed(self, command: str, done: str, sample: Sample) -> str:
        if sample.is_overloaded or sample.mass_mg > ZERO_RANGE * self._capacity_mg:
            return f"{command} +"
        if sample.mass_mg < -ZERO_RANGE * self._capacity_mg:
            return f"{command} -"
        self._zero_mg, self._tare_mg = sample.mass_mg, 0
        return f"{command} {done}"

    def _tare(self, sample: Sample) -> str:
        gross_mg = self._rounded(sample.mass_mg - self._zero_mg)
        if sample.is_overloaded or gross_mg > self._capacity_mg:
            return "T +"
        if gross_mg < 0:
            return "T -"
        self._tare_mg = gross_mg
        return f"T S {self._field(gross_mg)}"

    def _preset(self, parameter: str) -> str:
        number, _, unit = parameter.partition(" ")
        if unit != "g" or not number.replace(".", "", 1).isdecimal():
            return "TA L"
        self._tare_mg = self._rounded(float(number) * _GRAM_MG)
        return f"TA A {self._field(self._tare_mg)}"

    def _reset(self) -> str:
        self._tare_mg = 0
        return self._reset_line()

    def _reset_line(self) -> str:
        return f'I4 A "{self._serial}"'

    def _list(self) -> str:
        lines = [f'I0 B {0 if name[0] in "I@SZ" else 1} "{name}"' for name in COMMANDS]
        lines[-1] = lines[-1].replace(" B ", " A ")
        return "\r\n".join(lines)

    def _rounded(self, mass_mg: float) -> int:
        return round(mass_mg / self._division_mg) * self._division_mg

    def _field(self, mass_mg: int, *, is_ounces: bool = False) -> str:
        digits, unit = in_unit(mass_mg, self._places, is_ounces=is_ounces)
        return f"{digits:>{FIELD}} {unit}"
