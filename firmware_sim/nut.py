"""upsd, the server of Network UPS Tools, with one supply behind it, as docs/wire/nut.md describes it.

Alone knows: the requests of the protocol's version 1.3 that need no password, and the variables of one supply.
Must not know: how bytes reach it, or what hangs on the supply.
"""

import shlex

from firmware_sim.battery import Battery
from firmware_sim.fault import Faults

END = b"\n"
TOLD = {
    "VER": "Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/",
    "NETVER": "1.3",
    "HELP": "Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS",
    "LOGOUT": "OK Goodbye",
}
"""What a single word is answered with."""
ABOUT = "Simulated supply of the cabinet"
KEPT = {"device.mfr": "Simulated", "device.model": "Battery 1500", "device.serial": "4711", "ups.firmware": "1.0"}


class Nut:
    """One upsd. Nothing can be set and nothing ordered: all that would needs a user, and there is none."""

    def __init__(self, board: str, ups: str, battery: Battery, faults: Faults) -> None:
        self.id = board
        self._ups = ups
        self.battery = battery
        self._faults = faults

    def power_up(self, _at_s: float) -> bytes:
        """A server says nothing unasked."""
        return b""

    def power_off(self, _at_s: float) -> None:
        """upsd itself is gone; it keeps nothing."""

    def answer(self, line: bytes, at_s: float, _waited_s: float) -> bytes:
        """The answer to one line without its end; a list is several lines."""
        try:
            words = shlex.split(line.decode("utf-8", "replace"))
        except ValueError:
            words = []
        return "\n".join(self._answer(words, at_s)).encode() + END

    def _answer(self, words: list[str], at_s: float) -> list[str]:
        command = words[0].upper() if words else ""
        if command in TOLD and len(words) == 1:
            return [TOLD[command]]
        if command in {"SET", "INSTCMD"}:
            return ["ERR USERNAME-REQUIRED"]
        if command not in {"GET", "LIST"}:
            return ["ERR UNKNOWN-COMMAND"]
        return self._tell([command, *(word.upper() for word in words[1:2]), *words[2:]], at_s)

    def _tell(self, words: list[str], at_s: float) -> list[str]:
        match words:
            case ["LIST", "UPS"]:
                return ["BEGIN LIST UPS", f'UPS {self._ups} "{ABOUT}"', "END LIST UPS"]
            case ["GET" | "LIST", _, ups, *_] if ups != self._ups:
                return ["ERR UNKNOWN-UPS"]
            case ["GET", "VAR", _, name]:
                return [self._variable(name, at_s)]
            case ["GET", "UPSDESC", _]:
                return [f'UPSDESC {self._ups} "{ABOUT}"']
            case ["LIST", "VAR", _]:
                return self._variables(at_s)
        return ["ERR INVALID-ARGUMENT"]

    def _variables(self, at_s: float) -> list[str]:
        if self._faults.holds("ups_silent", self.id):
            return ["ERR DATA-STALE"]
        told = [f'VAR {self._ups} {name} "{value}"' for name, value in self._values(at_s).items()]
        return [f"BEGIN LIST VAR {self._ups}", *told, f"END LIST VAR {self._ups}"]

    def _variable(self, name: str, at_s: float) -> str:
        if self._faults.holds("ups_silent", self.id):
            return "ERR DATA-STALE"
        value = self._values(at_s).get(name)
        return "ERR VAR-NOT-SUPPORTED" if value is None else f'VAR {self._ups} {name} "{value}"'

    def _values(self, at_s: float) -> dict[str, str]:
        battery = self.battery
        status = ("OL CHRG" if battery.percent(at_s) < 100 else "OL") if battery.is_on_mains else "OB DISCHRG"  # noqa: PLR2004 - full
        low = " LB" if battery.is_low(at_s) else ""
        charge, left_s = f"{battery.percent(at_s):.0f}", str(battery.left_s(at_s))
        return {"battery.charge": charge, "battery.runtime": left_s, "ups.status": status + low, **KEPT}
