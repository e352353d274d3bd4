"""`adc par change`: other levels for a pocket; what is not named stays.

Alone knows: its options. Must not know: who may change them.
"""

from typing import TYPE_CHECKING, Any

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.record import known, named

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="change")
@click.argument("pocket")
@click.option("--par", type=click.IntRange(0), help="Up to so many it is filled.")
@click.option("--min", type=click.IntRange(0), help="At so many it is a restock need.")
@click.option("--critical-low", type=click.IntRange(0), help="At so many it is urgent.")
@json_option
@with_desk
def command(desk: Desk, pocket: str, *, as_json: bool, **levels: Any) -> None:
    """Change how much POCKET should hold; it stands above what the site's file says."""

    async def act(bench: "Bench") -> "Json":
        found = await known(bench, "/pars", pocket, "pocket")
        if found is None:
            raise Stopped(f"no pocket {pocket} holds an item", ExitCode.USAGE)
        meant = {name: found[name] for name in ("par", "min", "critical_low")} | named(levels)
        told: Json = await bench.ask("PUT", f"/pars/{pocket}", json=meant)
        return told

    told = desk.do(act, is_bench=False)
    levels_now = f"par {told['par']}, min {told['min']}, critical low {told['critical_low']}"
    print_json(told) if as_json else click.echo(f"{told['pocket']} ({told['item']}): {levels_now}")
