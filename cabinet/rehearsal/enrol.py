"""The demo ward's staff get PINs, drawn at random for each state folder.

Alone knows: where the demo keeps its PINs. Must not know: what anybody may do.
A cabinet that is not a demo has nobody until somebody is enrolled; nothing here is called for it.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cabinet.adapters.secrets import ArgonSecrets, load_pepper
from cabinet.app.live import CREDENTIALS
from config.load import LoadedSite

PINS = "demo-pins.json"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person of the demo ward, with the PIN that the demo prints."""

    id: str
    name: str
    role: str
    badge: str
    pin: str


def enrol(loaded: LoadedSite, state: Path) -> list[Enrolled]:
    """Give everybody of the site a PIN, once for a state folder; later calls tell the same ones."""
    people = () if loaded.people is None else loaded.people.staff
    path = state / PINS
    pins: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if set(pins) != {person.id for person in people}:
        pins = {person.id: _pin() for person in people}
        _write(path, pins)
        digests = asyncio.run(_digests(pins, state))
        _write(state / CREDENTIALS, {"staff": [{"staff": p.id, "badge": p.badge, "digest": digests[p.id]} for p in people]})
    return [Enrolled(person.id, person.name, person.role, person.badge, pins[person.id]) for person in people]


def _pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


async def _digests(pins: dict[str, str], state: Path) -> dict[str, str]:
    keeper = ArgonSecrets(load_pepper(state / "pepper"))
    try:
        return {staff: await keeper.digest(pin) for staff, pin in pins.items()}
    finally:
        keeper.close()


def _write(path: Path, content: object) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(content))
