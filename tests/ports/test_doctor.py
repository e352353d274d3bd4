"""The doctor: a sound cabinet passes every check, each check fails for its own reason, and evidence is gathered from real files."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import config
from cabinet.adapters.journal_lock import WriterLock, holder_of
from cabinet.app.wiring import wiring_of
from cabinet.app.world import world_of
from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain import events
from cabinet.domain.core import Core
from cabinet.domain.lock.memory import Fault
from cabinet.domain.scale.weight import DIFFERS
from cabinet.domain.state import Commissioning, Discrepancy, Maintenance, Selftest
from cabinet.domain.vocabulary import Instant
from cabinet.workbench.check import Certificate, Evidence, Gateway, Port, Record
from cabinet.workbench.doctor import CHECKS, examine, explained
from cabinet.workbench.examination import gather
from cabinet.workbench.volume import Volume
from config.load import load_site
from config.models import MODELS
from config.schema import Site

DEMO = Path(config.__file__).parent / "sites/demo.toml"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT = "2026-11-23T08:00:00.000000Z"
LONG_AGO = "2026-11-01T08:00:00.000000Z"
SOUND_PORT = Port("locks", "/dev/serial/by-id/usb-a", False, True, True, False, "dialout", (), 1)


def sound() -> Evidence:
    """A cabinet at which nothing is wrong."""
    loaded = load_site(DEMO)
    core = Core(world_of(loaded))
    core.step(events.Started(Instant(NOW, 0.0), 1, "adc 1", loaded.sha256))
    for channel in core.world.layout.lock_by_input:
        core.step(events.InputChanged(Instant(NOW, 1.0), channel, True))
    core.state.commissioning = Commissioning(AT, "tom", wiring_of(loaded.site), True, [])
    core.state.selftest = Selftest(AT, "adc 1", True, [])
    return Evidence(
        now=NOW,
        built=NOW - timedelta(days=1),
        software="adc 1",
        loaded=loaded,
        wiring=wiring_of(load_site(DEMO).site),
        models=MODELS,
        state="state",
        volume=Volume("ext4", "/dev/mapper/state", is_enciphered=True),
        free_bytes=10**11,
        record=Record(9, NOW - timedelta(hours=1)),
        core=core,
        holder="adc 1, process 7",
        health={"mode": "ready", "config": loaded.sha256},
        is_synchronised=True,
        ports=(SOUND_PORT,),
        gateways=(Gateway("bins", "a:1", True),),
        broker=Gateway("mqtt", "b:1883", True),
        enrolled=("farid-haddad", "ana-reyes"),
        certificates=(Certificate("ca.pem", NOW + timedelta(days=400)),),
    )


def in_state(change: Callable[[Core], object]) -> Callable[[Evidence], Evidence]:
    """The same with something else remembered."""

    def changed(evidence: Evidence) -> Evidence:
        assert evidence.core is not None
        change(evidence.core)
        return evidence

    return changed


def in_port(**changes: object) -> Callable[[Evidence], Evidence]:
    return lambda evidence: replace(evidence, ports=(replace(SOUND_PORT, **changes),))  # type: ignore[arg-type]


def in_site(change: Callable[[dict[str, object]], object]) -> Callable[[Evidence], Evidence]:
    """The same with another site."""

    def changed(evidence: Evidence) -> Evidence:
        assert evidence.loaded is not None
        table = evidence.loaded.site.model_dump(mode="json", by_alias=True)
        change(table)
        return replace(evidence, loaded=replace(evidence.loaded, site=Site.model_validate(table)))

    return changed


def _lock(core: Core, state: str) -> None:
    next(iter(core.state.drawers.values())).state = state


def _discrepancy(core: Core, basis: str, at: str) -> None:
    core.state.discrepancies["d"] = Discrepancy("d", "m1-01", "i", 3, None, basis, 0, 1, at, None)


def _walked(core: Core, *, wiring: str = "", is_passed: bool = True) -> None:
    assert core.state.commissioning is not None
    core.state.commissioning.wiring = wiring or core.state.commissioning.wiring
    core.state.commissioning.is_passed = is_passed


def _mixed(table: dict[str, object]) -> None:
    boards = table["board"]
    assert isinstance(boards, list)
    next(board for board in boards if board["id"] == "scale-1")["bus"] = "locks"


def _at_one(table: dict[str, object]) -> None:
    boards = table["board"]
    assert isinstance(boards, list)
    boards[0]["address"] = 1


BROKEN: dict[str, Callable[[Evidence], Evidence]] = {
    "doctor.site_unsound": lambda e: replace(e, problems=("demo.toml:3: no",)),
    "doctor.site_not_taken_up": lambda e: replace(e, health={"mode": "ready", "config": "other"}),
    "doctor.never_walked": in_state(lambda core: setattr(core.state, "commissioning", None)),
    "doctor.rewired": in_state(lambda core: _walked(core, wiring="other")),
    "doctor.walk_failed": in_state(lambda core: _walked(core, is_passed=False)),
    "doctor.pocket_gone": in_state(lambda core: core.state.lines.update(gone=replace(core.state.lines["m1-01"], pocket="gone"))),
    "doctor.factory_address": in_site(_at_one),
    "doctor.mixed_line": in_site(_mixed),
    "doctor.state_missing": lambda e: replace(e, is_state_there=False),
    "doctor.state_unwritable": lambda e: replace(e, is_state_writable=False),
    "doctor.disk_full": lambda e: replace(e, free_bytes=10**6),
    "doctor.disk_foreign": lambda e: replace(e, volume=Volume("nfs4")),
    "doctor.disk_passing": lambda e: replace(e, volume=Volume("tmpfs")),
    "doctor.disk_plain": lambda e: replace(e, volume=Volume("ext4", "/dev/sda2", is_enciphered=False)),
    "doctor.journal_missing": lambda e: replace(e, record=None),
    "doctor.journal_broken": lambda e: replace(e, record=Record(broken="fact 7 does not follow fact 6")),
    "doctor.clock_unset": lambda e: replace(e, built=NOW + timedelta(days=300)),
    "doctor.clock_behind": lambda e: replace(e, record=Record(9, NOW + timedelta(hours=3))),
    "doctor.clock_alone": lambda e: replace(e, is_synchronised=False),
    "doctor.restless": lambda e: replace(e, record=Record(9, NOW, starts_in_a_day=9)),
    "doctor.port_missing": in_port(is_there=False),
    "doctor.port_passing_name": in_port(path="/dev/ttyUSB0", by_id=("/dev/serial/by-id/usb-a",)),
    "doctor.port_forbidden": in_port(may_open=False),
    "doctor.port_busy": lambda e: replace(in_port(is_busy=True)(e), holder=""),
    "doctor.port_slow": in_port(latency_ms=16),
    "doctor.port_twice": lambda e: replace(e, ports=(SOUND_PORT, replace(SOUND_PORT, bus="bench"))),
    "doctor.gateway_silent": lambda e: replace(e, holder="", gateways=(Gateway("bins", "10.0.0.9:502", False),)),
    "doctor.board_lost": in_state(lambda core: core.state.failures.update({"locks-a": "device.no_reply"})),
    "doctor.line_unwell": in_state(lambda core: core.state.health.update({"locks": "degraded"})),
    "doctor.selftest_failed": in_state(lambda core: setattr(core.state, "selftest", Selftest(AT, "adc 1", False, ["scale-1: silent"]))),
    "doctor.selftest_due": in_state(lambda core: setattr(core.state, "selftest", Selftest(LONG_AGO, "adc 1", True, []))),
    "doctor.drawer_failed": in_state(lambda core: _lock(core, "failed")),
    "doctor.door_unseen": in_state(lambda core: _lock(core, "unknown")),
    "doctor.door_open": in_state(lambda core: _lock(core, "open")),
    "doctor.eye_contradicts": in_state(lambda core: _discrepancy(core, "bin_sensor", AT)),
    "doctor.scale_doubted": in_state(lambda core: core.state.lines["m1-01"].owes.append(DIFFERS)),
    "doctor.fault_open": in_state(lambda core: core.state.faults.update(x=Fault("locks-a:0", "drawer.jammed", "", AT))),
    "doctor.broker_silent": lambda e: replace(e, broker=Gateway("mqtt", "b:1883", False)),
    "doctor.outbox_old": lambda e: replace(e, record=Record(9, NOW, 4, NOW - timedelta(hours=5))),
    "doctor.broker_plain": in_site(lambda table: table["mqtt"].update(host="broker.example")),  # type: ignore[attr-defined]
    "doctor.controller_down": lambda e: replace(e, health=None, holder=""),
    "doctor.kiosk_silent": lambda e: replace(e, health=None),
    "doctor.still_starting": lambda e: replace(e, health={"mode": "starting"}),
    "doctor.in_maintenance": in_state(lambda core: setattr(core.state, "maintenance", Maintenance("tom", "s", AT, AT))),
    "doctor.software_differs": lambda e: replace(e, software="adc 2"),
    "doctor.nobody_enrolled": lambda e: replace(e, enrolled=()),
    "doctor.credentials_damaged": lambda e: replace(e, enrolled=None),
    "doctor.no_technician": lambda e: replace(e, enrolled=("ana-reyes",)),
    "doctor.stranger_enrolled": lambda e: replace(e, enrolled=("farid-haddad", "someone-who-left")),
    "doctor.demo_pins": lambda e: replace(e, has_demo_pins=True),
    "doctor.secret_readable": lambda e: replace(e, open_files=("state/pepper",)),
    "doctor.certificate_ends": lambda e: replace(e, certificates=(Certificate("ca.pem", NOW + timedelta(days=3)),)),
    "doctor.certificate_unreadable": lambda e: replace(e, certificates=(Certificate("ca.pem", None, "no such file"),)),
    "doctor.discrepancy_old": in_state(lambda core: _discrepancy(core, "person", LONG_AGO)),
}
"""How each check is made to fail."""


def failing(evidence: Evidence) -> set[str]:
    return {finding.check.code for finding in examine(evidence) if finding.details}


def test_a_sound_cabinet_passes_every_check() -> None:
    """A doctor who always finds something is soon asked no more."""
    assert failing(sound()) == set()


def test_there_are_enough_checks_and_each_has_its_failure_here() -> None:
    """What cannot be made to fail checks nothing."""
    codes = [check.code for check in CHECKS]
    assert len(codes) == len(set(codes)) >= 30
    assert set(codes) == set(BROKEN)


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_each_check_fails_for_its_own_reason(code: str) -> None:
    """And names cause and remedy."""
    assert code in failing(BROKEN[code](sound()))
    check = explained(code)
    assert check is not None
    assert check.question.endswith("?")
    assert check.how.endswith(".")
    assert check.cause.endswith(".")
    assert check.remedy.endswith(".")


def test_evidence_is_gathered_from_what_lies_there(tmp_path: Path) -> None:
    """A folder in which nothing ever ran: it says so, and makes nothing."""
    evidence = gather(DEMO, tmp_path, kiosk_port=_nobodys_port())
    assert (evidence.record, evidence.core, evidence.health, evidence.holder) == (None, None, None, "")
    assert {"doctor.journal_missing", "doctor.port_missing", "doctor.controller_down", "doctor.nobody_enrolled"} <= failing(evidence)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_others_may_read_is_found(tmp_path: Path) -> None:
    """The pepper is what keeps a stolen database from telling PINs."""
    (tmp_path / "pepper").write_bytes(b"p" * 32)
    os.chmod(tmp_path / "pepper", 0o644)  # noqa: PTH101 - the mode is the point
    assert gather(DEMO, tmp_path, kiosk_port=_nobodys_port()).open_files == (str(tmp_path / "pepper"),)


def test_an_unsound_site_is_said_and_nothing_else_is_guessed(tmp_path: Path) -> None:
    """The doctor works where nothing else does."""
    site = tmp_path / "site.toml"
    site.write_text("cabinet = 3\n")
    assert failing(gather(site, tmp_path)) >= {"doctor.site_unsound"}


def test_who_holds_a_journal_is_told(tmp_path: Path) -> None:
    """Two controllers on one line garble each other; a technician must see which one there is."""
    path = tmp_path / "journal.db"
    assert holder_of(path) == ""
    lock = WriterLock(path, "adc 9")
    assert holder_of(path).startswith("adc 9")
    lock.release()
    assert holder_of(path) == ""


def test_the_command_prints_cause_and_remedy_and_ends_with_its_status(tmp_path: Path) -> None:
    """Scripts read the status, technicians the two sentences."""
    words = ["doctor", "--site", str(DEMO), "--state", str(tmp_path), "--kiosk-port", str(_nobodys_port())]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == ExitCode.HARDWARE
    assert "why:  The cabinet has never run with this folder." in result.stdout
    assert "do:   `adc run` begins one" in result.stdout
    rows = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    assert {row["code"] for row in rows} == set(BROKEN)
    assert {row["verdict"] for row in rows} >= {"ok", "wrong"}


def test_explain_knows_the_doctors_codes() -> None:
    """Whoever reads a code in a log asks one command, whoever said it."""
    result = CliRunner().invoke(cli, ["explain", "doctor.disk_full"])
    assert result.exit_code == ExitCode.DONE
    assert "Make room" in result.stdout


def _nobodys_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
