"""`adc staff revoke`: a person is switched off.

Alone knows: its arguments. Must not know: what becomes of their sessions.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.staff.record import known, put

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="revoke")
@click.argument("person")
@json_option
@with_desk
def command(desk: Desk, person: str, *, as_json: bool) -> None:
    """Switch PERSON off. Their sessions end at once; one whose drawer is open begins nothing more and ends when that is shut."""

    async def act(bench: "Bench") -> "Json":
        return await put(bench, person, await known(bench, person) | {"active": False})

    told = desk.do(act, is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} is switched off")
