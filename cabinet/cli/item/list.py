"""`adc item list`: every item of the hospital.

Alone knows: the columns. Must not know: which of them stand here.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="list")
@json_option
@with_desk
def command(desk: Desk, *, as_json: bool) -> None:
    """Show the whole formulary, as it was changed here."""
    rows = desk.do(lambda bench: bench.ask("GET", "/formulary"), is_bench=False)
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("id", "name", "strength", "form", "class", "control", "marks")
    for row in rows:
        said = (row[name] for name in ("id", "name", "strength", "form", "therapeutic_class", "control_class"))
        table.add_row(*said, ", ".join(row["marks"]))
    console().print(table)
