"""`adc staff setup-code`: the code that enrols the first administrator.

Alone knows: how it is told. Must not know: how it is drawn, or who needs it.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="setup-code")
@json_option
@with_desk
def command(desk: Desk, *, as_json: bool) -> None:
    """Tell the code that enrols the first administrator at the cabinet's screen. It lies in the state folder, for its own user alone."""
    code = desk.setup_code()
    print_json({"code": code}) if as_json else click.echo(code)
