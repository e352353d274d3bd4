"""`adc staff temporary`: a person is let in until the end of the shift.

Alone knows: its options. Must not know: how long a shift may be, or who may let whom in.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.staff.record import ROLES, ends_in, put

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="temporary")
@click.argument("person")
@click.option("--name", required=True, help="Their name.")
@click.option("--role", type=click.Choice(ROLES), default="agency_nurse", show_default=True, help="One that policy lists for it.")
@click.option("--hours", type=click.IntRange(1, 24), default=8, show_default=True, help="Until the end of the shift.")
@click.option("--new-badge", help="The number of a badge for them (without: they sign in by id, which opens nothing controlled).")
@json_option
@with_desk
def command(desk: Desk, person: str, name: str, role: str, hours: int, new_badge: str | None, *, as_json: bool) -> None:
    """Let PERSON in for a shift, with a PIN that is drawn and told once."""

    async def act(bench: "Bench") -> "Json":
        record: Json = {"name": name, "role": role, "areas": [], "until": ends_in(hours), "competent_until": None, "active": True}
        told = await put(bench, person, record)
        if new_badge:
            await bench.ask("POST", f"/staff/{person}/badge", json={"badge": new_badge})
        issued: Json = await bench.ask("POST", f"/staff/{person}/temporary-pin")
        return {"id": person, "name": told["name"], "role": role, "until": told["until"], "pin": issued["pin"]}

    told = desk.do(act, is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} is let in until {told['until'][:16]} UTC with PIN {told['pin']}")
