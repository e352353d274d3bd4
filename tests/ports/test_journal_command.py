"""`adc journal`: what it prints, where it reads from, and the exit status that scripts rely on."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cabinet.adapters.journal import JournalThread
from cabinet.cli.journal import command
from tests.journal_tools import moved, open_thread, owed


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalThread]:
    """The controller runs: a journal of four facts, open for writing."""
    opened = open_thread(tmp_path / "journal.db")
    opened.write_now([moved(), owed("drawer \x1b[31mforced"), moved(units=1)])
    yield opened
    opened.close()


def adc(state: Path, *args: str, stdin: str | None = None) -> Result:
    """Run `adc journal` on one cabinet."""
    return CliRunner().invoke(command, [*args, "--state", str(state)], input=stdin)


def test_a_whole_chain_is_said_to_be_whole_while_the_controller_runs(journal: JournalThread, tmp_path: Path) -> None:
    """Checking must not wait for the ward to stand still."""
    done = adc(tmp_path, "verify", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"ok": True, "facts": 4, **journal.head._asdict()})
    assert journal.head.hash in adc(tmp_path, "verify").stdout


def test_a_broken_chain_exits_3_and_names_the_first_bad_fact(journal: JournalThread, tmp_path: Path) -> None:
    """The exit status is what a nightly job looks at."""
    conn = sqlite3.connect(tmp_path / "journal.db")
    conn.execute("drop trigger facts_no_update")
    conn.execute("update facts set staff = 'nurse-9' where seq = 2")
    conn.commit()
    conn.close()
    done = adc(tmp_path, "verify", "--json")
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    assert (said["ok"], said["epoch"], said["first_bad_seq"]) == (False, journal.epoch, 2)
    assert f"{journal.epoch}/2" in done.stderr


def test_an_export_verifies_from_a_file_and_from_standard_input(journal: JournalThread, tmp_path: Path) -> None:
    """What the auditor is handed is the same chain."""
    file = tmp_path / "export.jsonl"
    assert adc(tmp_path, "export", "-o", str(file)).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert adc(tmp_path, "export").stdout == text
    assert [json.loads(line) for line in text.splitlines()] == list(journal.envelopes())
    assert CliRunner().invoke(command, ["verify", str(file)]).exit_code == 0
    assert CliRunner().invoke(command, ["verify", "-"], input=text).exit_code == 0
    assert CliRunner().invoke(command, ["verify", "-"], input=text.replace("nurse-1", "nurse-2")).exit_code == 3
    file.write_bytes(text.encode() + b"\xff\n")
    assert CliRunner().invoke(command, ["verify", str(file)]).exit_code == 3


def test_a_head_kept_elsewhere_shows_a_cut_off_end(journal: JournalThread, tmp_path: Path) -> None:
    """The head file is what the pharmacy server keeps of `up/head`; what else it says is ignored."""
    head = tmp_path / "head.json"
    head.write_text(json.dumps({**journal.head._asdict(), "at": "2026-03-04T05:06:07.000000Z"}))
    assert adc(tmp_path, "verify", "--head", str(head)).exit_code == 0
    head.write_text(json.dumps({**journal.head._asdict(), "seq": 5}))
    done = adc(tmp_path, "verify", "--head", str(head), "--json")
    assert (done.exit_code, json.loads(done.stdout)["first_bad_seq"]) == (3, 5)
    head.write_text("[]")
    assert adc(tmp_path, "verify", "--head", str(head)).exit_code == 2


def test_the_tail_shows_the_last_facts_and_lets_none_write_to_the_terminal(journal: JournalThread, tmp_path: Path) -> None:
    """A reason typed at the kiosk may hold anything; the screen of whoever reads it is not theirs."""
    done = adc(tmp_path, "tail", "-n", "3")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "3", "4"]
    assert "units_moved" in lines[0]
    assert "nurse-1" in lines[0]
    assert "\x1b" not in done.stdout
    assert [json.loads(line) for line in adc(tmp_path, "tail", "-n", "2", "--json").stdout.splitlines()] == list(journal.envelopes())[-2:]
    assert adc(tmp_path, "tail", "-n", "0").stdout == ""


def test_without_a_journal_the_command_says_so(tmp_path: Path) -> None:
    """A wrong folder is no proof of anything, least of all of a whole chain."""
    done = adc(tmp_path, "verify")
    assert done.exit_code == 1
    assert "no journal" in done.stderr
    assert not list(tmp_path.iterdir())
    assert CliRunner(env={"ADC_STATE": "", "ADC_SITE": ""}).invoke(command, ["tail"]).exit_code == 2
