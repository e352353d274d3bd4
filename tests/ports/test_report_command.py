"""`adc report` as it is typed, on a journal that no controller runs on."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain import facts
from cabinet.domain.facts import Account, Draft
from cabinet.domain.vocabulary import DrawerId, Instant, ItemId, PocketId, SessionId, StaffId, Units
from cabinet.report.names import REPORTS
from tests.journal_tools import ids

DEMO = Path(config.__file__).parent / "sites/demo.toml"
AT = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
OXY = PocketId("n1-01"), ItemId("oxycodone-5-tab")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder whose journal holds a stocked pocket and a sign-in."""
    origin = Origin("ward-3-north", "0.1.0", datetime(2026, 1, 1, tzinfo=UTC))
    journal = InlineJournal.open(tmp_path / "journal.db", origin, now=lambda: Instant(AT, 0.0), new_id=ids())
    pocket, item = OXY
    said = (
        facts.PocketAssigned(pocket, DrawerId("n1"), item, Units(40), Units(10), Units(5), "units"),
        facts.UnitsMoved(pocket, item, Units(28), Account.PHARMACY, Account.POCKET, "L1", "2030-09-30"),
        facts.SessionOpened(SessionId("s"), ["badge", "secret"]),
    )
    journal.write_now([Draft(Instant(AT, 0.0), fact, staff=StaffId("ana-reyes")) for fact in said])
    journal.close()
    return tmp_path


def report(state: Path, *words: str) -> Result:
    """What the command answers."""
    return CliRunner().invoke(cli, ["report", *words, "--site", str(DEMO), "--state", str(state)])


def test_without_a_name_it_lists_what_there_is() -> None:
    """Nobody knows the names by heart."""
    said = json.loads(CliRunner().invoke(cli, ["report", "--json"]).stdout)
    assert [one["name"] for one in said] == list(REPORTS)
    assert all(one["says"] for one in said)


def test_it_prints_a_table_under_a_heading(state: Path) -> None:
    """Cabinet, moment, journal and disclaimer stand above every list."""
    said = report(state, "inventory", "--schedule", "c2")
    assert said.exit_code == ExitCode.DONE, said.output
    for words in ("ward-3-north", "as of now", "journal read to fact", "no cleared medical device", "oxyCODONE", "28 × L1"):
        assert words in said.stdout


def test_it_prints_json_and_nothing_else(state: Path) -> None:
    """Data on stdout, talk on stderr."""
    (table,) = json.loads(report(state, "inventory", "--schedule", "c2", "--json").stdout)["tables"]
    assert [(row["pocket"], row["on_hand"]) for row in table["rows"]] == [("n1-01", 28)]


def test_it_writes_csv_and_pdf_together(state: Path, tmp_path: Path) -> None:
    """One reading of the journal, two files that agree."""
    said = report(state, "sign-ins", "--csv", str(tmp_path / "x.csv"), "--pdf", str(tmp_path / "x.pdf"))
    assert said.exit_code == ExitCode.DONE
    assert said.stdout == ""
    rows = csv.DictReader((tmp_path / "x.csv").read_text().splitlines())
    assert [row["person_id"] for row in rows] == ["ana-reyes"]
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("invetory",), "there are controlled, inventory"),
        (("inventory", "--person", "ana-reyes"), "takes --item, --pocket, --schedule, --to"),
        (("inventory", "--to", "yesterday"), "no moment such as 2026-11-23"),
        (("inventory", "--item", "oxycodone"), "did you mean oxycodone-5-tab"),
        (("pocket",), "--pocket ID"),
        (("loss", "--discrepancy", "d9"), "adc report discrepancies"),
    ],
)
def test_wrong_usage_says_what_to_type(state: Path, words: tuple[str, ...], says: str) -> None:
    """An auditor in a hurry reads one sentence."""
    said = report(state, *words)
    assert said.exit_code == ExitCode.USAGE
    assert says in said.stderr


def test_a_folder_without_a_journal_is_said_to_be_one(tmp_path: Path) -> None:
    """An empty report would read as: nothing happened."""
    said = report(tmp_path, "activity")
    assert said.exit_code == ExitCode.FAILED
    assert "no journal" in said.stderr


def test_a_file_that_cannot_be_written_is_named(state: Path) -> None:
    """The report was drawn and is nowhere: that must not pass for done."""
    said = report(state, "sign-ins", "--pdf", str(state / "nowhere" / "x.pdf"))
    assert said.exit_code == ExitCode.FAILED
    assert "x.pdf" in said.stderr


def test_a_day_is_a_day_of_the_site(state: Path) -> None:
    """`--to 2026-03-02` is up to that day's last moment, `--from` from its first."""
    assert json.loads(report(state, "sign-ins", "--from", "2026-03-02", "--to", "2026-03-02", "--json").stdout)["tables"][0]["rows"]
    assert not json.loads(report(state, "sign-ins", "--to", "2026-03-01", "--json").stdout)["tables"][0]["rows"]
