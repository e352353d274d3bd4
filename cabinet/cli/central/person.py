"""`adc central person`: what somebody signs in with at the pharmacy's pages, set by whoever runs the server.

Alone knows: its options. Must not know: how a secret is kept, or who is on the staff list.
"""

import json

import click

from cabinet.cli.central import Server
from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.staff.record import ROLES

BY = "command line"


@click.command(name="person")
@click.argument("person")
@click.option("--name", default="", help="Their name, where the staff list does not name them yet.")
@click.option("--role", type=click.Choice(ROLES), default="", help="Their role, where the staff list does not name them yet.")
@click.option("--code", "is_code", is_flag=True, help="Draw and tell a code that is good once within a day, to choose a secret with.")
@click.option("--off", "is_off", is_flag=True, help="Forget their secret and end what they have open.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(server: Server, person: str, name: str, role: str, *, is_code: bool, is_off: bool, as_json: bool) -> None:
    """Set the secret of PERSON (an id of small letters, digits and dashes); this unlocks them as well.

    The secret is asked for, or taken from ADC_NEW_SECRET. The first person of a server is an administrator, who lets in the others on the
    page "People". Works while the server runs.
    """
    import asyncio

    from cabinet.adapters.clock import SystemClock
    from cabinet.adapters.secrets import PepperUnusable
    from cabinet.domain.vocabulary import is_id
    from central.database.hand import Unreachable
    from central.database.place import NotOurs
    from central.person.process import at_the_machine
    from central.problem import Refused

    if not is_id(person):
        raise Stopped(f"{person!r} is no id: small letters, digits, dashes, 64 at most", ExitCode.USAGE)
    if name and not role:
        raise Stopped("whom the staff list does not name yet needs a --role too", ExitCode.USAGE)
    told: dict[str, str] = {"person": person}
    clock = SystemClock()
    try:
        with at_the_machine(server.load(), lambda: clock.now().utc) as desk:
            if is_off:
                desk.book.forget(person)
            elif is_code:
                told["code"] = asyncio.run(desk.issue_code(person, by=BY, name=name, role=role))
            else:
                asyncio.run(desk.set_secret(person, _asked(), by=BY, name=name, role=role))
    except Refused as refusal:
        raise Stopped(refusal.detail, ExitCode.USAGE) from refusal
    except (NotOurs, PepperUnusable, Unreachable) as problem:
        raise Stopped(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(f"{person} is off these pages" if is_off else f"{person} signs in with {told.get('code', 'that secret')}")


def _asked() -> str:
    import os

    secret = os.environ.get("ADC_NEW_SECRET")
    return secret or str(click.prompt("New secret", hide_input=True, confirmation_prompt=True, err=True))
