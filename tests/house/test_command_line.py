"""`adc` as it is typed: quick to say what it can, helpful when mistyped, and described in full.

Alone knows: what is asked of every command alike.
Must not know: what a command does.
"""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.main import COMMANDS, cli
from tests.house.source import ROOT

HEAVY = ("asyncio", "fastapi", "msgspec", "paho", "pydantic", "pymodbus", "rich", "sqlite3", "uvicorn")


def test_help_imports_nothing_heavy() -> None:
    """Whoever types `adc --help` waits for it."""
    source = f"import sys, cabinet.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_of_the_table_is_there() -> None:
    """A name in the help that cannot be run is a promise broken."""
    assert [name for name in COMMANDS if not (ROOT / "cabinet" / "cli" / f"{name}.py").exists()] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if (ROOT / "cabinet" / "cli" / f"{name}.py").exists()])
def test_a_command_explains_itself(name: str) -> None:
    """Each command says with `--help` what it does and what it takes."""
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == ExitCode.DONE, result.output
    assert result.output.startswith(f"Usage: cli {name}")


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    """Wrong usage has a status of its own, and the sentence helps."""
    result = CliRunner().invoke(cli, ["repaly"])
    assert result.exit_code == ExitCode.USAGE
    assert "'replay'" in result.stderr


def test_a_command_that_stops_says_why_on_stderr() -> None:
    """Scripts read the status, people the sentence, and stdout holds data alone."""
    stopped = Stopped("the pharmacy server does not answer", ExitCode.UNREACHABLE)
    assert (stopped.exit_code, stopped.format_message()) == (6, "the pharmacy server does not answer")


def test_the_manual_is_in_step_with_the_commands() -> None:
    """`make docs` writes docs/commands.md; what is documented by hand drifts."""
    written = subprocess.run([sys.executable, "-m", "cabinet.cli.manual"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs" / "commands.md").read_text() == written
