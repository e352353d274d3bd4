"""`adc item change`: an item of the formulary, as it is from now on.

Alone knows: its options. Must not know: who may change the formulary.
"""

from typing import Any

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.item.record import FIELDS, NUMBERS, item_options
from cabinet.cli.record import amended


@click.command(name="change")
@click.argument("item")
@item_options(is_new=False)
@json_option
@with_desk
def command(desk: Desk, item: str, *, as_json: bool, **record: Any) -> None:
    """Change the record of ITEM; what is not named stays."""
    told = desk.do(lambda bench: amended(bench, "/formulary", item, record, (*FIELDS, *NUMBERS)), is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['id']}: {told['name']} {told['strength']} {told['form']}")
