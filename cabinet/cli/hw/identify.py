"""`adc hw identify`: who each board says that it is.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or how a board is asked.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="identify")
@click.argument("boards", nargs=-1)
@json_option
@at_bench
async def command(bench: "Bench", boards: tuple[str, ...], *, as_json: bool) -> None:
    """Ask BOARDS (default: all) who they are."""
    from cabinet.workbench.scanning import identify_all

    rows = await identify_all(bench, boards)
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            told = " ".join(filter(None, (row.get("maker"), row.get("told"), row.get("firmware"), row.get("serial"), row.get("detail"))))
            click.echo(f"{row['board']:14} {row['bus']}:{row['address']:<4} {row['model']:22} {row.get('fault') or told}")
    if any("fault" in row for row in rows):
        raise Stopped("a board did not say who it is", ExitCode.HARDWARE)
