"""One catalogue: every code that the house can say is explained, and a fault is explained to technicians too.

Alone knows: where codes stand in the source. Must not know: when a code applies.
"""

import ast
import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain.catalogue import CATALOGUE, FAULTS, REFUSALS
from tests.house.source import modules

ROOMS = ("cabinet", "drivers")


def _coded(*makers: str) -> Iterator[str]:
    """The texts with a dot that are handed to these callables, first argument."""
    for file in modules(*ROOMS):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers and node.args:
                for leaf in ast.walk(node.args[0]):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and "." in leaf.value:
                        yield leaf.value


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    """A code without words would reach a person as a code."""
    assert set(_coded("Refusal", "FaultCode")) - set(CATALOGUE) == set()


def test_every_fault_code_of_a_device_is_told_to_technicians() -> None:
    """What a driver raises ends on a technician's list: it needs a cause there."""
    assert set(_coded("FaultCode")) - set(FAULTS) == set()


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_fault_says_what_happened_what_to_do_and_what_a_technician_will_find(code: str) -> None:
    """Two sentences and a remedy: one for whoever stands before it, one for whoever mends it."""
    sentence, remedy, cause = FAULTS[code]
    assert all(text.endswith(".") and text[0].isupper() for text in (sentence, remedy)), code
    assert cause.endswith("."), code
    assert len({sentence, remedy, cause}) == len(FAULTS[code])


def test_no_code_is_both_a_refusal_and_a_fault() -> None:
    """What two entries say of one code would depend on who reads it."""
    assert set(REFUSALS) & set(FAULTS) == set()


def test_explain_says_the_whole_entry() -> None:
    """The technician types what the screen shows."""
    result = CliRunner().invoke(cli, ["explain", "device.no_reply"])
    assert result.exit_code == ExitCode.DONE
    assert all(text in result.output for text in CATALOGUE["device.no_reply"])


def test_explain_speaks_json() -> None:
    """Scripts read it too."""
    [entry] = [json.loads(CliRunner().invoke(cli, ["explain", "bus.lost", "--json"]).output)]
    assert entry == {"code": "bus.lost", "is_fault": True, **CATALOGUE["bus.lost"]._asdict()}


@pytest.mark.parametrize(("args", "codes"), [((), CATALOGUE), (("--faults",), FAULTS)])
def test_explain_without_a_code_lists_them_all(args: tuple[str, ...], codes: dict[str, object]) -> None:
    """The list to print and hang up."""
    output = CliRunner().invoke(cli, ["explain", *args]).output
    assert [line.split()[0] for line in output.splitlines()] == list(codes)


def test_a_mistyped_code_is_answered_with_the_nearest() -> None:
    """Wrong usage, and a way on."""
    result = CliRunner().invoke(cli, ["explain", "device.no_replay"])
    assert result.exit_code == ExitCode.USAGE
    assert "device.no_reply" in result.stderr
