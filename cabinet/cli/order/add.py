"""`adc order add`: a new order.

Alone knows: its options. Must not know: who may enter one.
"""

from typing import Any

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.order.record import order_options, sentence
from cabinet.cli.record import added


@click.command(name="add")
@click.argument("order")
@click.option("--verified", "is_verified", is_flag=True, default=None, help="A pharmacist looked at it already; else it waits.")
@order_options(is_new=True)
@json_option
@with_desk
def command(desk: Desk, order: str, *, as_json: bool, **record: Any) -> None:
    """Enter ORDER (its id)."""
    told = desk.do(lambda bench: added(bench, "/orders", order, record), is_bench=False)
    print_json(told) if as_json else click.echo(sentence(told))
