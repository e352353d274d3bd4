"""`adc rebuild`: a cabinet whose journal is lost goes on from what the pharmacy server holds of it.

Alone knows: where the facts are fetched, and what is said to whoever has the new disk in hand.
Must not know: how a journal is written, or what a start makes of a copy.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

WAIT_S = 30.0


@click.command(name="rebuild")
@click.argument("source")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object: facts, epoch, seq, hash of the copy's last fact, and the new epoch."
)
@on_one_cabinet
def command(source: str, place: Place, *, as_json: bool) -> None:
    """Give a cabinet whose journal is lost back what the pharmacy server holds of it.

    SOURCE is the address of the pharmacy server (https://pharmacy.example), or a file that `adc journal export` wrote. Every fact is
    checked; a new epoch begins after the last one; and every pocket owes a count, because nobody knows what was done after it.

    A journal that is there is never touched. Exit status 3 where the facts do not hold together, 6 where the server does not answer.
    """
    from cabinet.adapters.clock import SystemClock
    from cabinet.adapters.journal import ClockUnset, JournalThread, Origin
    from cabinet.adapters.journal_chain import ChainBroken, rows_of_export
    from cabinet.adapters.journal_copy import JournalThere, write_copy
    from cabinet.app.software import BUILT, SOFTWARE
    from cabinet.ports import JournalBroken
    from config.load import load_site
    from config.problem import SiteProblems

    if place.site is None:
        raise click.UsageError("name the site with --site FILE or ADC_SITE")
    try:
        cabinet = load_site(place.site).site.cabinet
        place.state.mkdir(parents=True, exist_ok=True)
        path = place.state / "journal.db"
        with ExitStack() as until_read:
            count, last = write_copy(path, rows_of_export(_lines(source, cabinet, until_read)))
        try:
            journal = JournalThread.open(
                path, Origin(cabinet, SOFTWARE, BUILT), now=SystemClock().now, new_id=lambda: str(uuid.uuid4()), new_epoch=True
            )
        except (JournalBroken, ClockUnset):
            path.unlink()
            raise
        epoch = journal.epoch
        journal.close()
    except ChainBroken as problem:
        raise Stopped(f"broken: {problem}; nothing was written", ExitCode.INTEGRITY) from problem
    except (SiteProblems, JournalThere, JournalBroken, ClockUnset, OSError, sqlite3.Error) as problem:
        raise Stopped(str(problem)) from problem
    if as_json:
        click.echo(json.dumps({"facts": count, **last._asdict(), "new_epoch": epoch}))
    else:
        click.echo(f"{count} facts, the last is {last.epoch}/{last.seq}; the journal goes on in epoch {epoch}")
        click.echo("next: adc run; then count every pocket, which the cabinet asks for. Enrol people again, or put credentials back.")


def _lines(source: str, cabinet: str, until_read: ExitStack) -> Iterator[str]:
    """The export's lines, from a file or as they come from the server."""
    if "://" not in source:
        return iter(until_read.enter_context(Path(source).open(encoding="utf-8")))
    import httpx

    address = f"{source.rstrip('/')}/api/v1/cabinets/{cabinet}/journal"
    try:
        answer = until_read.enter_context(httpx.stream("GET", address, timeout=WAIT_S))
    except httpx.HTTPError as problem:
        raise Stopped(f"{address} does not answer: {problem}", ExitCode.UNREACHABLE) from problem
    if answer.is_error:
        raise Stopped(f"{address} answers {answer.status_code}: {answer.read().decode()[:300]}", ExitCode.UNREACHABLE)
    return answer.iter_lines()
