"""`adc order change`: another record for an order; what is not named stays.

Alone knows: its options. Must not know: who may change one.
"""

from typing import Any

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.order.record import FIELDS, order_options, sentence
from cabinet.cli.record import amended


@click.command(name="change")
@click.argument("order")
@order_options(is_new=False)
@json_option
@with_desk
def command(desk: Desk, order: str, *, as_json: bool, **record: Any) -> None:
    """Change the record of ORDER."""
    told = desk.do(lambda bench: amended(bench, "/orders", order, record, FIELDS), is_bench=False)
    print_json(told) if as_json else click.echo(sentence(told))
