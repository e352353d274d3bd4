"""`adc journal`: check the chain, write it out, look at its end. Reads only, whether or not the controller runs.

Alone knows: how facts are shown on a terminal, and what a head kept elsewhere looks like in a file.
Must not know: how the journal is stored or what makes a chain hold.
"""

import asyncio
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from cabinet.adapters.journal_reader import JournalReader
    from cabinet.adapters.journal_row import Head

JOURNAL = "journal.db"
FOLLOW_S = 0.25

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="journal")
def command() -> None:
    """Verify, export or follow the append-only record."""


@command.command()
@click.argument("export", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), required=False)
@click.option("--head", type=_FILE, help="A head kept elsewhere (JSON: epoch, seq, hash), which the chain must contain.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: ok, and facts, epoch, seq, hash or the first bad one.")
@on_one_cabinet
@click.pass_context
def verify(context: click.Context, export: Path | None, head: Path | None, place: Place, *, as_json: bool) -> None:
    """Check every fact of the journal, or of an EXPORT of it (- for standard input), from the first to the last.

    Exit status 3, and the first bad fact is named, where the chain does not hold.
    """
    from cabinet.adapters.journal_chain import ChainBroken

    known = None if head is None else _read_head(head)
    try:
        count, last = _verify_journal(place, known) if export is None else _verify_export(export, known)
    except ChainBroken as problem:
        if as_json:
            _print_json({"ok": False, "epoch": problem.epoch, "first_bad_seq": problem.seq, "why": problem.why})
        click.echo(f"broken: {problem}", err=True)
        context.exit(ExitCode.INTEGRITY)
    if as_json:
        _print_json({"ok": True, "facts": count, **last._asdict()})
    else:
        click.echo(f"whole: {count} facts, the last is {last.epoch}/{last.seq} with hash {last.hash}")


@command.command()
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="Where to (default: standard output).")
@click.option("--json", "as_json", is_flag=True, help="An export is JSON Lines with or without this.")
@on_one_cabinet
def export(output: TextIO, place: Place, *, as_json: bool) -> None:
    """Write every fact as JSON Lines, as docs/journal.md describes them."""
    del as_json
    with closing(_journal(place)) as journal:
        output.writelines(_compact(envelope) + "\n" for envelope in journal.envelopes())


@command.command()
@click.option("-n", "--lines", type=click.IntRange(min=0), default=20, show_default=True, help="How many of the last facts.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what is written from now on, until interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
@on_one_cabinet
def tail(lines: int, place: Place, *, follow: bool, as_json: bool) -> None:
    """Show the last facts, oldest first."""
    from cabinet.adapters.journal_row import envelope_of_row

    show = _compact if as_json else _sentence
    with closing(_journal(place)) as journal:
        place_shown = journal.head[:2]
        for row in journal.last(lines):
            click.echo(show(envelope_of_row(row)))
            place_shown = (row[0], row[1])
        if follow:
            asyncio.run(_follow(journal, place_shown, as_json=as_json))


async def _follow(journal: "JournalReader", place: tuple[int, int], *, as_json: bool) -> None:
    show = _compact if as_json else _sentence
    while True:
        for envelope in journal.envelopes(*place):
            click.echo(show(envelope))
            place = (envelope["epoch"], envelope["seq"])
        sys.stdout.flush()
        await asyncio.sleep(FOLLOW_S)


def _journal(place: Place) -> "JournalReader":
    from cabinet.adapters.journal_reader import read_journal
    from cabinet.ports import JournalBroken

    try:
        return read_journal(place.state / JOURNAL)
    except JournalBroken as problem:
        raise Stopped(str(problem)) from problem


def _verify_journal(place: Place, known: "Head | None") -> "tuple[int, Head]":
    with closing(_journal(place)) as journal:
        return journal.verify(known)


def _verify_export(path: Path, known: "Head | None") -> "tuple[int, Head]":
    from cabinet.adapters.journal_chain import rows_of_export, verify

    # Bytes that are no UTF-8 become lone surrogates, which no fact may hold: the chain names the place.
    with click.open_file(str(path), encoding="utf-8", errors="surrogateescape") as lines:
        return verify(rows_of_export(lines), known=known)


def _read_head(path: Path) -> "Head":
    from cabinet.adapters.journal_row import Head

    try:
        said = json.loads(path.read_bytes())
        return Head(int(said["epoch"]), int(said["seq"]), str(said["hash"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise click.UsageError(f"{path}: a head is a JSON object with epoch, seq and hash ({problem!r})") from problem


def _sentence(envelope: dict[str, Any]) -> str:
    """`     7  2026-01-02 03:04:05  units_moved           nurse-7  a1f3  pocket=m1-01 units=2`."""
    when = envelope["at"][:19].replace("T", " ")
    who = "+".join(name for name in (envelope["staff"], envelope["witness"]) if name) or "-"
    said = " ".join(f"{key}={_word(value)}" for key, value in envelope["body"].items() if value is not None)
    return f"{envelope['seq']:>8}  {when}  {envelope['type']:<21}  {_word(who)}  {_word((envelope['access'] or '-')[:8])}  {said}"


def _word(value: object) -> str:
    """Text that is one plain word as it is, anything else as JSON, so that no fact can write to the terminal."""
    is_plain = isinstance(value, str) and value.isprintable() and " " not in value and value
    return str(value) if is_plain else json.dumps(value)


def _compact(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))
