"""`adc run`: the controller of one cabinet, on real lines.

Alone knows: the options, and which exit status each way of ending has. Must not know: how a cabinet is put together.
"""

import asyncio
import sys
from pathlib import Path

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet


@click.command(name="run")
@click.option("--kiosk-port", type=int, help="The kiosk's port on loopback (default: the site's).")
@click.option("--mqtt-port", type=int, help="The broker's port (default: the site's).")
@click.option("--mqtt-protocol", type=click.Choice(["5", "3.1.1"]), help="What the broker speaks (default: the site's).")
@on_one_cabinet
def command(place: Place, kiosk_port: int | None, mqtt_port: int | None, mqtt_protocol: str | None) -> None:
    """Run the controller of one cabinet until SIGTERM or SIGINT.

    Exit status 3 when the journal cannot be trusted or written, 4 when the lines are not to be had.
    """
    from cabinet.adapters.journal import ClockUnset
    from cabinet.adapters.journal_lock import JournalHeld
    from cabinet.adapters.precise_loop import precise_loop
    from cabinet.app.live import broker_of, serve
    from cabinet.ports import JournalBroken, LineLost
    from config.load import load_site
    from config.problem import SiteProblems

    if place.site is None:
        raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)
    _set_log()
    try:
        loaded = load_site(place.site)
        state = place.given_state or Path(loaded.site.state)
        state.mkdir(parents=True, exist_ok=True)
        with asyncio.Runner(loop_factory=precise_loop) as runner:
            broker = broker_of(loaded, port=mqtt_port, protocol=mqtt_protocol)
            runner.run(serve(loaded, state, broker, kiosk_port=kiosk_port or loaded.site.kiosk.port))
    except (SiteProblems, JournalHeld, ClockUnset, ValueError) as problem:
        raise Stopped(str(problem)) from problem
    except JournalBroken as problem:
        raise Stopped(f"{problem}; every coil is off; start again to replay from disk", ExitCode.INTEGRITY) from problem
    except LineLost as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem


def _set_log() -> None:
    """Structured lines on stderr; they hold no secret and no patient."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
