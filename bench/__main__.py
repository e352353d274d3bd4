"""`python -m bench` measures the figures and prints them as one table.

Alone knows: which benches there are, and how their figures are shown.
Must not know: how anything is measured, or against what: each bench says so in its own docstring.

A figure is a ratio inside one run, since machines are shared and noisy. A bench that is not written yet is named as missing; one that
misses its goal is shown as such, and the exit status tells. Each is said as soon as it is there, and all of them as one table at the end.
"""

import json
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec

import click

from bench.figure import Figure

BENCHES = (
    "journal",
    "checkout",
    "exchange",
    "storm",
    "count",
    "start",
    "edge",
    "search",
    "screen",
    "round",
    "rush",
    "pars",
    "ingest",
    "reconnect",
    "fleet",
    "news",
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(BENCHES))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: figures, missing.")
def main(names: tuple[str, ...], *, as_json: bool) -> None:
    """Measure all figures, or those of the benches NAMES. Exit status 1 where one misses its goal."""
    figures: list[Figure] = []
    missing = []
    for name in names or BENCHES:
        if find_spec(f"bench.{name}") is None:
            missing.append(name)
            continue
        click.echo(f"measuring {name} ...", err=True)
        for figure in import_module(f"bench.{name}").measure():
            figures.append(figure)
            ratio = "" if figure.ratio is None else f" ({figure.ratio:.3g})"
            click.echo(f"  {figure.id} {figure.what}: {figure.measured}{ratio}, {'met' if figure.ok else 'NOT MET'}", err=True)
    if as_json:
        click.echo(json.dumps({"figures": [asdict(figure) for figure in figures], "missing": missing}))
    else:
        _show(figures)
    for name in missing:
        click.echo(f"not written yet: bench/{name}.py", err=True)
    sys.exit(0 if all(figure.ok for figure in figures) else 1)


def _show(figures: list[Figure]) -> None:
    from rich.table import Table  # noqa: PLC0415 - not needed for --json

    from cabinet.cli.terminal import console  # noqa: PLC0415 - as above

    table = Table("figure", "what", "measured", "limit or peer", "ratio", "goal", "met")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}"
        table.add_row(figure.id, figure.what, figure.measured, figure.limit, ratio, figure.goal, "yes" if figure.ok else "NO")
    console().print(table)


if __name__ == "__main__":
    main(prog_name="python -m bench")
