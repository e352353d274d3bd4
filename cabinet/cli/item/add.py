"""`adc item add`: an item of the formulary, as it is from now on.

Alone knows: its options. Must not know: who may change the formulary.
"""

from typing import Any

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.item.record import item_options
from cabinet.cli.record import added


@click.command(name="add")
@click.argument("item")
@item_options(is_new=True)
@json_option
@with_desk
def command(desk: Desk, item: str, *, as_json: bool, **record: Any) -> None:
    """Enter ITEM (its id) into the formulary."""
    told = desk.do(lambda bench: added(bench, "/formulary", item, record), is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['id']}: {told['name']} {told['strength']} {told['form']}")
