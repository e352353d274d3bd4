"""`adc order verify`: one touch on an order.

Alone knows: its argument. Must not know: who may.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.order.record import sentence


@click.command(name="verify")
@click.argument("order")
@json_option
@with_desk
def command(desk: Desk, order: str, *, as_json: bool) -> None:
    """Verify ORDER: it is offered from now on."""
    told = desk.do(lambda bench: bench.ask("POST", f"/orders/{order}/verify"), is_bench=False)
    print_json(told) if as_json else click.echo(sentence(told))
