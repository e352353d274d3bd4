"""`adc hw address`: a new board gets its address.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or how an address is written.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import at_bench, json_option, print_json

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench


@click.command(name="address")
@click.argument("bus")
@click.argument("target", type=click.IntRange(1, 247))
@click.option("--from", "source", type=click.IntRange(1, 247), default=1, show_default=True, help="Its present address: new boards have 1.")
@json_option
@at_bench
async def command(bench: "Bench", bus: str, target: int, source: int, *, as_json: bool) -> None:
    """Give the one new board on BUS the address TARGET, which the site file must name.

    One board alone answers at the old address and nobody at the new one, or nothing is written. Never by broadcast. A board that takes its
    address with its next start is waited for; one with switches or a menu of its own is left alone, and it is said how it is set.
    """
    from cabinet.cli.hw import asking
    from cabinet.workbench.hand import Left

    await bench.take()
    told = await bench.move(bus, source, target)
    if has_restarted := told["answer"] == "restart" and not as_json:
        click.echo(f"{bus} {target}: written; {told['detail']}", err=True)
        try:
            await asking.line("Take its power off and on again, then Enter")
        except Left as left:
            raise Stopped("written, and not yet seen at its new address: `adc hw identify`") from left
        told = await bench.probe(bus, target)
    if told["answer"] not in {"answers", "restart"}:
        raise Stopped(f"{bus} {target}: {told['answer']} {told['detail']}".rstrip(), ExitCode.HARDWARE)
    if as_json:
        print_json(told)
        return
    click.echo(f"{bus} {target}: {told['answer']}, {' or '.join(told['models'])}")
    if not has_restarted:
        click.echo("Take its power off and on again, and see that it still answers there: `adc hw identify`.", err=True)
