"""`adc replay`: a recorded dispensing export performed again on a simulated cabinet, in virtual time.

Alone knows: how the report is printed. Must not know: how a dispense is performed.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.rehearsal.export import Export
    from cabinet.rehearsal.replay import Report
    from config.load import LoadedSite


@click.command(name="replay")
@click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The cabinet (default: one fitted to the file).")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Keep the journal in this folder.")
@click.option("--seed", type=int, default=1, show_default=True, help="Chance in the plant and in people's hands.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, export: Path, site: Path | None, state: Path | None, seed: int, *, as_json: bool) -> None:
    """Perform every dispense of EXPORT (CSV or CSV.gz) as a withdrawal through simulated boards and the real drivers.

    Columns: charttime, subject_id, stay_id, med_rn, name (one unit each); or due_time, subject_id, hadm_id, pharmacy_id, medication,
    prod_strength, form_val_disp; or at, stay, turn, item, units (whole numbers; at as 2027-01-31 08:15:00). Others are ignored.

    Exit status 1 unless simulated pieces, journal and pharmacy server agree on every pocket at the end.
    """
    recorded = _read(export)
    for bad in recorded.bad_rows:
        click.echo(f"{export}:{bad.line}: skipped: {bad.why}", err=True)
    if not recorded.dispenses:
        raise Stopped(f"{export}: no row of it can be performed")
    loaded = _cabinet(site, recorded)
    report = _perform(loaded, recorded, seed, state)
    click.echo(json.dumps(asdict(report)) if as_json else _words(report))
    if not report.balanced:
        click.echo("the plant, the journal and the pharmacy server do not agree", err=True)
        context.exit(ExitCode.FAILED)


def _read(path: Path) -> "Export":
    from cabinet.rehearsal.export import NotAnExport, read_export

    try:
        return read_export(path)
    except (NotAnExport, OSError) as problem:
        raise Stopped(str(problem)) from problem


def _cabinet(site: Path | None, export: "Export") -> "LoadedSite":
    from cabinet.rehearsal.fitting import fit
    from config.load import load_site
    from config.problem import SiteProblems

    if site is None:
        return fit(export.dispenses)
    try:
        return load_site(site)
    except SiteProblems as problem:
        raise Stopped(str(problem)) from problem


def _perform(loaded: "LoadedSite", export: "Export", seed: int, state: Path | None) -> "Report":
    from cabinet.rehearsal.replay import replay
    from cabinet.rehearsal.virtual_time import run_virtual

    journal = None
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
        journal = state / "journal.db"
        if journal.exists():
            raise Stopped(f"{journal} exists already; name an empty folder")
    return run_virtual(replay(loaded, export, seed=seed, journal=journal))


def _words(report: "Report") -> str:
    lines = [
        f"{report.dispenses} dispenses recorded ({report.repeated_rows} repeated rows, {report.bad_rows} bad rows skipped)",
        f"{report.performed} performed, {report.units} units; {report.refused} refused, {report.stocked_out} of them for lack of stock",
        f"{report.stock_out_permille / 10:.1f} % stock-outs; {report.incomplete} incomplete",
        f"{report.refills} refills of {report.units_refilled} units; {report.vend_to_refill_permille / 1000:.2f} withdrawals per refill",
        f"at the cabinet {report.at_cabinet_ms_median / 1000:.1f} s (median), {report.at_cabinet_ms_p90 / 1000:.1f} s (90th percentile)",
        f"{report.discrepancies} discrepancies; {report.facts} facts, of which the pharmacy server holds {report.pharmacy_seq}",
    ]
    lines += [f"  refused {count} x {code}" for code, count in sorted(report.refusals.items())]
    lines += [
        f"  {found['pocket']}: plant {found['plant']}, journal {found['journal']}, pharmacy {found['pharmacy']}"
        for found in report.disagreements
    ]
    lines.append("pieces, journal and pharmacy server agree to the last unit" if report.balanced else "NOT BALANCED")
    return "\n".join(lines)
