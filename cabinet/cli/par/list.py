"""`adc par list`: how much each pocket should hold.

Alone knows: the columns. Must not know: who may see them.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="list")
@json_option
@with_desk
def command(desk: Desk, *, as_json: bool) -> None:
    """Show par, min and critical low of each pocket, and whether they were changed here."""
    rows = desk.do(lambda bench: bench.ask("GET", "/pars"), is_bench=False)
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("pocket", "item", "par", "min", "critical low", "")
    for row in rows:
        levels = (str(row[name]) for name in ("par", "min", "critical_low"))
        table.add_row(row["pocket"], row["item"], *levels, "changed here" if row["is_changed"] else "")
    console().print(table)
