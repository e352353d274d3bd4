"""`adc staff enrol`: a new person; on a fresh cabinet the first administrator, by the setup code.

Alone knows: its options, and that a fresh cabinet is asked first. Must not know: who may enrol whom.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.staff.record import ROLES, asked_pin, ends_in, put, record_options, set_secrets

if TYPE_CHECKING:
    import httpx

    from cabinet.workbench.bench import Bench, Json


@click.command(name="enrol")
@click.argument("person")
@click.option("--name", required=True, help="Their name.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do here, by the policy.")
@click.option("--new-badge", help="The number of their badge.")
@record_options
@json_option
@with_desk
def command(  # noqa: PLR0913, PLR0917 - a record's fields
    desk: Desk, person: str, name: str, role: str, new_badge: str | None, areas: tuple[str, ...], hours: int | None,
    trained_until: str | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Enrol PERSON (an id of small letters, digits and dashes). Their PIN is asked for, or taken from ADC_NEW_PIN.

    While nobody here may enrol anybody, the first administrator is enrolled with the setup code of the state folder.
    """
    if desk.ask_stranger(_is_fresh):
        pin = asked_pin()
        told = desk.ask_stranger(lambda client: _first(client, desk.setup_code(), person, name, new_badge, pin))
    else:
        pin = asked_pin()
        record = {"name": name, "role": role, "areas": areas, "until": ends_in(hours), "competent_until": trained_until, "active": True}

        async def act(bench: "Bench") -> "Json":
            from cabinet.workbench.bench import Refused

            await put(bench, person, record)
            try:
                await set_secrets(bench, person, new_badge, pin)
            except Refused:
                click.echo(f"{name} is enrolled, and cannot sign in yet: set what is missing by `adc staff badge` and `pin`.", err=True)
                raise
            return {"id": person, "name": name, "role": role}

        told = desk.do(act, is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} is enrolled as {told['role']}")


async def _is_fresh(client: "httpx.AsyncClient") -> bool:
    from cabinet.workbench.bench import ask

    return bool((await ask(client, "GET", "/setup"))["needed"])


async def _first(client: "httpx.AsyncClient", code: str, person: str, name: str, badge: str | None, pin: str | None) -> "Json":
    from cabinet.workbench.bench import ask

    body = {"code": code, "id": person, "name": name, "badge": badge or person, "secret": pin or ""}
    await ask(client, "POST", "/setup", json=body)
    return {"id": person, "name": name, "role": "administrator"}
