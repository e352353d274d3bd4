"""`adc staff unlock`: a person whose sign-in is locked may try again.

Alone knows: its arguments. Must not know: when somebody is locked.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="unlock")
@click.argument("person")
@json_option
@with_desk
def command(desk: Desk, person: str, *, as_json: bool) -> None:
    """Let PERSON in again whose sign-in is locked after wrong PINs."""
    told = desk.do(lambda bench: bench.ask("POST", f"/staff/{person}/unlock"), is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} may sign in again")
