"""`adc mode`: which mode the cabinet is in and how old the pharmacy's word is; declare a mode, and lift it again.

Alone knows: its arguments and how the answer is printed. Must not know: who may declare what, or what a mode serves.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk

if TYPE_CHECKING:
    from cabinet.workbench.bench import Json

MODES = ("critical_override", "locked_down", "training")


@click.command(name="mode")
@click.argument("mode", required=False, type=click.Choice(MODES))
@click.option("--end", is_flag=True, help="Lift it instead of declaring it.")
@click.option("--reason", default="", help="Why, in a few words; training needs none.")
@json_option
@with_desk
def command(desk: Desk, mode: str | None, reason: str, *, end: bool, as_json: bool) -> None:
    """Show the mode of the cabinet; or declare MODE (--end: lift it), by badge and PIN and as the policy lets that person's role do.

    In training no drawer opens and nothing counts: the kiosk is that of a second cabinet with a journal of its own. Anybody ends it with
    one touch at the kiosk, and an emergency access ends it at once.
    """
    if mode is None and end:
        raise click.UsageError("name the mode that is lifted")
    path = "/mode" if mode is None else f"/mode/{quote(mode)}{'/end' if end else ''}"
    body = None if mode is None else {"reason": reason}
    told = desk.do(lambda bench: bench.ask("GET" if mode is None else "POST", path, json=body), is_bench=False)
    if as_json:
        print_json(told)
    else:
        _print(told)


def _print(told: "Json") -> None:
    click.echo(f"mode: {told['mode']}")
    for one in told["standing"]:
        by = f" by {one['by']}" if one["by"] else ""
        click.echo(f"  {one['mode']} since {one['since']}{by}: {one['reason']}")
    for age in told["freshness"]["documents"]:
        known = "no pharmacy was ever heard" if age["as_of"] is None else f"as of {age['as_of']}"
        version = "" if age["version"] is None else f", version {age['version']}"
        refused = f"; a newer one was refused: {age['refused']}" if age["refused"] else ""
        click.echo(f"{age['document']}: {known}{version}{' (old)' if age['is_stale'] else ''}{refused}")
