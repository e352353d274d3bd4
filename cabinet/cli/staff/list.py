"""`adc staff list`: everybody on record.

Alone knows: the columns. Must not know: who may see them.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="list")
@json_option
@with_desk
def command(desk: Desk, *, as_json: bool) -> None:
    """Show everybody on record: role, care areas, when an account or a training ends, and why somebody cannot sign in."""
    people = desk.do(lambda bench: bench.ask("GET", "/staff"), is_bench=False)
    if as_json:
        print_json(people)
        return
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("id", "name", "role", "care areas", "until", "trained until", "stands")
    for one in people:
        stands = "locked" if one["is_locked"] else one["sentence"] or ("" if one["can_sign_in"] else "no PIN yet")
        areas = ", ".join(one["areas"]) or "all"
        table.add_row(one["id"], one["name"], one["role"], areas, (one["until"] or "")[:16], one["competent_until"] or "", stands)
    console().print(table)
