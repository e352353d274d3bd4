"""The demo ward's staff get PINs, drawn at random for each state folder.

Alone knows: where the demo keeps its PINs. Must not know: what anybody may do.
A cabinet that is not a demo has nobody until somebody is enrolled; nothing here is called for it.
"""

import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from cabinet.adapters.directory import Credential, CredentialsDamaged, read_credentials, write_credentials
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
    if set(pins) != {person.id for person in people} or not _is_enrolled(state):
        pins = {person.id: _pin() for person in people}
        path.touch(mode=0o600)
        path.write_text(json.dumps(pins))
        digests, mark = asyncio.run(_digests(pins, state)), ArgonSecrets(load_pepper(state / "pepper")).mark
        known = [Credential(StaffId(one.id), one.badge and mark(one.badge), digests[one.id]) for one in people]
        write_credentials(state, known)
    return [Enrolled(person.id, person.name, person.role, person.badge, pins[person.id]) for person in people]


def admit(staff: Sequence[Enrolled], central: Path, state: Path) -> None:
    """Let those who have something to do at the pharmacy sign in at its pages too, by their id and the same PIN; again at each start."""
    from cabinet.adapters.clock import SystemClock  # noqa: PLC0415 - not before it is needed
    from central.person.process import at_the_machine  # noqa: PLC0415
    from config.central import load_central  # noqa: PLC0415

    clock, server = SystemClock(), load_central(central).model_copy(update={"state": str(state / "central")})
    with at_the_machine(server, lambda: clock.now().utc) as desk:
        for one in staff:
            if one.role in desk.rights:
                asyncio.run(desk.keep(one.id, one.pin, by="demo", name=one.name, role=one.role))


def _is_enrolled(state: Path) -> bool:
    """Whether the state folder holds credentials that can be read; an older software's cannot."""
    try:
        return bool(read_credentials(state))
    except CredentialsDamaged:
        return False


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
