"""`adc hw` as it is typed: with no controller, on simulated boards in a process of their own; and what ends it with which status."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from cabinet.adapters.journal_lock import WriterLock
from cabinet.adapters.journal_reader import read_journal
from cabinet.adapters.signing import check_signed, keep_signed
from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain.facts import MaintenanceBegun, ReleaseIntended, ReleaseSettled
from cabinet.rehearsal.enrol import enrol
from config.load import load_site

DEMO = Path(config.__file__).parent / "sites/demo.toml"
NOBODY = "9"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder with people who can sign in, and its boards simulated on real lines."""
    folder = tmp_path_factory.mktemp("bench")
    enrol(load_site(DEMO), folder)
    words = [sys.executable, "-m", "cabinet.cli", "sim", "--site", str(DEMO), "--state", str(folder), "--page-port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as sim:
        assert sim.stdout is not None
        for _ in load_site(DEMO).site.buses:
            assert sim.stdout.readline()
        yield folder
        sim.send_signal(signal.SIGTERM)
        sim.communicate()


def adc(state: Path, *words: str, who: str = "farid-haddad", pin: str | None = None) -> Result:
    """The command, as somebody who knows their badge and PIN."""
    pins = json.loads((state / "demo-pins.json").read_text())
    badge = {"farid-haddad": "1201", "ana-reyes": "1001"}[who]
    place = ["--site", str(DEMO), "--state", str(state), "--kiosk-port", NOBODY]
    return CliRunner().invoke(cli, ["hw", *words, *place, "--badge", badge], env={"ADC_PIN": pin or pins[who]})


@pytest.mark.real
def test_with_no_controller_the_bench_is_the_cabinet_itself(state: Path) -> None:
    """The same facts as through a controller: maintenance, intent, outcome, by name; and data alone on stdout."""
    identified = adc(state, "identify", "locks-a", "scale-1", "--json")
    assert identified.exit_code == ExitCode.DONE, identified.output
    assert [row["board"] for row in json.loads(identified.stdout)] == ["locks-a", "scale-1"]
    pulsed = adc(state, "pulse", "m1", "--json")
    assert pulsed.exit_code == ExitCode.DONE, pulsed.output
    assert json.loads(pulsed.stdout)["outcome"] == "opened"
    assert not [path.name for path in state.glob("journal*") if path.stat().st_mode & 0o077]
    journal = read_journal(state / "journal.db")
    entries = [entry for entry in journal.history() if isinstance(entry.fact, MaintenanceBegun | ReleaseIntended | ReleaseSettled)]
    journal.close()
    assert [type(entry.fact) for entry in entries] == [MaintenanceBegun, ReleaseIntended, ReleaseSettled]
    assert {entry.staff for entry in entries} == {"farid-haddad"}
    assert adc(state, "pulse", "m1").exit_code == ExitCode.FAILED, "it stands open"


@pytest.mark.real
def test_each_no_has_its_status(state: Path) -> None:
    """Scripts read it: not authorised, wrong usage, somebody else's."""
    assert adc(state, "identify", pin="000000").exit_code == ExitCode.NOT_AUTHORISED
    assert adc(state, "identify", who="ana-reyes").exit_code == ExitCode.NOT_AUTHORISED
    for words in (
        ("pulse", "no-such-drawer"), ("read", "no-such-board", "--once"), ("identify", "no-such-board"), ("scan", "no-such-line"),
        ("trace", "no-such-line"), ("count", "no-such-pocket"), ("count", "m1-01"), ("address", "no-such-line", "2"),
        ("walk", "--board", "no-such-board"), ("replace", "no-such-board"),
    ):  # fmt: skip
        ended = adc(state, *words)
        assert (words, ended.exit_code) == (words, ExitCode.USAGE), ended.output


@pytest.mark.real
def test_hands_that_are_not_there_are_missed_before_anything_is_released(state: Path) -> None:
    """A drawer that springs open with nobody to shut it, and a traceback, would be the walk's whole result."""
    walked = adc(state, "walk", "--auto", f"http://127.0.0.1:{NOBODY}")
    assert walked.exit_code == ExitCode.UNREACHABLE, walked.output
    assert "--auto URL" in walked.stderr
    assert "passed" not in walked.output


def test_a_controller_that_does_not_answer_is_not_gone_around(tmp_path: Path) -> None:
    """Two on one line garble each other: whoever holds the journal has the lines too."""
    lock = WriterLock(tmp_path / "journal.db", "adc 9")
    (tmp_path / "demo-pins.json").write_text('{"farid-haddad": "1"}')
    result = adc(tmp_path, "identify")
    lock.release()
    assert result.exit_code == ExitCode.UNREACHABLE
    assert "adc 9" in result.stderr


def test_a_result_is_checked_with_its_file_alone(tmp_path: Path) -> None:
    """No site, no badge, no cabinet: an auditor has a file."""
    result = b'{"cabinet": "c", "is_passed": true, "at": "2026-11-23T08:00:00", "staff_name": "T", "channels": [], "wiring": "w"}'
    path = tmp_path / "commissioning" / keep_signed(tmp_path, result, "walk").name
    checked = CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path)])
    assert checked.exit_code == ExitCode.DONE, checked.output
    assert "c passed on 2026-11-23T08:00 by T" in checked.stdout
    path.write_text(path.read_text().replace('"is_passed": true', '"is_passed": false'))
    assert CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path)]).exit_code == ExitCode.INTEGRITY
    assert CliRunner().invoke(cli, ["hw", "identify"], env={"ADC_SITE": ""}).exit_code == ExitCode.USAGE


def test_a_result_says_who_signed_it_whatever_stands_in_it(tmp_path: Path) -> None:
    """Anybody can sign a result with a key of their own: it must not pass for the cabinet's."""
    (tmp_path / "forger").mkdir()
    own = check_signed(tmp_path / "commissioning" / keep_signed(tmp_path, b"{}", "walk").name).key
    forged = f'{{"key": "{own}", "sha256": "0", "cabinet": "c"}}'.encode()
    path = tmp_path / "forger" / "commissioning" / keep_signed(tmp_path / "forger", forged, "walk").name
    told = json.loads(CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path), "--json"]).stdout)
    assert told["key"] != own
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    for words in (["--key", own], []):
        refused = CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path), *words])
        assert refused.exit_code == ExitCode.INTEGRITY, "another's key, and no walk"
    assert CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path), "--json", "--key", told["key"].upper()]).exit_code == ExitCode.DONE


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, '{"result": 1, "key": 2, "signature": "00"}', "\x00"])
def test_what_nobody_signed_is_no_result(tmp_path: Path, text: str) -> None:
    """Whatever a file holds."""
    path = tmp_path / "result.json"
    path.write_text(text)
    assert CliRunner().invoke(cli, ["hw", "walk", "--verify", str(path)]).exit_code == ExitCode.INTEGRITY


def test_a_site_is_applied_to_a_running_cabinet_or_not_at_all(tmp_path: Path) -> None:
    """An unsound file changes nothing and says what is wrong; without a controller there is nobody to take it up."""
    unsound = tmp_path / "site.toml"
    unsound.write_text("cabinet = 3\n")
    refused = CliRunner().invoke(cli, ["config", "apply", "--site", str(unsound), "--state", str(tmp_path)])
    assert refused.exit_code == ExitCode.FAILED
    assert "nothing was changed" in refused.stderr
    alone = CliRunner().invoke(cli, ["config", "apply", "--site", str(DEMO), "--state", str(tmp_path)])
    assert alone.exit_code == ExitCode.UNREACHABLE
    assert "no controller runs" in alone.stderr
