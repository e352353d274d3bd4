"""`adc run`: the controller of one cabinet, on real lines.

Alone knows: the options, and which exit status each way of ending has. Must not know: how a cabinet is put together.
"""

import asyncio
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet


@click.command(name="run")
@click.option("--kiosk-port", type=int, help="The kiosk's port on loopback (default: the site's).")
@click.option("--ward-port", type=int, help="The port of the ward's listener, where the site has one (default: the site's).")
@click.option("--mqtt-port", type=int, help="The broker's port (default: the site's).")
@click.option("--mqtt-protocol", type=click.Choice(["5", "3.1.1"]), help="What the broker speaks (default: the site's).")
@click.option("--framed-by", hidden=True, help="The one page on loopback that may frame the kiosk: the demo's guide.")
@on_one_cabinet
def command(
    place: Place, kiosk_port: int | None, ward_port: int | None, mqtt_port: int | None, mqtt_protocol: str | None, framed_by: str | None
) -> None:
    """Run the controller of one cabinet until SIGTERM or SIGINT.

    Exit status 3 when the journal cannot be trusted or written, 4 when the lines are not to be had.
    """
    if place.site is None:
        raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)
    gc.disable()  # what a start makes is there to stay: looking through it again and again would take a tenth of a second
    set_log()
    from cabinet.adapters.precise_loop import precise_loop
    from cabinet.app.live import broker_of, serve
    from config.load import load_site
    from config.problem import SiteProblems

    os.umask(0o077)
    try:
        loaded = load_site(place.site)
        broker = broker_of(loaded, port=mqtt_port, protocol=mqtt_protocol)
    except (SiteProblems, OSError, ValueError) as problem:
        gc.enable()
        raise Stopped(str(problem)) from problem
    state = place.given_state or Path(loaded.site.state)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)

    def work() -> None:
        with asyncio.Runner(loop_factory=precise_loop) as runner:
            port = kiosk_port or loaded.site.kiosk.port
            runner.run(serve(loaded, state, broker, kiosk_port=port, ward_port=ward_port, framed_by=framed_by))

    _end_process(_outcome(work))


def _outcome(work: Callable[[], None]) -> ExitCode:
    """Do the work and say on stderr why it ended, if not because it was told to."""
    from cabinet.adapters.directory import CredentialsDamaged
    from cabinet.adapters.journal import ClockUnset
    from cabinet.adapters.journal_lock import JournalHeld
    from cabinet.adapters.secrets import PepperUnusable
    from cabinet.adapters.signing import KeyUnusable
    from cabinet.ports import JournalBroken, LineLost

    try:
        work()
    except (JournalHeld, ClockUnset, CredentialsDamaged, KeyUnusable, PepperUnusable) as problem:
        return _say(str(problem), ExitCode.FAILED)
    except JournalBroken as problem:
        return _say(f"{problem}; every coil is off; start again to replay from disk", ExitCode.INTEGRITY)
    except LineLost as problem:
        return _say(str(problem), ExitCode.HARDWARE)
    except BaseException:  # noqa: BLE001 - whatever it is, it is told and the process ends
        traceback.print_exc()
        return ExitCode.FAILED
    return ExitCode.DONE


def _say(sentence: str, code: ExitCode) -> ExitCode:
    click.echo(f"Error: {sentence}", err=True)
    return code


def _end_process(status: ExitCode) -> NoReturn:
    """Leave without waiting for any thread: one that hangs would keep a dead controller among the living, and nobody would restart it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Let what is imported meanwhile find that an optional library is not installed; whoever imports it later has it."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]  # the import system's own word for "there is none"
    try:
        yield
    finally:
        del sys.modules[library]


def set_log(to: TextIO | None = None) -> None:
    """Structured lines on stderr or `to` a file; they hold no secret and no patient. Called before anybody else imports structlog."""
    with _without("rich"):  # it paints faults for a terminal, and these lines are JSON: 6 MB that a controller would hold for ever
        import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=to or sys.stderr),
    )
