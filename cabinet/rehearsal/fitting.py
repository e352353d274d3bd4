"""A cabinet fitted to a recorded export: a pocket for every item, pars from its busiest days, boards enough for them all.

Alone knows: how many drawers, locks and sensors so many items need.
Must not know: how dispenses are performed.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import config
from cabinet.rehearsal.export import Dispense
from config.load import LoadedSite
from config.schema import Formulary, People, Policy, Site

CHANNELS = 8
MATRIX_POCKETS = 16
WEIGHED = 8
"""How many of the busiest items stand on a scale."""

PIECES = {"unit_mass_mg": 2500, "spread_permille": 15, "sample": 50, "tray_mg": 80_000}

NURSE, TECHNICIAN = "nurse-1", "technician-1"


@dataclass
class _Wiring:
    """Hands out channels of boards on one bus, eight to a board, at addresses from 2 on (1 is every new board's)."""

    bus: str
    prefix: str
    boards: list[dict[str, Any]] = field(default_factory=list)
    used: int = 0

    def next(self) -> str:
        """The next free channel, on a new board where the last one is full."""
        number = self.used % CHANNELS
        if number == 0:
            index = len(self.boards)
            self.boards.append({"id": f"{self.prefix}-{index}", "bus": self.bus, "address": 2 + index, "model": "waveshare_relay_d8"})
        self.used += 1
        return f"{self.boards[-1]['id']}:{number}"


def item_id(name: str) -> str:
    """An id for an item that is only known by its name in an export."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48]
    return f"{slug}-{sha256(name.encode()).hexdigest()[:8]}"


def fit(dispenses: Sequence[Dispense]) -> LoadedSite:
    """The cabinet on which these dispenses can be performed. It opens with every pocket at par."""
    names = Counter(dispense.item for dispense in dispenses)
    controlled = _controlled_words()
    classes = {name: _class_of(name, controlled) for name in names}
    levels = _levels(dispenses)
    busiest = {name for name, _ in names.most_common(WEIGHED)}
    site = Site.model_validate(_site(sorted(names), classes, levels, busiest))
    return LoadedSite(site, _formulary(sorted(names), classes), _people(dispenses), _policy(), Path("fitted"), _fingerprint(site))


def _fingerprint(site: Site) -> str:
    return sha256(site.model_dump_json().encode()).hexdigest()


def _controlled_words() -> dict[str, str]:
    """First word of a generic name -> its control class, from the demo formulary."""
    path = Path(config.__file__).parent / "formulary" / "demo.toml"
    formulary = Formulary.model_validate(tomllib.loads(path.read_text()))
    return {item.generic.lower().split()[0]: item.control_class for item in formulary.items if item.control_class != "none"}


def _class_of(name: str, controlled: dict[str, str]) -> str:
    words = set(re.findall(r"[a-z]+", name.lower()))
    return next((controlled[word] for word in sorted(words) if word in controlled), "none")


def _levels(dispenses: Sequence[Dispense]) -> dict[str, tuple[int, int, int]]:
    """(par, min, critical low) of each item: min is its busiest day, par twice that and its largest single removal."""
    by_day: dict[str, Counter[str]] = defaultdict(Counter)
    largest: Counter[str] = Counter()
    for dispense in dispenses:
        by_day[dispense.item][dispense.at.date().isoformat()] += dispense.units
        largest[dispense.item] = max(largest[dispense.item], dispense.units)
    levels = {}
    for name, days in by_day.items():
        least = max(days.values())
        levels[name] = (2 * least + largest[name], least, least // 3)
    return levels


@dataclass
class _Furniture:
    """Drawers with their pockets, and the boards that they need, growing as items are given a place."""

    levels: dict[str, tuple[int, int, int]]
    busiest: set[str]
    locks: _Wiring = field(default_factory=lambda: _Wiring("locks", "lock"))
    bins: _Wiring = field(default_factory=lambda: _Wiring("bins", "bin"))
    scales: list[dict[str, Any]] = field(default_factory=list)
    drawers: list[dict[str, Any]] = field(default_factory=list)

    def place(self, names: list[str], kind: str, size: int) -> None:
        """Give items a place in drawers of one kind, `size` pockets to a drawer."""
        for number, start in enumerate(range(0, len(names), size), start=1):
            drawer_id = f"{kind}-{number}"
            lock = self.locks.next()
            members = enumerate(names[start : start + size], start=1)
            pockets = [self._pocket(f"{drawer_id}-{place}", name, is_lidded=kind == "lidded") for place, name in members]
            self.drawers.append({"id": drawer_id, "name": drawer_id, "kind": kind, "lock": lock, "closed": lock, "pocket": pockets})

    def _pocket(self, pocket_id: str, name: str, *, is_lidded: bool) -> dict[str, Any]:
        par, least, critical = self.levels[name]
        pocket: dict[str, Any] = {"id": pocket_id, "item": item_id(name), "par": par, "min": least, "critical_low": critical}
        pocket["opening"] = {"units": par, "lot": "OPENING", "expiry": "2029-12-31"}
        pocket["bin"] = pocket["light"] = self.bins.next()
        if is_lidded:
            pocket["lock"] = pocket["lid"] = self.locks.next()
        if name in self.busiest:
            scale = f"scale-{len(self.scales)}"
            self.scales.append({"id": scale, "bus": "scales", "address": 10 + len(self.scales), "model": "laumas_tlb"})
            pocket["weighed"] = {"scale": scale, **PIECES}
        return pocket


def _site(names: list[str], classes: dict[str, str], levels: dict[str, tuple[int, int, int]], busiest: set[str]) -> dict[str, Any]:
    furniture = _Furniture(levels, busiest)
    furniture.place([name for name in names if classes[name] != "none"], "lidded", CHANNELS)
    furniture.place([name for name in names if classes[name] == "none"], "matrix", MATRIX_POCKETS)
    return {
        "cabinet": "replay",
        "name": "A cabinet fitted to a recorded export",
        "area": "replay",
        "formulary": "fitted",
        "policy": "fitted",
        "people": "fitted",
        "timing": {"scan_ms": 100, "bin_scan_ms": 5000, "session_limit_s": 86400},
        "bus": [
            {"id": "locks", "kind": "serial", "framing": "rtu", "baud": 19200},
            {"id": "bins", "kind": "tcp", "framing": "mbap", "port": 0},
            {"id": "scales", "kind": "tcp", "framing": "rtu", "port": 0},
        ],
        "board": [*furniture.locks.boards, *furniture.bins.boards, *furniture.scales],
        "drawer": furniture.drawers,
    }


def _formulary(names: list[str], classes: dict[str, str]) -> Formulary:
    items = [
        {
            "id": item_id(name),
            "generic": name,
            "tall_man": name,
            "strength": "as recorded",
            "form": "unit",
            "ndc": f"0000-{number:04d}-01",
            "control_class": classes[name],
            "count_unit": "unit",
        }
        for number, name in enumerate(names, start=1)
    ]
    return Formulary.model_validate({"item": items})


def _people(dispenses: Sequence[Dispense]) -> People:
    patients = sorted({dispense.patient for dispense in dispenses})
    return People.model_validate(
        {
            "staff": [
                {"id": NURSE, "name": "Nurse", "role": "nurse", "badge": "badge-nurse-1"},
                {"id": TECHNICIAN, "name": "Technician", "role": "technician", "badge": "badge-technician-1"},
            ],
            "patient": [{"id": p, "name": "Patient", "born": "1950-01-01", "record": p, "bed": "-"} for p in patients],
        }
    )


def _policy() -> Policy:
    return Policy.model_validate(
        {
            "role": [
                {"role": "nurse", "may": ["withdraw", "recover_own"]},
                {"role": "technician", "may": ["refill", "count", "recover_own"]},
            ],
            "area": [{"area": "replay", "mode": "profile"}],
            "count": [
                {"control_class": "c2", "at_withdrawal": "blind"},
                *({"control_class": other, "at_withdrawal": "verify"} for other in ("c3", "c4", "c5")),
                {"control_class": "none", "at_withdrawal": "none"},
            ],
            "placing": {"scan": False},  # an export has no packages to scan
        }
    )
