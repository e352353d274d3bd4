"""`adc hw walk`: a cabinet is commissioned channel by channel, and the result signed.

Alone knows: its options and how its result is printed. Must not know: how a cabinet is reached, or what proves a channel.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.hw.desk import Desk, auto_option, json_option, page_of, print_json, with_desk

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json
    from cabinet.workbench.unfinished import Errand, Unfinished


@click.command(name="walk")
@click.option("--board", "scope", default="", help="Only the channels of one board, after it was replaced.")
@auto_option
@click.option("--verify", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Only check a signed result.")
@click.option("--key", help="With --verify: the public key (hexadecimal) that it must be signed with.")
@json_option
@with_desk
def command(desk: Desk, scope: str, page: str | None, verify: Path | None, key: str | None, *, as_json: bool) -> None:
    """Commission the cabinet: move every channel once, watch that it and nothing else changes, sign the result.

    Each lock is pulsed and must be seen to open and to close; lights are told by eye, photo-eyes and scales proven by hand, readers by a
    badge and scanners by a package. q or Ctrl-C stops; the next walk goes on there. Exit status 4 where a channel did not pass.
    """
    if verify is not None:
        _verify(verify, key, as_json=as_json)
        return
    desk.do(lambda bench: commission(bench, desk.place.state, scope, page and page_of(desk.place, page), as_json=as_json))


def _verify(path: Path, key: str | None, *, as_json: bool) -> None:
    from cabinet.adapters.signing import NotSigned, check_signed

    try:
        checked = check_signed(path, key)
    except NotSigned as problem:
        raise Stopped(str(problem), ExitCode.INTEGRITY) from problem
    result = checked.result
    if as_json:
        print_json({**result, "key": checked.key, "sha256": checked.sha256})
        return
    try:
        verdict = "passed" if result["is_passed"] else "did not pass"
        said = f"{result['cabinet']} {verdict} on {result['at'][:16]} by {result['staff_name']}, {len(result['channels'])} channels"
        click.echo(f"{said}\nwiring {result['wiring']}")
    except (KeyError, TypeError) as odd:
        raise Stopped(f"{path} is signed, and is no result of a walk", ExitCode.INTEGRITY) from odd
    click.echo(f"signed with key {checked.key}; the journal names this file by its sha256 {checked.sha256}")


async def commission(bench: "Bench", state: Path, scope: str, page: str | None, *, as_json: bool) -> None:
    """Walk, have the result signed, and print both. What is done when somebody leaves is kept in the state folder."""
    from cabinet.cli.hw.prompt import AskedHand
    from cabinet.workbench.bench import boards_of
    from cabinet.workbench.hand import Left
    from cabinet.workbench.unfinished import Errand, Unfinished
    from cabinet.workbench.virtual_hand import virtual_hand
    from cabinet.workbench.walk import Walk

    picture = await bench.picture()
    boards_of(picture, [scope] if scope else [])
    errand, kept = Errand(picture["wiring"], scope, bench.staff["id"]), Unfinished(state / "commissioning" / "unfinished.json")
    former = [] if page else await _taken_up(kept, errand)
    found: list[Json] = []

    def tell(row: "Json") -> None:
        found.append({key: value for key, value in row.items() if key != "remedy"})
        if not page:
            kept.write(errand, [*found, *(old for old in former if old["channel"] not in {new["channel"] for new in found})])
        click.echo(_told(row), err=as_json)

    async with virtual_hand(page, {lock["drawer"] for lock in picture["locks"]}) if page else AskedHand() as hand:
        try:
            rows = await Walk(bench, hand, tell, scope, former).run()
        except (Left, asyncio.CancelledError) as left:
            await _say_goodbye(bench, len(found))
            if isinstance(left, Left):
                raise Stopped(str(left)) from left
            raise
        result = await bench.keep(scope, rows, is_unattended=hand.is_unattended)
    kept.discard()
    _print(result, rows, as_json=as_json)


async def _taken_up(kept: "Unfinished", errand: "Errand") -> "list[Json]":
    """What an unfinished walk found, where the technician goes on with that."""
    from cabinet.cli.hw import asking

    former = kept.read(errand)
    passed = sum(row["verdict"] == "passed" for row in former)
    if not passed:
        return []
    question = f"An unfinished walk of yours is kept ({kept.when()}): {passed} passed. Go on there? Answer n if a wire was moved since"
    return former if await asking.yes(question) else []


async def _say_goodbye(bench: "Bench", done: int) -> None:
    """Leave nothing open unsaid. Where nobody answers any more, there is nothing to say."""
    from cabinet.workbench.bench import Refused, Unreachable

    try:
        ajar = [lock["place"] for lock in (await bench.picture())["locks"] if lock["state"] == "open"]
    except (Refused, Unreachable):
        ajar = []
    click.echo(f"\nstopped after {done} channels; `adc hw walk` goes on from there, and nothing is signed yet", err=True)
    if ajar:
        click.echo(f"still open: {', '.join(ajar)}. Push them shut: what they hold owes a count", err=True)


def _told(row: "Json") -> str:
    detail = " ".join(filter(None, (row["detail"], row["code"] and f"({row['code']})", row["remedy"])))
    return f"{row['verdict']:8} {row['part']:6} {row['channel']:14} {row['place']:34} {detail}".rstrip()


def _print(result: "Json", rows: "list[Json]", *, as_json: bool) -> None:
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("passed", "failed", "skipped")}
    if as_json:
        print_json({**result, **counts, "channels": rows})
    else:
        click.echo(", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
        click.echo(f"signed: commissioning/{result['file']} (sha256 {result['sha256'][:16]}...)")
    if not result["is_passed"]:
        raise Stopped(f"not passed: {', '.join(result['failed'])}", ExitCode.HARDWARE)
