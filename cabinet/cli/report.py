"""`adc report NAME`: the record drawn up from the journal, whether or not the controller runs.

Alone knows: how a report is asked for on the command line, and where it is written. Must not know: what any report says.
"""

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cabinet.cli.exit_code import Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from cabinet.report.asked import Setting
    from cabinet.report.table import Sheet
    from cabinet.workbench.bench import Bench

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_STDOUT = Path("-")
_PATIENCE_S = 310.0
"""A cabinet draws one report at a time, for five minutes at most."""


@click.command(name="report")
@click.argument("name", required=False)
@click.option("--from", "from", metavar="WHEN", help="From when on: 2026-11-23, or 2026-11-23T07:00, in the site's time zone.")
@click.option("--to", metavar="WHEN", help="Until when (a day: to its end), or the moment of an inventory.")
@click.option("--pocket", metavar="ID", help="Only this pocket.")
@click.option("--item", metavar="ID", help="Only this item.")
@click.option("--schedule", metavar="CLASS", help="Only items of this schedule: c2, c3, c4, c5 or none.")
@click.option("--person", metavar="ID", help="Only what this staff member did or witnessed.")
@click.option("--patient", metavar="ID", help="Only what was taken for this patient.")
@click.option("--lot", metavar="LOT", help="Only this lot.")
@click.option("--days", metavar="N", help="How many days, where a report asks for days.")
@click.option("--discrepancy", metavar="ID", help="The discrepancy that is meant.")
@click.option("--access", metavar="ID", help="The access that is meant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every column.")
@click.option("--csv", "csv_file", type=_FILE, help="Write CSV with every column to this file (- for standard output).")
@click.option("--pdf", "pdf_file", type=_FILE, help="Write PDF to this file (- for standard output).")
@click.option("--badge", help="Sign in at the cabinet (the PIN is asked for): drawn there, as that role may, and on record.")
@click.option("--kiosk-port", type=int, envvar="ADC_KIOSK_PORT", help="With --badge: where the kiosk listens (default: the site's).")
@click.option("--drawn-by", default="", hidden=True)
@click.option("--without-blind", is_flag=True, hidden=True)
@on_one_cabinet
def command(place: Place, name: str | None, **options: Any) -> None:
    """Draw up report NAME from the journal: a table, JSON, CSV or PDF. Without NAME, list the reports.

    Without --badge it reads the journal's file as whoever may read that, and leaves no record of it.

    Times are in the site's time zone. `adc report pocket --pocket ID` says who had a pocket open between two counts.
    """
    files = {form: options.pop(f"{form}_file") for form in ("csv", "pdf")}
    as_json, badge, kiosk_port = options.pop("as_json"), options.pop("badge"), options.pop("kiosk_port")
    if name is None:
        _list(as_json=as_json)
        return
    if badge is not None:
        wanted = {form: path for form, path in files.items() if path is not None} | ({"json": _STDOUT} if as_json else {})
        _draw_there(place, badge, kiosk_port, name, options, wanted)
        return
    sheet = _draw(place, name, options)
    for form, path in files.items():
        if path is not None:
            _write(path, sheet, form)
    if as_json:
        _write(_STDOUT, sheet, "json")
    elif not any(files.values()):
        _print(sheet)


def _draw_there(place: Place, badge: str, kiosk_port: int | None, name: str, options: dict[str, Any], wanted: dict[str, Path]) -> None:
    """Have the cabinet draw it for a person: what their role may not see is not in it, and that it was drawn stands in the journal."""
    from urllib.parse import quote

    from cabinet.cli.hw.desk import Desk

    if not wanted:
        raise click.UsageError("with --badge name a form: --json, --csv FILE or --pdf FILE")
    words = {word: said for word, said in options.items() if said and word not in {"drawn_by", "without_blind"}}
    path, desk = f"/reports/{quote(name)}", Desk(place, badge, kiosk_port)

    async def fetch(bench: "Bench") -> dict[str, bytes]:
        return {form: await bench.fetch(path, params={**words, "format": form}, timeout=_PATIENCE_S) for form in wanted}

    for form, content in desk.do(fetch, is_bench=False).items():
        _put(wanted[form], content, form)


def _draw(place: Place, name: str, options: dict[str, Any]) -> "Sheet":
    from cabinet.adapters.journal_reader import read_journal
    from cabinet.app.records import Records
    from cabinet.ports import JournalBroken
    from cabinet.report.asked import NotAnswerable, asked_of
    from cabinet.report.names import draw

    if place.site is None:
        raise click.UsageError("name the site with --site FILE or ADC_SITE")
    setting = _setting(place.site, drawn_by=options.pop("drawn_by"), sees_balances=not options.pop("without_blind"))
    try:
        with closing(read_journal(place.state / "journal.db")) as journal:
            return draw(name, Records(journal), setting, asked_of(options, setting.zone))
    except NotAnswerable as problem:
        raise click.UsageError(str(problem)) from problem
    except JournalBroken as problem:
        raise Stopped(str(problem)) from problem


def _setting(site: Path, *, drawn_by: str, sees_balances: bool) -> "Setting":
    from zoneinfo import ZoneInfo

    from cabinet.adapters.clock import SystemClock
    from cabinet.app.world import world_of
    from cabinet.report.asked import Setting
    from config.load import load_site
    from config.problem import SiteProblems

    try:
        loaded = load_site(site)
    except SiteProblems as problem:
        raise Stopped(str(problem)) from problem
    zone, now = ZoneInfo(loaded.site.time_zone), SystemClock().now().utc
    return Setting(world_of(loaded), zone, now, sees_balances, drawn_by, loaded.site.paper)


def _list(*, as_json: bool) -> None:
    from cabinet.report.asked import OPTIONS
    from cabinet.report.names import REPORTS

    known = [
        {"name": one.name, "says": one.sentence, "takes": sorted(OPTIONS[word] for word in one.takes)} for one in REPORTS.values()
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(known))
        return
    for one in known:
        click.echo(f"{one['name']:<14} {one['says']}\n{'':<14} {' '.join(one['takes'])}")


def _write(path: Path, sheet: "Sheet", form: str) -> None:
    from cabinet.report.names import written

    _put(path, written(sheet, form), form)


def _put(path: Path, content: bytes, form: str) -> None:
    if path == _STDOUT:
        click.echo(content.rstrip(b"\n") if form == "json" else content, nl=form == "json")
        return
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise Stopped(f"{path}: {problem.strerror}") from problem
    click.echo(f"written: {path}", err=True)


def _print(sheet: "Sheet") -> None:
    from rich.table import Table as RichTable
    from rich.text import Text

    from cabinet.cli.terminal import console
    from cabinet.report.printed import lines, text

    out = console()
    for line in lines(sheet.heading):
        out.print(Text(line))
    for table in sheet.tables:
        columns, rows = table.shown()
        shown = RichTable(*(column.title for column in columns), title=Text(table.title), title_justify="left")
        for row in rows:
            shown.add_row(*(Text(text(cell, sheet.heading.zone)) for cell in row))
        out.print()
        out.print(shown if rows else Text(f"{table.title}: nothing to report."))
        for line in (*table.notes, *(f"{words}: ______________________" for words in table.signature_lines)):
            out.print(Text(line))
