"""`adc hw trace`: what is said on the lines.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or what bytes mean.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import at_bench, json_option, lines_of, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="trace")
@click.argument("buses", nargs=-1)
@click.option("--for", "for_s", type=float, help="Seconds (default: until Ctrl-C).")
@json_option
@at_bench
async def command(bench: "Bench", buses: tuple[str, ...], for_s: float | None, *, as_json: bool) -> None:
    """Follow what is said on BUSES (default: all lines), both ways, with its timing and what it means."""
    from cabinet.workbench.tracing import follow, line_of

    lines_of(await bench.picture(), buses)
    async for said in follow(bench, buses, for_s):
        if as_json:
            print_json(said)
        else:
            click.echo(line_of(said))
