"""`adc hw`: the technician's bench.

Alone knows: the options of each act and how its result is printed. Must not know: how a cabinet is reached, or what proves a channel.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json

R = TypeVar("R")
OWN_PAGE = "own"
"""`--auto` without an address: the virtual cabinet's page is where the site says."""


@click.group(name="hw")
def command() -> None:
    """The technician's bench: read, pulse, walk and trace the hardware of one cabinet.

    Where the controller runs, everything goes through it (with a service session); where none runs, the command takes the journal and the
    lines itself. Badge and PIN are asked for, or taken from ADC_BADGE and ADC_PIN. Each pulse is in the journal like every other.
    """


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the bench is, and by which badge."""

    place: Place
    badge: str | None
    kiosk_port: int | None

    def do(self, act: "Callable[[Bench], Awaitable[R]]") -> R:
        """Sign in, act, sign out; ends the command with the status that fits whatever stopped it."""
        from cabinet.cli.run import set_log
        from cabinet.workbench.reach import bench_of

        set_log()
        if self.place.site is None:
            raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)

        os.umask(0o077)  # where no controller runs, this command begins the journal

        async def work() -> R:
            async with bench_of(self.place, self.badge, self.kiosk_port) as bench:
                return await act(bench)

        return _finish(work)


def _page_of(place: Place, named: str) -> str:
    """Where the virtual cabinet's page is."""
    from config.load import load_site

    assert place.site is not None
    return f"http://127.0.0.1:{load_site(place.site).site.simulator.page_port}" if named == OWN_PAGE else named


