"""Every import contract is tested by breaking it: a law that nothing can break keeps nobody honest.

Alone knows: one sin for each arrow of the house that must not be.
Must not know: how the contracts are written.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("cabinet", "central", "config", "drivers", "firmware_sim")
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


class Sin(NamedTuple):
    """A line planted in one room, and the contract that it must break."""

    contract: str
    room: str
    line: str


SINS = [
    Sin("floors", "cabinet/rehearsal/planted.py", "import cabinet.cli"),
    Sin("floors", "cabinet/app.py", "import cabinet.rehearsal"),
    Sin("floors", "cabinet/kiosk/planted.py", "import cabinet.app"),
    Sin("floors", "cabinet/kiosk/planted.py", "import cabinet.adapters"),
    Sin("floors", "cabinet/adapters/planted.py", "import cabinet.kiosk"),
    Sin("floors", "cabinet/controller.py", "import cabinet.adapters"),
    Sin("floors", "cabinet/ports.py", "import cabinet.controller"),
    Sin("floors", "cabinet/ports.py", "import cabinet.messages"),
    Sin("floors", "cabinet/messages/report.py", "import cabinet.courier"),
    Sin("floors", "cabinet/domain/planted.py", "import cabinet.ports"),
    Sin("floors", "cabinet/domain/planted.py", "import cabinet.design"),
    Sin("floors", "cabinet/planted_helpers.py", ""),
    Sin("floors", "cabinet/kiosk/planted.py", "import cabinet.ward"),
    Sin("ward-releases-nothing", "cabinet/ward/planted.py", "import cabinet.controller"),
    Sin("ward-releases-nothing", "cabinet/ward/planted.py", "import cabinet.kiosk.api_access"),
    Sin("ward-releases-nothing", "cabinet/kiosk/pick_view.py", "import cabinet.kiosk.pages_access"),
    Sin("pure-domain", "cabinet/domain/planted.py", "import asyncio"),
    Sin("pure-domain", "cabinet/domain/planted.py", "import sqlite3"),
    Sin("pure-domain", "cabinet/domain/planted.py", "import random"),
    Sin("pure-domain", "cabinet/domain/planted.py", "from time import monotonic"),
    Sin("pure-domain", "cabinet/domain/planted.py", "import paho.mqtt.client"),
    Sin("drivers-need-little", "drivers/planted.py", "from cabinet.domain import facts"),
    Sin("drivers-need-little", "drivers/planted.py", "import cabinet.messages"),
    Sin("drivers-need-little", "drivers/planted.py", "import firmware_sim"),
    Sin("drivers-need-little", "drivers/planted.py", "import config.schema"),
    Sin("drivers-plugged-in-once", "cabinet/controller.py", "import drivers.bus"),
    Sin("drivers-plugged-in-once", "cabinet/cli/planted.py", "import drivers.bus"),
    Sin("drivers-plugged-in-once", "cabinet/rehearsal/planted.py", "import drivers.line"),
    Sin("drivers-plugged-in-once", "central/planted.py", "import drivers.bus"),
    Sin("simulator-is-a-stranger", "firmware_sim/planted.py", "import drivers.bus"),
    Sin("simulator-is-a-stranger", "firmware_sim/planted.py", "from cabinet.domain.vocabulary import Units"),
    Sin("simulator-started-from-above", "cabinet/app.py", "import firmware_sim"),
    Sin("pharmacy-reads-messages", "central/planted.py", "from cabinet.domain import facts"),
    Sin("pharmacy-reads-messages", "central/planted.py", "import cabinet.ports"),
    Sin("pharmacy-reads-messages", "central/planted.py", "import cabinet.adapters"),
    Sin("pharmacy-started-from-above", "cabinet/kiosk/planted.py", "import central"),
    Sin("config-imports-nobody", "config/planted.py", "from cabinet.domain.vocabulary import Units"),
    Sin("config-read-at-the-edge", "cabinet/controller.py", "import config.schema"),
    Sin("config-read-at-the-edge", "cabinet/domain/planted.py", "import config.schema"),
    Sin("one-door-for-pymodbus", "drivers/planted.py", "import pymodbus"),
    Sin("one-door-for-pymodbus", "firmware_sim/planted.py", "from pymodbus.pdu import ModbusPDU"),
    Sin("one-door-for-pyserial", "drivers/planted.py", "import serial"),
    Sin("one-door-for-pyserial", "firmware_sim/planted.py", "import serial"),
    Sin("one-door-for-libosdp", "drivers/planted.py", "import osdp_sys"),
    Sin("one-door-for-libosdp", "firmware_sim/planted.py", "import osdp_sys"),
    Sin("one-door-for-psycopg", "central/inquiry/planted.py", "import psycopg"),
    Sin("one-door-for-alembic", "central/office.py", "import alembic"),
    Sin("one-door-for-reportlab", "cabinet/report/planted.py", "import reportlab"),
    Sin("one-door-for-webauthn", "cabinet/kiosk/planted.py", "import webauthn"),
    Sin("one-door-for-scipy", "cabinet/kiosk/planted.py", "import scipy"),
    Sin("one-door-for-scipy", "central/planted.py", "import numpy"),
    Sin("pure-restock", "central/restock/rule/planted.py", "import sqlalchemy"),
    Sin("one-door-for-ldap3", "central/person/planted.py", "import ldap3"),
    Sin("pure-pars", "central/par/planted.py", "import sqlite3"),
    Sin("pure-restock", "central/restock/rule/planted.py", "import sqlalchemy"),
    Sin("pure-pars", "central/par/planted.py", "import cabinet.messages"),
    Sin("one-door-for-paho", "cabinet/adapters/planted.py", "import paho.mqtt.client"),
]

ALLOWED = [
    ("cabinet/kiosk/planted.py", "import cabinet.controller\nimport cabinet.design"),
    (
        "central/planted.py",
        "import cabinet.courier\nimport cabinet.messages\nimport cabinet.design\nfrom cabinet.domain import vocabulary",
    ),
    ("drivers/planted.py", "import cabinet.ports\nfrom cabinet.domain.vocabulary import Units"),
    ("firmware_sim/planted.py", "import config.schema"),
    ("cabinet/rehearsal/planted.py", "import cabinet.app\nimport central\nimport firmware_sim"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house to sin in."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@contextmanager
def planted(house: Path, room: str, line: str) -> Iterator[None]:
    """Add a line to a room, and take it away again; a room is a file or a folder."""
    file = house / room
    if not file.exists() and file.with_suffix("").is_dir():
        file = file.with_suffix("") / "planted.py"
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n")
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


def lint(house: Path) -> dict[str, bool]:
    """Judge a house: contract name -> kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=house, capture_output=True, text=True, check=False, env={"COLUMNS": "400", "PYTHONPATH": str(house)}
    )
    verdicts = {
        name.strip(): verdict == "KEPT" for name, verdict in re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE)
    }
    assert set(verdicts) == set(CONTRACTS.values()), done.stdout + done.stderr
    assert done.returncode == (0 if all(verdicts.values()) else 1)
    return verdicts


def test_every_contract_has_a_sin() -> None:
    """A contract without a sin here may be one that nothing can break."""
    assert {sin.contract for sin in SINS} == set(CONTRACTS)


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    """The laws hold in the tree itself, and the sins below are what breaks them."""
    assert all(lint(house).values())


@pytest.mark.parametrize("sin", SINS, ids=lambda sin: f"{sin.contract}: {sin.room}: {sin.line}")
def test_a_planted_sin_breaks_its_contract(house: Path, sin: Sin) -> None:
    """Each arrow that the floor plan forbids is refused by name."""
    with planted(house, sin.room, sin.line):
        assert not lint(house)[CONTRACTS[sin.contract]]


def test_what_the_floor_plan_allows_is_allowed(house: Path) -> None:
    """A law that forbids too much gets switched off."""
    with ExitStack() as stack:
        for room, lines in ALLOWED:
            stack.enter_context(planted(house, room, lines))
        assert all(lint(house).values())
