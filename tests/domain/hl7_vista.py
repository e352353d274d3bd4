"""What VistA does with OMS^O05, written from its specification alone (PSJ*5*317 and 356), as a stranger to the sender.

Alone knows: the receiver's own rules for segments, signs and balances. Must not know: why a cabinet sends what it sends.
"""

from dataclasses import dataclass, field

SYSTEM = "ADCSYS"


def split(line: str, field: str) -> list[str]:
    return line.split(field)


@dataclass
class Vista:
    """The receiver: what each pocket holds, its errors, and its alerts of what was dispensed without an order."""

    pockets: dict[tuple[str, str, str], int] = field(default_factory=dict)
    drugs: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    newest: dict[tuple[str, str, str], str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def take(self, content: bytes) -> None:
        lines = [line for line in content.decode().split("\r") if line]
        fs, cs = lines[0][3], lines[0][4]
        segments = {line[:3]: line.split(fs) for line in lines[1:]}

        def get(name: str, number: int, component: int = 1) -> str:
            fields = segments.get(name, [])
            parts = fields[number].split(cs) if number < len(fields) else []
            return parts[component - 1] if component <= len(parts) else ""

        kind = get("ZPM", 1)
        kind = "V" if kind == "I" else kind
        if kind in {"V", "R"}:
            self.errors += [f"Missing {name} segment." for name in ("RQD", "ORC", "PID", "PV1") if name not in segments]
        if "ZPM" not in segments:
            self.errors.append("Missing ZPM segment.")
            return
        if get("ZPM", 2) != SYSTEM:
            self.errors.append("PADE SYSTEM -ZPM.2 is null or invalid")
        if not kind:
            self.errors.append("TRANS CODE -ZPM.1 is null or invalid")
        self.errors += [f"USER ID -ZPM.11.{number}" for number in (1,) if not get("ZPM", 11, number)]
        if not get("ZPM", 11, 2) and not get("ZPM", 11, 3):
            self.errors.append("USER ID -ZPM.11.2 / ZPM.11.3")
        when = get("ZPM", 19).split("-")[0][:14]
        if not (when.isdecimal() and 12 <= len(when) <= 14):
            self.errors.append("DATE/TIME -ZPM.19")
        if kind == "V" and float(get("ZPM", 10) or 0) and not get("ORC", 2):
            self.alerts.append(f"{get('ZPM', 3)}: {get('ZPM', 6, 2)} by {get('ZPM', 11, 2)},{get('ZPM', 11, 3)}")
        if get("ZPM", 6).isdecimal() and get("ZPM", 6) not in self.drugs:
            self.errors.append("DRUG NOT ON FILE")
        self.heard.append(kind)
        self._balance(kind, get)

    def _balance(self, kind: str, get) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, C901 - one rule after the other, as the routine has them
        expected, actual, amount = get("ZPM", 8), get("ZPM", 9), get("ZPM", 10)
        if kind != "A":
            expected, actual = expected or actual, actual or expected
            actual_n, expected_n = float(actual or 0), float(expected or 0)
        else:
            expected_n = float(expected or 0)
            actual_n = float(actual) if actual else max(0.0, expected_n + float(amount or 0))
        if kind == "V":
            actual_n = expected_n
        amount_n = float(amount or 0)
        if kind == "L":
            amount_n, expected_n, actual_n = expected_n or actual_n, 0.0, 0.0
        if kind == "U":
            if not actual_n:
                amount_n = actual_n = expected_n
            if not expected_n:
                amount_n = expected_n = actual_n
        signed = amount_n if kind == "A" else -abs(amount_n) if kind in {"V", "B", "U", "E", "D"} else abs(amount_n)
        balance = actual_n if kind in {"C", "A"} else max(0.0, expected_n + signed)
        pocket = get("ZPM", 5)
        comment = get("NTE", 4)
        if comment.startswith("RETURN BIN"):
            pocket += "RB"
        if (not get("ZPM", 4) and not get("ZPM", 5)) or (kind == "W" and "RETURN BIN" not in comment) or "CANCEL" in get("NTE", 3):
            return
        key = (get("ZPM", 3), pocket, get("RQD", 3))
        when = get("ZPM", 19)[:14]
        if when < self.newest.get(key, ""):
            self.errors.append("- OUTDATED TRANSACTION -")
            return
        self.newest[key] = when
        if kind in {"U", "B"}:
            self.pockets.pop(key, None)
        else:
            self.pockets[key] = int(balance)
