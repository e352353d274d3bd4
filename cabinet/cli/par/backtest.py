"""`adc par backtest`: advised pars beside days-of-supply pars, on recorded patients that neither has seen.

Alone knows: its options, how recorded dispenses become stays, and how the comparison is printed. Must not know: how pars are advised.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.rehearsal.export import Dispense, Export
    from central.par.backtest import Pair, Setting
    from central.par.summary import Figure, Summary
    from central.par.ward import Stay

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MINUTE_S = 60


@click.command(name="backtest")
@click.option(
    "--fit", "fitted", type=FILE, required=True, help="Dispenses or due doses to set pars from (CSV or CSV.gz, as adc replay reads)."
)
@click.option(
    "--run", "lived", type=FILE, help="Those to live through (default: every other patient of the first file, kept out of the fit)."
)
@click.option("--wards", type=click.IntRange(1), default=20, show_default=True, help="Wards to make of each half.")
@click.option("--beds", type=click.IntRange(1), default=20, show_default=True, help="Beds of a ward.")
@click.option("--history-days", type=click.IntRange(7), default=90, show_default=True, help="Days that pars are set from.")
@click.option("--days", type=click.IntRange(1), default=90, show_default=True, help="Days that are lived through.")
@click.option("--rounds", default="5", show_default=True, help="Hours at which the refill arrives, with commas.")
@click.option("--par-days", type=click.FloatRange(0, min_open=True), default=7.0, show_default=True, help="Days of supply in a par.")
@click.option("--min-days", type=click.FloatRange(0), default=2.5, show_default=True, help="Days of supply of the min.")
@click.option("--shelf-life-days", type=click.IntRange(1), default=180, show_default=True, help="How long units keep once they are filled.")
@click.option("--seed", type=int, default=1, show_default=True, help="Chance in the making of wards.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(fitted: Path, lived: Path | None, *, as_json: bool, **options: Any) -> None:
    """Set pars on one file and live through another, beside days-of-supply pars that hold as much stock.

    Wards are made by laying recorded stays over one another, bed by bed. Every ward has a history of the first file's patients, from which
    pars are advised that hold as much stock as the days of supply, and a future of the second file's patients, drawn with replacement.
    There the days of supply are stretched until they hold no less than the advised pars do.
    """
    setting = _setting(options)
    first = _stays(fitted)
    second = _stays(lived) if lived else []
    if lived is None:
        from central.par.ward import halves

        first, second = halves(first)
    elif lived.samefile(fitted):
        click.echo("both files are the same: nothing was kept out of the fit", err=True)
    found = _compare(first, second, setting)
    click.echo(json.dumps(_plain(found)) if as_json else _words(found))


def _setting(options: dict[str, Any]) -> "Setting":
    try:
        from central.par.backtest import LEAD_MIN, Setting
    except ModuleNotFoundError as problem:
        raise Stopped(f"{problem.name} is missing: pip install 'open-adc[pars]'") from problem
    from central.par.calendar import daily
    from central.par.supply_days import SupplyDays

    try:
        hours = [float(hour) for hour in options["rounds"].split(",")]
        calendar = daily(*((hour - LEAD_MIN / MINUTE_S) % 24 for hour in hours), lead_min=LEAD_MIN)
    except ValueError as problem:
        raise Stopped(f"--rounds {options['rounds']}: {problem}", ExitCode.USAGE) from problem
    if options["min_days"] >= options["par_days"]:
        raise Stopped("--min-days has to be less than --par-days", ExitCode.USAGE)
    return Setting(
        wards=options["wards"],
        beds=options["beds"],
        history_days=options["history_days"],
        run_days=options["days"],
        calendar=calendar,
        shelf_life_days=options["shelf_life_days"],
        supply=SupplyDays(options["par_days"], options["min_days"]),
        seed=options["seed"],
    )


def _stays(path: Path) -> "list[Stay]":
    from cabinet.rehearsal.export import NotAnExport, read_export

    try:
        recorded = read_export(path)
    except (NotAnExport, OSError) as problem:
        raise Stopped(str(problem)) from problem
    if recorded.bad_rows:
        first = recorded.bad_rows[0]
        click.echo(f"{path}: {len(recorded.bad_rows)} rows skipped, the first at line {first.line}: {first.why}", err=True)
    if not recorded.dispenses:
        raise Stopped(f"{path}: no row of it can be used")
    return stays_of(recorded)


def stays_of(recorded: "Export") -> "list[Stay]":
    """The stays of an export, each counted from the midnight before its first dispense."""
    from central.par.ward import Stay

    by_stay: defaultdict[tuple[str, int], list[Dispense]] = defaultdict(list)
    for dispense in recorded.dispenses:
        by_stay[dispense.patient, dispense.stay].append(dispense)
    stays = []
    for (patient, _), dispenses in sorted(by_stay.items()):
        midnight = dispenses[0].at.replace(hour=0, minute=0, second=0, microsecond=0)
        taken = ((int((one.at - midnight).total_seconds()) // MINUTE_S, one.item, one.units) for one in dispenses)
        stays.append(Stay(patient, tuple(taken)))
    return stays


def _compare(fit: "Sequence[Stay]", run: "Sequence[Stay]", setting: "Setting") -> "Summary":
    from central.par.backtest import backtest
    from central.par.summary import summary

    pairs: list[Pair] = []
    try:
        for pair in backtest(fit, run, setting):
            pairs.append(pair)
            click.echo(f"\rward {len(pairs)} of {setting.wards}", err=True, nl=False)
    except ValueError as problem:
        raise Stopped(str(problem)) from problem
    click.echo(err=True)
    return summary(pairs)


def _plain(found: "Summary") -> dict[str, Any]:
    """Each figure's mean under its name, and its interval under `intervals`."""

    def side(figures: "dict[str, Figure]") -> dict[str, Any]:
        intervals = {name: [figure.low, figure.high] for name, figure in figures.items()}
        return {**{name: figure.mean for name, figure in figures.items()}, "intervals": intervals}

    names = ("advised", "days_of_supply", "difference")
    return {**asdict(found), **{name: side(getattr(found, name)) for name in names}}


def _words(found: "Summary") -> str:
    def figure(one: "Figure", *, is_share: bool) -> str:
        shown = [f"{100 * value:.2f} %" if is_share else f"{value:.0f}" for value in (one.mean, one.low, one.high)]
        return f"{shown[0]} ({shown[1]} to {shown[2]})"

    lines = [
        f"{found.wards} wards; mean (95 % of wards); days of supply that hold as much: par {found.par_days:.1f}, min {found.min_days:.1f}"
    ]
    for name, advised in found.advised.items():
        is_share = name == "stock_out_rate"
        shown = figure(advised, is_share=is_share), figure(found.days_of_supply[name], is_share=is_share)
        lines.append(
            f"  {name.replace('_', ' '):15} advised {shown[0]:32} days of supply {shown[1]:32} less in {found.fewer_in[name]} wards"
        )
    lines.append(f"  the advice itself foretold {100 * found.expected_stock_out_rate:.2f} % for the patients that it knew")
    lines.append(f"  {100 * found.not_stocked_rate:.0f} % of what was asked no patient of the fit had asked for; neither side holds it")
    return "\n".join(lines)
