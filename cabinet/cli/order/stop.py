"""`adc order stop`: one touch on an order.

Alone knows: its argument. Must not know: who may.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.order.record import sentence


@click.command(name="stop")
@click.argument("order")
@json_option
@with_desk
def command(desk: Desk, order: str, *, as_json: bool) -> None:
    """Stop ORDER: it is not offered any more."""
    told = desk.do(lambda bench: bench.ask("POST", f"/orders/{order}/stop"), is_bench=False)
    print_json(told) if as_json else click.echo(sentence(told))
