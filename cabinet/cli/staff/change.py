"""`adc staff change`: another record for a person; what is not named stays.

Alone knows: its options. Must not know: who may change what.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.staff.record import ROLES, ends_in, known, put, record_options

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="change")
@click.argument("person")
@click.option("--name", help="Their name.")
@click.option("--role", type=click.Choice(ROLES), help="What they may do here, by the policy.")
@click.option("--everywhere", is_flag=True, help="They work in all care areas.")
@click.option("--for-good", is_flag=True, help="The account has no end any more.")
@click.option("--active", is_flag=True, help="Switch a person on again.")
@record_options
@json_option
@with_desk
def command(  # noqa: PLR0913 - a record's fields
    desk: Desk, person: str, name: str | None, role: str | None, areas: tuple[str, ...], hours: int | None, trained_until: str | None,
    *, everywhere: bool, for_good: bool, active: bool, as_json: bool,
) -> None:  # fmt: skip
    """Change the record of PERSON; their sessions end at once."""
    meant = {
        "name": name, "role": role, "areas": [] if everywhere else list(areas) or None, "until": ends_in(hours),
        "competent_until": trained_until, "active": active or None,
    }  # fmt: skip

    async def act(bench: "Bench") -> "Json":
        record = await known(bench, person) | {key: value for key, value in meant.items() if value is not None}
        return await put(bench, person, record | ({"until": None} if for_good else {}))

    told = desk.do(act, is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} is {told['role']}; {told['sentence'] or 'may sign in'}")
