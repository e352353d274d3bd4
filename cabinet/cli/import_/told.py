"""How an intake's report is told on a terminal.

Alone knows: how many lines of it a person reads. Must not know: what was read.
"""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.intake.report import Report

SHOWN = 10


def tell(report: "Report", files: "Sequence[str]", *, as_json: bool) -> None:
    """Counts, what did not map by kind, and the files; the whole stands in the report's own file."""
    if as_json:
        click.echo(json.dumps(report.told() | {"files": list(files)}, ensure_ascii=False))
        return
    for name, count in report.counts.items():
        click.echo(f"{count:8} {name}")
    if report.unmapped:
        click.echo("did not map:")
    for what, count in report.kinds[:SHOWN]:
        first = next(one for one in report.unmapped if one.what == what)
        click.echo(f"{count:8} {what} (first: {first.file}:{first.line} {first.value})")
    if len(report.kinds) > SHOWN:
        rest = sum(count for _, count in report.kinds[SHOWN:])
        click.echo(f"{rest:8} of {len(report.kinds) - SHOWN} other kinds: the report has all")
    click.echo("written: " + ", ".join(files), err=True)
