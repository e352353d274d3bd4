"""`adc` as it is typed: quick to say what it can, helpful when mistyped, and described in full.

Alone knows: what is asked of every command alike.
Must not know: what a command does.
"""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cabinet.cli import hw
from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.lazy import LazyGroup
from cabinet.cli.main import COMMANDS, cli
from tests.house.source import ROOT, name, project_files

HEAVY = ("asyncio", "fastapi", "msgspec", "paho", "pydantic", "pymodbus", "rich", "sqlite3", "uvicorn")


def test_help_imports_nothing_heavy() -> None:
    """Whoever types `adc --help` waits for it."""
    source = f"import sys, cabinet.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_controller_carries_no_painter_of_terminals(tmp_path: Path) -> None:
    """It runs for months, and its lines are JSON: 6 MB and a twentieth of a second for nothing. Who wants it later has it."""
    site = tmp_path / "site.toml"
    site.write_text("")
    source = f"""
import sys
from cabinet.cli.exit_code import Stopped
from cabinet.cli.run import command
try:
    command.main(["--site", {str(site)!r}], standalone_mode=False)
except Stopped:
    print([name for name in ("fastapi", "rich") if name in sys.modules])
    import rich.console
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['fastapi']"


@pytest.mark.parametrize("words", [(name,) for name in COMMANDS] + [("hw", name) for name in hw.COMMANDS], ids=" ".join)
def test_a_command_of_the_table_is_there_and_explains_itself(words: tuple[str, ...]) -> None:
    """A name in the help that cannot be run is a promise broken; each says with `--help` what it does and what it takes."""
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == ExitCode.DONE, result.output
    assert result.output.startswith(f"Usage: cli {' '.join(words)}")


def test_no_command_of_the_bench_is_missing_in_its_table() -> None:
    """What has a file and no name cannot be run."""
    files = {path.stem: path.read_text() for path in (ROOT / "cabinet/cli/hw").glob("*.py") if path.stem != "__init__"}
    assert {name for name, text in files.items() if "@click.command" in text} == set(hw.COMMANDS)


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


PRINTED = re.compile(r"(?:`|^ *\$ |^ +)adc ([^`\n#|>]*)", re.MULTILINE)


def printed_commands() -> list[tuple[str, list[str]]]:
    """Every `adc ...` of a document, as words; what a document wrote by itself (`docs/commands.md`) and history are left out."""
    pages = [file for file in project_files() if file.suffix == ".md" and file.name not in {"commands.md", "CHANGELOG.md"}]
    return [(name(page), said.split()) for page in pages for said in PRINTED.findall(page.read_text())]


def unknown_words(words: list[str]) -> list[str]:
    """What `adc` does not know of these words: a command that is not there, or an option that no command of the line takes."""
    command: click.Command | None = cli
    taken, said = {"--help"}, [word.partition("=")[0] for word in words]
    for word in said:
        if isinstance(command, click.Group) and word.isascii() and word[0].islower():
            group, command = command, None
            if word in group.list_commands(click.Context(group)):
                command = group.load(word) if isinstance(group, LazyGroup) else group.get_command(click.Context(group), word)
            if command is None:
                return [word]
            taken |= {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [word for word in said if word.startswith("-") and word not in taken]


def test_every_command_that_a_document_prints_is_there_with_its_options() -> None:
    """Whoever follows a page step by step in a cellar types what it prints, and has nobody to ask."""
    assert len(printed_commands()) > 50
    assert [(page, " ".join(words)) for page, words in printed_commands() if unknown_words(words)] == []
