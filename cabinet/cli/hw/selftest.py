"""`adc hw selftest`: a look at every board.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or what is looked at.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="selftest")
@json_option
@at_bench
async def command(bench: "Bench", *, as_json: bool) -> None:
    """Look at every board, scale, door and photo-eye; opens nothing. Runs by itself once a day and after each update."""
    findings = await bench.selftest()
    if as_json:
        print_json({"is_passed": not findings, "findings": findings})
    else:
        click.echo("\n".join(findings) or "every board is as it should be")
    if findings:
        raise Stopped("the self-test found something; `adc doctor` says what to do", ExitCode.HARDWARE)
