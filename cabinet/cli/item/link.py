"""`adc item link`: a package's code becomes known as one item's.

Alone knows: its arguments and how the answer is printed. Must not know: who may link a code, or what makes two codes the same.
"""

import click

from cabinet.cli.hw.desk import Desk, json_option, print_json, with_desk


@click.command(name="link")
@click.argument("code")
@click.argument("item")
@json_option
@with_desk
def command(desk: Desk, code: str, item: str, *, as_json: bool) -> None:
    """Make CODE (GTIN, NDC, HIBC, or the key of a parked code) known as ITEM's; a line that waited for it can then be filled."""
    told = desk.do(lambda bench: bench.ask("POST", "/codes", json={"code": code, "item": item}), is_bench=False)
    if as_json:
        print_json(told)
    else:
        click.echo(f"{code} is known as {item} from now on")
