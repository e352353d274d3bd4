"""`adc order list`: every order.

Alone knows: the columns. Must not know: who may see them.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="list")
@click.option("--patient", help="Of this patient alone.")
@click.option("--unmapped", is_flag=True, help="Those alone that name no item.")
@json_option
@with_desk
def command(desk: Desk, patient: str | None, *, unmapped: bool, as_json: bool) -> None:
    """Show orders with the phase that they are in: active, waiting for a pharmacist, ahead, held, stopped, unclear, unmapped."""
    rows = desk.do(lambda bench: bench.ask("GET", "/orders"), is_bench=False)
    rows = [row for row in rows if patient in {None, row["patient"]} and not (unmapped and row["is_mapped"])]
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("id", "patient", "item", "dose", "route", "schedule", "phase", "waiting since")
    for row in rows:
        waiting = (row["waiting_since"] or "")[:16] if row["phase"] in {"waiting", "unmapped"} else ""
        table.add_row(row["id"], row["patient"], row["item"], row["dose"], row["route"], row["schedule"], row["phase"], waiting)
    console().print(table)
