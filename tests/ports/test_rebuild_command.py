"""`adc rebuild`: what it takes, what it refuses, and that it never touches a journal that is there."""

import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cabinet.adapters.journal import JournalThread, Origin
from cabinet.cli.journal import command as journal_command
from cabinet.cli.rebuild import command
from config.load import load_site
from tests.journal_tools import BUILT, moved, open_thread
from tests.stories.desk import DEMO

CABINET = load_site(DEMO).site.cabinet
PATH = f"api/v1/cabinets/{CABINET}/journal"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """What the pharmacy holds of this cabinet: six facts."""
    before = tmp_path / "before"
    before.mkdir()
    journal: JournalThread = open_thread(before / "journal.db", Origin(CABINET, "0.1.0", BUILT))
    journal.write_now([moved(seconds=number) for number in range(5)])
    journal.close()
    file = tmp_path / "served" / PATH
    file.parent.mkdir(parents=True)
    done = CliRunner().invoke(journal_command, ["export", "-o", str(file), "--state", str(before)])
    assert done.exit_code == 0, done.output
    return file


@pytest.fixture
def pharmacy(export: Path, tmp_path: Path) -> Iterator[str]:
    """A server that answers with it over HTTP."""
    folder = str(tmp_path / "served")

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=folder)  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def adc(source: str, state: Path) -> Result:
    """Run `adc rebuild` for the demo's cabinet."""
    return CliRunner().invoke(command, [source, "--site", str(DEMO), "--state", str(state), "--json"])


@pytest.mark.parametrize("over", ["http", "file"])
def test_a_cabinet_goes_on_in_a_new_epoch_after_the_last_fact(over: str, export: Path, pharmacy: str, tmp_path: Path) -> None:
    """What the pharmacy and the cabinet each say of the past is the same chain afterwards."""
    done = adc(pharmacy if over == "http" else str(export), tmp_path / "new")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    last = json.loads(export.read_text().splitlines()[-1])
    assert (said["facts"], said["seq"], said["hash"]) == (6, 6, last["hash"])
    assert said["new_epoch"] > said["epoch"]
    verified = CliRunner().invoke(journal_command, ["verify", "--json", "--state", str(tmp_path / "new")])
    assert (verified.exit_code, json.loads(verified.stdout)["facts"]) == (0, 7)


def test_a_journal_that_is_there_is_never_touched(export: Path, tmp_path: Path) -> None:
    """Whoever mixes up two cabinets at four in the morning loses nothing by it."""
    before = (tmp_path / "before/journal.db").read_bytes()
    done = adc(str(export), tmp_path / "before")
    assert (done.exit_code, (tmp_path / "before/journal.db").read_bytes()) == (1, before)
    assert "move it away" in done.output


@pytest.mark.parametrize(("old", "new"), [("nurse-1", "nurse-2"), ('"seq":4', '"seq":5')])
def test_facts_that_do_not_hold_together_make_no_journal(old: str, new: str, export: Path, tmp_path: Path) -> None:
    """A cabinet must not go on from a history that somebody changed."""
    text = export.read_text()
    assert old in text
    export.write_text(text.replace(old, new, 1))
    done = adc(str(export), tmp_path / "new")
    assert done.exit_code == 3, done.output
    assert list((tmp_path / "new").iterdir()) == []


def test_another_cabinets_facts_are_refused(export: Path, tmp_path: Path) -> None:
    """The site says whose journal this is."""
    export.write_text(export.read_text().replace(CABINET, "ward-9"))
    assert adc(str(export), tmp_path / "new").exit_code == 3, "the hash is over the name as well"
    other = tmp_path / "other"
    other.mkdir()
    journal = open_thread(other / "journal.db", Origin("ward-9", "0.1.0", BUILT))
    journal.close()
    CliRunner().invoke(journal_command, ["export", "-o", str(export), "--state", str(other)])
    done = adc(str(export), tmp_path / "new")
    assert (done.exit_code, list((tmp_path / "new").glob("journal.db"))) == (1, [])
    assert "ward-9" in done.output


def test_a_server_that_does_not_answer_or_knows_no_such_cabinet_is_said_so(pharmacy: str, export: Path, tmp_path: Path) -> None:
    """Exit status 6: try again."""
    assert adc("http://127.0.0.1:9", tmp_path / "new").exit_code == 6
    export.unlink()
    done = adc(pharmacy, tmp_path / "new")
    assert done.exit_code == 6
    assert "404" in done.output
