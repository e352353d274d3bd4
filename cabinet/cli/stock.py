"""`adc stock`: every pocket with its stock and status, from the journal, whether or not the controller runs.

Alone knows: the columns. Must not know: how a balance comes about.
"""

import json
from typing import TYPE_CHECKING

import click

from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from cabinet.messages import StockReport


@click.command(name="stock")
@click.option(
    "--status", type=click.Choice(["failed", "expired", "out", "critical", "low", "over", "ok"]), help="Only pockets with this status."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@on_one_cabinet
def command(place: Place, status: str | None, *, as_json: bool) -> None:
    """Show what ought to be in each pocket."""
    from cabinet.cli.reading import read_cabinet

    reports = [report for report in read_cabinet(place).stock() if status in (None, report.status)]
    if as_json:
        import msgspec

        click.echo(json.dumps([msgspec.to_builtins(report) for report in reports]))
    else:
        _print(reports)


def _print(reports: "list[StockReport]") -> None:
    from rich.table import Table

    from cabinet.cli.terminal import console

    table = Table("pocket", "item", "units", "min", "par", "status", "expiry", "counted")
    for report in reports:
        item = " ".join(part for part in (report.item.name, report.item.strength, report.item.form) if part)
        table.add_row(
            report.pocket, item, f"{report.units} {report.unit}", str(report.min), str(report.par), report.status,
            report.earliest_expiry or "", (report.last_counted_at or "never")[:16],
        )  # fmt: skip
    console().print(table)
