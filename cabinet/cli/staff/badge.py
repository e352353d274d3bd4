"""`adc staff badge`: a person's badge.

Alone knows: its options. Must not know: how a badge is kept.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="badge")
@click.argument("person")
@click.argument("number", required=False)
@json_option
@with_desk
def command(desk: Desk, person: str, number: str | None, *, as_json: bool) -> None:
    """Let PERSON show the badge of this NUMBER from now on, and no other; without one take theirs, which ends their sessions."""
    told = desk.do(lambda bench: bench.ask("POST", f"/staff/{person}/badge", json={"badge": number}), is_bench=False)
    print_json(told) if as_json else click.echo(f"{told['name']} has {'another' if number else 'no'} badge from now on")
