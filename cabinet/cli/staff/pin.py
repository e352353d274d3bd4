"""`adc staff pin`: a person's PIN.

Alone knows: its options. Must not know: which PINs are taken, or how one is kept.
"""

from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk
from cabinet.cli.staff.record import asked_pin

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json


@click.command(name="pin")
@click.argument("person")
@click.option("--issue", is_flag=True, help="Draw one that is good for some hours, and tell it once.")
@json_option
@with_desk
def command(desk: Desk, person: str, *, issue: bool, as_json: bool) -> None:
    """Set the PIN of PERSON (asked for, or from ADC_NEW_PIN); this unlocks them as well."""
    pin = asked_pin(is_asked=not issue)
    if not issue and pin is None:
        raise Stopped("no PIN was given", ExitCode.USAGE)

    async def act(bench: "Bench") -> "Json":
        if issue:
            told: Json = await bench.ask("POST", f"/staff/{person}/temporary-pin")
            return {"id": person, **told}
        await bench.ask("POST", f"/staff/{person}/pin", json={"secret": pin})
        return {"id": person}

    told = desk.do(act, is_bench=False)
    if as_json:
        print_json(told)
    else:
        click.echo(f"{person} signs in with PIN {told['pin']} until {told['until'][:16]} UTC" if issue else f"the PIN of {person} is set")
