"""`adc hw pulse`: one lock, once.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or what a pulse asks for.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="pulse")
@click.argument("name")
@json_option
@at_bench
async def command(bench: "Bench", name: str, *, as_json: bool) -> None:
    """Pulse one lock once: NAME is a drawer (m1), a pocket with a lid (n1-03) or a lock (locks-a:0).

    A fridge's door has no spring: a hand has to pull it while it is released, and is told when. What it exposes owes a
    count afterwards, unless the journal holds nothing there. Exit status 4 where it did not open.
    """
    locks = (await bench.picture())["locks"]
    wanted = [lock for lock in locks if name in {lock["lock"], lock["pocket"] or lock["drawer"]}]
    if len(wanted) != 1:
        raise Stopped(f"{name} is no drawer, no pocket with a lid and no lock of this cabinet", ExitCode.USAGE)
    (lock,) = wanted
    await bench.take()
    if not lock["is_sprung"]:
        click.echo(f">>> {lock['place']} is released now: pull it open, it has no spring", err=True)
    result = await bench.pulse(lock["lock"])
    if as_json:
        print_json(result)
    else:
        click.echo(f"{result['lock']}: {result['outcome'].replace('_', ' ')}, now {result['state']}")
        for lock, before, after in result["others"]:
            click.echo(f"  {lock} went from {before} to {after} meanwhile: swapped wires, or two boards at one address")
    if result["outcome"] != "opened":
        unpulled = "" if lock["is_sprung"] else ": it has no spring, and opens only where a hand pulls it in time"
        raise Stopped(f"it was not seen to open{unpulled}", ExitCode.HARDWARE)
