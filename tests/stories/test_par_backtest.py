"""`adc par backtest` as it is typed: on a small invented file, and on recorded orders where they are at hand."""

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli

RECORDED = Path(__file__).parents[2].parent / "shared/data/derived/omnicell_expected_removals.csv.gz"
SMALL = ("--wards", "3", "--beds", "6", "--history-days", "30", "--days", "30", "--json")


def adc(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(cli, ["par", "backtest", *words])


@pytest.fixture
def dispenses(tmp_path: Path) -> Path:
    """Forty stays of four days, in the project's own columns."""
    chance = Random(5)
    file = tmp_path / "dispenses.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["at", "stay", "turn", "item", "units"])
        for stay in range(40):
            items = [f"item {min(int(chance.expovariate(0.15)), 30)}" for _ in range(6)]
            for turn in range(24):
                at = datetime(2100 + stay, 1, 1, 8, tzinfo=UTC) + timedelta(days=turn // 6, minutes=10 * (turn % 6))
                rows.writerow([at.strftime("%Y-%m-%d %H:%M:%S"), stay, turn, items[turn % 6], 1 + stay % 2])
    return file


def test_it_prints_both_sides_with_their_intervals(dispenses: Path) -> None:
    """The names that scripts read; each figure's mean lies within its interval, and stock is the same on both sides."""
    done = adc("--fit", str(dispenses), *SMALL)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    for side in ("advised", "days_of_supply"):
        for name in ("stock_out_rate", "trips", "stock_value", "outdates"):
            low, high = found[side]["intervals"][name]
            assert low <= found[side][name] <= high
    assert found["wards"] == 3
    assert found["advised"]["stock_value"] == pytest.approx(found["days_of_supply"]["stock_value"], rel=0.05)
    assert json.loads(adc("--fit", str(dispenses), *SMALL).stdout) == found


def test_two_files_are_fitted_and_run(dispenses: Path, tmp_path: Path) -> None:
    """As a hospital does it: last quarter's export, and this one's; the same file twice is said aloud."""
    other = tmp_path / "other.csv"
    other.write_text(dispenses.read_text())
    done = adc("--fit", str(dispenses), "--run", str(other), *SMALL)
    assert done.exit_code == 0
    assert "nothing was kept out" not in done.stderr
    assert "nothing was kept out" in adc("--fit", str(dispenses), "--run", str(dispenses), *SMALL).stderr


def test_it_says_what_it_cannot_use(tmp_path: Path, dispenses: Path) -> None:
    """A sentence and an exit status, never a trace."""
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n")
    assert adc("--fit", str(file)).exit_code == ExitCode.FAILED
    assert adc("--fit", str(dispenses), "--rounds", "5,6").exit_code == ExitCode.USAGE
    assert adc("--fit", str(dispenses), "--rounds", "noon").exit_code == ExitCode.USAGE
    assert adc("--fit", str(dispenses), "--min-days", "9").exit_code == ExitCode.USAGE


@pytest.mark.timeout(240)
def test_recorded_patients_are_served_better_by_advised_pars() -> None:
    """Fitted on half of the patients, lived through by the other half: fewer stock-outs and fewer trips at the same stock."""
    if not RECORDED.exists():
        pytest.skip("the recorded orders are not at hand")
    done = adc("--fit", str(RECORDED), "--wards", "1", "--days", "60", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["fewer_in"]["stock_out_rate"] == found["fewer_in"]["trips"] == 1
    assert found["advised"]["stock_value"] <= found["days_of_supply"]["stock_value"]


def test_neither_a_cabinet_nor_the_pharmacy_server_loads_statistics() -> None:
    """A ward's computer has neither room nor reason for them; the pharmacy loads them when advice is asked for."""
    code = "import sys, cabinet.app.house, central.app; print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
