"""`adc item parked`: the codes that nobody knew at a refill.

Alone knows: the columns. Must not know: how a code is parked.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="parked")
@json_option
@with_desk
def command(desk: Desk, *, as_json: bool) -> None:
    """Show the codes that nobody knew at a refill, those that wait for a pharmacist first."""
    rows = desk.do(lambda bench: bench.ask("GET", "/parked"), is_bench=False)
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("code", "pocket", "the pocket holds", "since", "stands")
    for row in rows:
        table.add_row(row["key"], row["pocket"], row["title"], row["at"][:16], row["sentence"])
    console().print(table)