def with_desk(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options that say where the bench is; it is called with a `desk`."""

    @click.option("--badge", envvar="ADC_BADGE", help="The technician's badge (else it is asked for).")
    @click.option(
        "--kiosk-port", type=int, envvar="ADC_KIOSK_PORT", help="Where the running controller's kiosk listens (default: the site's)."
    )
    @on_one_cabinet
    @wraps(command)
    def placed(place: Place, badge: str | None, kiosk_port: int | None, **options: Any) -> R:
        return command(desk=Desk(place, badge, kiosk_port), **options)

    return placed


def at_bench(act: Callable[..., Awaitable[R]]) -> Callable[..., R]:
    """Make an act a command: it is called with `bench` first."""

    @with_desk
    @wraps(act)
    def done(desk: Desk, **options: Any) -> R:
        return desk.do(lambda bench: act(bench, **options))

    return done


def _finish(work: Callable[[], Awaitable[R]]) -> R:
    """Do the work, and end with the status that fits whatever stopped it."""
    from cabinet.adapters.journal_lock import JournalHeld
    from cabinet.ports import JournalBroken, LineLost
    from cabinet.workbench.bench import Refused, Unreachable

    async def run() -> R:
        return await work()

    try:
        return asyncio.run(run())
    except Refused as refused:
        is_hardware = refused.code.startswith(("device.", "bus.", "scale.", "input.", "board."))
        is_unknown = refused.code.startswith(("session.", "policy."))
        code = ExitCode.HARDWARE if is_hardware else ExitCode.NOT_AUTHORISED if is_unknown else ExitCode.FAILED
        raise Stopped(str(refused), code) from refused
    except Unreachable as problem:
        raise Stopped(str(problem), ExitCode.UNREACHABLE) from problem
    except JournalHeld as problem:
        raise Stopped(f"{problem}; its kiosk does not answer there: name it with --kiosk-port", ExitCode.UNREACHABLE) from problem
    except JournalBroken as problem:
        raise Stopped(str(problem), ExitCode.INTEGRITY) from problem
    except LineLost as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem


def _json_option(act: Callable[..., R]) -> Callable[..., R]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(act)


AUTO = "With the virtual cabinet's hands (default: of the page that the site names)."


def _auto_option(act: Callable[..., R]) -> Callable[..., R]:
    option = click.option("--auto", "page", is_flag=False, flag_value=OWN_PAGE, metavar="[URL]", help=AUTO)
    return option(act)


def _print(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@command.command()
@click.argument("buses", nargs=-1)
@click.option("--from", "lowest", type=int, help="The first address (default: the lowest that a board of this line can have).")
@click.option("--to", "highest", type=int, help="The last address.")
@_json_option
@at_bench
async def scan(bench: "Bench", buses: tuple[str, ...], lowest: int | None, highest: int | None, *, as_json: bool) -> None:
    """Ask every address of BUSES (default: all lines) who is there, and what it seems to be.

    A silent address costs the whole time-out of its line, so this takes up to two minutes on a slow one; the cabinet is in maintenance
    meanwhile. Answers that are damaged speak for two boards at one address.
    """
    from cabinet.workbench.scanning import scan_line

    picture = await bench.take()
    lines = _lines(picture, buses)
    found: list[Json] = []
    for line in lines:
        first, last = max(lowest or 0, line["lowest"]), min(highest or line["highest"], line["highest"])
        click.echo(f"{line['bus']}: addresses {first} to {last} ...", err=True)
        async for row in scan_line(bench, picture, line["bus"], range(first, last + 1)):
            found.append(row)
            if not as_json:
                click.echo(_scanned(row))
    if as_json:
        _print(found)
    if any(row["is_wrong"] for row in found):
        raise Stopped("something is not as the site file says", ExitCode.HARDWARE)


def _lines(picture: "Json", named: tuple[str, ...]) -> "list[Json]":
    """The lines that are meant. Ends the command where one is not there, or is only listened to."""
    lines: list[Json] = picture["lines"]
    missing = set(named) - {line["bus"] for line in lines}
    if listened := missing & {board["bus"] for board in picture["boards"]}:
        why = "readers and scanners speak there by themselves; `adc hw identify` asks a reader"
        raise Stopped(f"{', '.join(sorted(listened))} can be neither scanned nor traced: {why}", ExitCode.USAGE)
    if missing:
        known = ", ".join(line["bus"] for line in lines)
        raise Stopped(f"there is no line {', '.join(sorted(missing))}; there are {known}", ExitCode.USAGE)
    return [line for line in lines if line["bus"] in named or not named]


def _scanned(row: "Json") -> str:
    mark = "!" if row["is_wrong"] else " "
    return f"{mark} {row['bus']} {row['address']:>3}  {row['answer']:9} {row['board'] or '-':12} {row['verdict']}"


@command.command()
@click.argument("boards", nargs=-1)
@_json_option
@at_bench
async def identify(bench: "Bench", boards: tuple[str, ...], *, as_json: bool) -> None:
    """Ask BOARDS (default: all) who they are."""
    from cabinet.workbench.scanning import identify_all

    rows = await identify_all(bench, boards)
    if as_json:
        _print(rows)
    else:
        for row in rows:
            told = " ".join(filter(None, (row.get("maker"), row.get("told"), row.get("firmware"), row.get("serial"), row.get("detail"))))
            click.echo(f"{row['board']:14} {row['bus']}:{row['address']:<4} {row['model']:22} {row.get('fault') or told}")
    if any("fault" in row for row in rows):
        raise Stopped("a board did not say who it is", ExitCode.HARDWARE)


@command.command()
@click.argument("boards", nargs=-1)
@click.option("--once", is_flag=True, help="Read once and end; else again every second until Ctrl-C.")
@_json_option
@at_bench
async def read(bench: "Bench", boards: tuple[str, ...], *, once: bool, as_json: bool) -> None:
    """Show what BOARDS (default: all) tell now: inputs, weights, temperatures. With --json one object a line."""
    from cabinet.cli.hw_table import readings
    from cabinet.workbench.scanning import read_all

    while True:
        await bench.stay()
        rows = await read_all(bench, boards)
        if as_json:
            for row in rows:
                _print(row)
        else:
            readings(rows, is_live=not once)
        if once:
            break
        await asyncio.sleep(1.0)
    if any("fault" in row for row in rows):
        raise Stopped("a board could not be read", ExitCode.HARDWARE)


@command.command()
@click.argument("name")
@_json_option
@at_bench
async def pulse(bench: "Bench", name: str, *, as_json: bool) -> None:
    """Pulse one lock once: NAME is a drawer (m1), a pocket with a lid (n1-03) or a lock (locks-a:0).

    What it exposes owes a count afterwards, unless the journal holds nothing there. Exit status 4 where it did not open.
    """
    picture = await bench.take()
    wanted = {lock["lock"] for lock in picture["locks"] if name in {lock["lock"], lock["pocket"] or lock["drawer"]}}
    if len(wanted) != 1:
        raise Stopped(f"{name} is no drawer, no pocket with a lid and no lock of this cabinet", ExitCode.USAGE)
    result = await bench.pulse(wanted.pop())
    if as_json:
        _print(result)
    else:
        click.echo(f"{result['lock']}: {result['outcome'].replace('_', ' ')}, now {result['state']}")
        for lock, before, after in result["others"]:
            click.echo(f"  {lock} went from {before} to {after} meanwhile: swapped wires, or two boards at one address")
    if result["outcome"] != "opened":
        raise Stopped("it was not seen to open", ExitCode.HARDWARE)


@command.command()
@click.argument("pocket")
@_json_option
@at_bench
async def count(bench: "Bench", pocket: str, *, as_json: bool) -> None:
    """Weigh POCKET and say what counting by weight makes of it. Not told of a pocket that is counted blind or owes a count."""
    await bench.take()
    told = await bench.count(pocket)
    if as_json:
        _print(told)
        return
    units = "" if told["units"] is None else f" {told['units']} units"
    grams = "no weight" if told["mass_mg"] is None else f"{told['mass_mg'] / 1000:.2f} g"
    click.echo(f"{pocket}: {grams}, {'steady' if told['is_steady'] else 'not steady'}: {told['verdict']}{units} {told['why']}".rstrip())


@command.command()
@click.argument("buses", nargs=-1)
@click.option("--for", "for_s", type=float, help="Seconds (default: until Ctrl-C).")
@_json_option
@at_bench
async def trace(bench: "Bench", buses: tuple[str, ...], for_s: float | None, *, as_json: bool) -> None:
    """Follow what is said on BUSES (default: all lines), both ways, with its timing and what it means."""
    from cabinet.workbench.tracing import follow, line_of

    _lines(await bench.picture(), buses)
    async for said in follow(bench, buses, for_s):
        if as_json:
            _print(said)
        else:
            click.echo(line_of(said))


@command.command()
@_json_option
@at_bench
async def selftest(bench: "Bench", *, as_json: bool) -> None:
    """Look at every board, scale, door and photo-eye; opens nothing. Runs by itself once a day and after each update."""
    findings = await bench.selftest()
    if as_json:
        _print({"is_passed": not findings, "findings": findings})
    else:
        click.echo("\n".join(findings) or "every board is as it should be")
    if findings:
        raise Stopped("the self-test found something; `adc doctor` says what to do", ExitCode.HARDWARE)


@command.command()
@click.option("--board", "scope", default="", help="Only the channels of one board, after it was replaced.")
@_auto_option
@click.option("--verify", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Only check a signed result.")
@click.option("--key", help="With --verify: the public key (hexadecimal) that it must be signed with.")
@_json_option
@with_desk
def walk(desk: Desk, scope: str, page: str | None, verify: Path | None, key: str | None, *, as_json: bool) -> None:
    """Commission the cabinet: move every channel once, watch that it and nothing else changes, sign the result.

    Each lock is pulsed and must be seen to open and to close; lights are told by eye, photo-eyes and scales proven by hand.
    Exit status 4 where a channel did not pass.
    """
    if verify is not None:
        _verify(verify, key, as_json=as_json)
        return
    desk.do(lambda bench: _walk(bench, scope, page and _page_of(desk.place, page), as_json=as_json))


def _verify(path: Path, key: str | None, *, as_json: bool) -> None:
    from cabinet.adapters.signing import NotSigned, check_signed

    try:
        checked = check_signed(path, key)
    except NotSigned as problem:
        raise Stopped(str(problem), ExitCode.INTEGRITY) from problem
    result = checked.result
    if as_json:
        _print({**result, "key": checked.key, "sha256": checked.sha256})
        return
    try:
        verdict = "passed" if result["is_passed"] else "did not pass"
        said = f"{result['cabinet']} {verdict} on {result['at'][:16]} by {result['staff_name']}, {len(result['channels'])} channels"
        click.echo(f"{said}\nwiring {result['wiring']}")
    except (KeyError, TypeError) as odd:
        raise Stopped(f"{path} is signed, and is no result of a walk", ExitCode.INTEGRITY) from odd
    click.echo(f"signed with key {checked.key}; the journal names this file by its sha256 {checked.sha256}")


async def _walk(bench: "Bench", scope: str, page: str | None, *, as_json: bool) -> None:
    from cabinet.cli.hw_prompt import AskedHand
    from cabinet.workbench.hand import virtual_hand
    from cabinet.workbench.walk import Walk

    def tell(row: "Json") -> None:
        detail = " ".join(filter(None, (row["detail"], row["code"] and f"({row['code']})", row["remedy"])))
        click.echo(f"{row['verdict']:8} {row['part']:6} {row['channel']:14} {row['place']:34} {detail}".rstrip(), err=as_json)

    drawers = {lock["drawer"] for lock in (await bench.picture())["locks"]}
    async with virtual_hand(page, drawers) if page else AskedHand() as hand:
        rows = await Walk(bench, hand, tell, scope).run()
        kept = await bench.keep(scope, rows, is_unattended=hand.is_unattended)
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("passed", "failed", "skipped")}
    if as_json:
        _print({**kept, **counts, "channels": rows})
    else:
        click.echo(", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
        click.echo(f"signed: commissioning/{kept['file']} (sha256 {kept['sha256'][:16]}...)")
    if not kept["is_passed"]:
        raise Stopped(f"not passed: {', '.join(kept['failed'])}", ExitCode.HARDWARE)


@command.command()
@click.argument("bus")
@click.argument("target", type=click.IntRange(1, 247))
@click.option("--from", "source", type=click.IntRange(1, 247), default=1, show_default=True, help="Its present address: new boards have 1.")
@_json_option
@at_bench
async def address(bench: "Bench", bus: str, target: int, source: int, *, as_json: bool) -> None:
    """Give the one new board on BUS the address TARGET, which the site file must name.

    One board alone answers at the old address and nobody at the new one, or nothing is written. Never by broadcast.
    """
    await bench.take()
    told = await bench.move(bus, source, target)
    if as_json:
        _print(told)
        return
    click.echo(f"{bus} {target}: {told['answer']}, {' or '.join(told['models'])}")
    click.echo("Take its power off and on again, and see that it still answers there: `adc hw identify`.", err=True)


@command.command()
@click.argument("board")
@_auto_option
@_json_option
@with_desk
def replace(desk: Desk, board: str, page: str | None, *, as_json: bool) -> None:
    """Guide the replacement of BOARD by another of its model: address, settings, then a walk of its channels and no others."""
    desk.do(lambda bench: _replace(bench, board, page and _page_of(desk.place, page), as_json=as_json))


async def _replace(bench: "Bench", board: str, page: str | None, *, as_json: bool) -> None:
    from cabinet.workbench.replacing import NotReplaced, take_in

    try:
        await take_in(bench, board, lambda sentence: click.echo(sentence, err=True), _confirm if page is None else _agree)
    except NotReplaced as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem
    await _walk(bench, board, page, as_json=as_json)


def _confirm(question: str) -> bool:
    return click.confirm(question, err=True)


def _agree(_question: str) -> bool:
    return True
