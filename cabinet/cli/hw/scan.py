"""`adc hw scan`: who answers on a line.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or what an answer means.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, lines_of, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="scan")
@click.argument("buses", nargs=-1)
@click.option("--from", "lowest", type=int, help="The first address (default: the lowest that a board of this line can have).")
@click.option("--to", "highest", type=int, help="The last address.")
@json_option
@at_bench
async def command(bench: "Bench", buses: tuple[str, ...], lowest: int | None, highest: int | None, *, as_json: bool) -> None:
    """Ask every address of BUSES (default: all lines) who is there, and what it seems to be.

    A silent address costs the whole time-out of its line, so this takes up to two minutes on a slow one; the cabinet is in maintenance
    meanwhile. Answers that are damaged speak for two boards at one address.
    """
    from cabinet.workbench.scanning import scan_line

    lines = lines_of(await bench.picture(), buses)
    picture = await bench.take()
    found: list[Json] = []
    for line in lines:
        first, last = max(lowest or 0, line["lowest"]), min(highest or line["highest"], line["highest"])
        click.echo(f"{line['bus']}: addresses {first} to {last} ...", err=True)
        async for row in scan_line(bench, picture, line["bus"], range(first, last + 1)):
            found.append(row)
            if not as_json:
                click.echo(_scanned(row))
    if as_json:
        print_json(found)
    if any(row["is_wrong"] for row in found):
        raise Stopped("something is not as the site file says", ExitCode.HARDWARE)


def _scanned(row: "Json") -> str:
    mark = "!" if row["is_wrong"] else " "
    return f"{mark} {row['bus']} {row['address']:>3}  {row['answer']:9} {row['board'] or '-':12} {row['verdict']}"
