"""`adc item find`: the safe search, as the cabinet's screen has it.

Alone knows: how what was found is printed. Must not know: what letters may show.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="find")
@click.argument("letters")
@click.option("--for", "purpose", default="withdraw", show_default=True, help="withdraw, override, refill, count, load, ...")
@json_option
@with_desk
def command(desk: Desk, letters: str, purpose: str, *, as_json: bool) -> None:
    """Show what LETTERS may show, as a person of your role would see it."""
    found = desk.do(lambda bench: bench.ask("GET", "/items", params={"q": letters, "for": purpose}), is_bench=False)
    if as_json:
        print_json(found)
        return
    for name, items in found["groups"]:
        click.echo(name)
        for item in items:
            where = ", ".join(place["pocket"] for place in item["where"])
            click.echo(f"  {item['id']}: {item['name']} {item['strength']} {item['form']} ({where})")
    if found["message"]:
        click.echo(found["message"])
