"""The demo ward's staff get PINs, drawn at random for each state folder.

Alone knows: where the demo keeps its PINs. Must not know: what anybody may do.
A cabinet that is not a demo has nobody until somebody is enrolled; nothing here is called for it.
"""

import asyncio
import json
import os
import secrets
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from cabinet.adapters.directory import Credential, write_credentials
from cabinet.adapters.secrets import ArgonSecrets, load_pepper
from cabinet.domain.vocabulary import StaffId
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
        path.touch(mode=0o600)
        path.write_text(json.dumps(pins))
        digests = asyncio.run(_digests(pins, state))
        write_credentials(state, [Credential(StaffId(person.id), person.badge, digests[person.id]) for person in people])
    return [Enrolled(person.id, person.name, person.role, person.badge, pins[person.id]) for person in people]


def _pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


async def _digests(pins: dict[str, str], state: Path) -> dict[str, str]:
    """All digests, as many at a time as there are processors: each keeper makes one after the other."""
    pepper = load_pepper(state / "pepper")
    keepers = [ArgonSecrets(pepper) for _ in range(min(os.cpu_count() or 1, len(pins)))]
    try:
        digests = await asyncio.gather(*(keeper.digest(pin) for keeper, pin in zip(cycle(keepers), pins.values(), strict=False)))
    finally:
        for keeper in keepers:
            keeper.close()
    return dict(zip(pins, digests, strict=True))
