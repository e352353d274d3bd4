"""`adc hw read`: what each board tells, live.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or how a board is asked.
"""

import asyncio
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="read")
@click.argument("boards", nargs=-1)
@click.option("--once", is_flag=True, help="Read once and end; else again every second until Ctrl-C.")
@json_option
@at_bench
async def command(bench: "Bench", boards: tuple[str, ...], *, once: bool, as_json: bool) -> None:
    """Show what BOARDS (default: all) tell now: inputs, weights, temperatures. With --json one object a line."""
    from cabinet.cli.hw.table import readings
    from cabinet.workbench.scanning import read_all

    while True:
        await bench.stay()
        rows = await read_all(bench, boards)
        if as_json:
            for row in rows:
                print_json(row)
        else:
            readings(rows, is_live=not once)
        if once:
            break
        await asyncio.sleep(1.0)
    if any("fault" in row for row in rows):
        raise Stopped("a board could not be read", ExitCode.HARDWARE)
