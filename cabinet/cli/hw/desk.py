"""What the commands of the bench have in common: where the bench is, how it is reached and left, and what an end in trouble is called.

Alone knows: the options that say where the bench is, and the exit status of each refusal. Must not know: any one command.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    import httpx

    from cabinet.workbench.bench import Bench, Json

R = TypeVar("R")
OWN_PAGE = "own"
"""`--auto` without an address: the virtual cabinet's page is where the site says."""
MISNAMED = ("service.no_board", "service.no_scale", "pocket.unknown", "request.malformed")
"""Refusals of a name or a number that this cabinet does not have: the command was typed wrongly."""
AUTO = "With the virtual cabinet's hands (default: of the page that the site names)."


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the bench is, and by which badge."""

    place: Place
    badge: str | None
    kiosk_port: int | None

    def do(self, act: "Callable[[Bench], Awaitable[R]]", *, is_bench: bool = True) -> R:
        """Sign in, act, sign out; ends the command with the status that fits whatever stopped it.

        `is_bench`: a technician at the bench of this very cabinet; else anybody, for what the cabinet lets their role do.
        """
        from cabinet.cli.run import set_log
        from cabinet.workbench.reach import bench_of, caller_of

        set_log()
        if self.place.site is None:
            raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)

        os.umask(0o077)  # where no controller runs, this command begins the journal

        async def work() -> R:
            async with (bench_of if is_bench else caller_of)(self.place, self.badge, self.kiosk_port) as bench:
                return await act(bench)

        return _finish(work)

    def ask_stranger(self, act: "Callable[[httpx.AsyncClient], Awaitable[R]]") -> R:
        """Ask the cabinet something without signing in."""
        from cabinet.cli.run import set_log
        from cabinet.workbench.reach import stranger_of

        set_log()
        if self.place.site is None:
            raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)
        os.umask(0o077)

        async def work() -> R:
            async with stranger_of(self.place, self.kiosk_port) as client:
                return await act(client)

        return _finish(work)

    def setup_code(self) -> str:
        """The code that enrols the first administrator. Ends the command where there is none, or it is another user's."""
        from cabinet.adapters.setup_code import NAME

        path = self.place.state / NAME
        try:
            return path.read_text().strip()
        except FileNotFoundError as problem:
            raise Stopped("there is no setup code: somebody here enrols staff, or the controller was never started") from problem
        except PermissionError as problem:
            raise Stopped(f"{path} may be read by the cabinet's own user alone", ExitCode.NOT_AUTHORISED) from problem


def page_of(place: Place, named: str) -> str:
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
        raise Stopped(str(refused), _status(refused.code)) from refused
    except Unreachable as problem:
        raise Stopped(str(problem), ExitCode.UNREACHABLE) from problem
    except JournalHeld as problem:
        raise Stopped(f"{problem}; its kiosk does not answer there: name it with --kiosk-port", ExitCode.UNREACHABLE) from problem
    except JournalBroken as problem:
        raise Stopped(str(problem), ExitCode.INTEGRITY) from problem
    except LineLost as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem


def _status(code: str) -> ExitCode:
    """The exit status of a refusal."""
    if code in MISNAMED:
        return ExitCode.USAGE
    if code.startswith(("device.", "bus.", "scale.", "input.", "board.")):
        return ExitCode.HARDWARE
    is_barred = code.startswith(("session.", "policy.", "setup.", "staff.own", "staff.temporary"))
    return ExitCode.NOT_AUTHORISED if is_barred else ExitCode.FAILED


def json_option(act: Callable[..., R]) -> Callable[..., R]:
    """Give a command `--json`; it is called with `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(act)


def auto_option(act: Callable[..., R]) -> Callable[..., R]:
    """Give a command `--auto`; it is called with the `page` of the virtual cabinet, or None."""
    option = click.option("--auto", "page", is_flag=False, flag_value=OWN_PAGE, metavar="[URL]", help=AUTO)
    return option(act)


def print_json(value: object) -> None:
    """One line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


def lines_of(picture: "Json", named: tuple[str, ...]) -> "list[Json]":
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
