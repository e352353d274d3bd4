"""`adc restock`: what the cabinet needs and how urgently, from the journal, whether or not the controller runs.

Alone knows: the columns. Must not know: when a pocket needs something.
"""

import json

import click

from cabinet.cli.place import Place, on_one_cabinet

URGENCIES = ("stat", "soon", "routine")


@click.command(name="restock")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@on_one_cabinet
def command(place: Place, *, as_json: bool) -> None:
    """Show the restock needs, the most urgent first."""
    from cabinet.cli.reading import read_cabinet

    needs = sorted(read_cabinet(place).needs(), key=lambda need: (URGENCIES.index(need.urgency), need.pocket))
    if as_json:
        import msgspec

        click.echo(json.dumps([msgspec.to_builtins(need) for need in needs]))
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("urgency", "pocket", "item", "units", "needed", "why")
    for need in needs:
        table.add_row(need.urgency, need.pocket, need.item, str(need.units), str(need.units_needed), need.why)
    console().print(table)
