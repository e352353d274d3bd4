"""`adc hw count`: what counting by weight makes of a pocket.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or how pieces are counted.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="count")
@click.argument("pocket")
@json_option
@at_bench
async def command(bench: "Bench", pocket: str, *, as_json: bool) -> None:
    """Weigh POCKET and say what counting by weight makes of it. Not told of a pocket that is counted blind or owes a count."""
    await bench.take()
    told = await bench.count(pocket)
    if as_json:
        print_json(told)
        return
    units = "" if told["units"] is None else f" {told['units']} units"
    grams = "no weight" if told["mass_mg"] is None else f"{told['mass_mg'] / 1000:.2f} g"
    click.echo(f"{pocket}: {grams}, {'steady' if told['is_steady'] else 'not steady'}: {told['verdict']}{units} {told['why']}".rstrip())
