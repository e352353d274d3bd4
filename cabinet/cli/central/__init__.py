"""`adc central`: the pharmacy server, until it is told to stop, and what is done at its machine.

Alone knows: which settings a command line may override. Must not know: what the server does.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import Stopped
from cabinet.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from config.central import Central

COMMANDS = {
    "person": "Set what a person signs in with at the pharmacy's pages.",
}


@dataclass(frozen=True, slots=True)
class Server:
    """Which server is meant."""

    file: Path | None
    state: Path | None

    @property
    def named(self) -> Path:
        """Its file. Ends the command as wrong usage where none is named."""
        if self.file is None:
            raise click.UsageError("name the server's file: adc central --config FILE")
        return self.file

    def load(self) -> "Central":
        """Its settings. Ends the command with what is wrong with them."""
        from config.central import load_central
        from config.problem import SiteProblems

        try:
            central = load_central(self.named)
        except SiteProblems as problem:
            raise Stopped(str(problem)) from problem
        return central if self.state is None else central.model_copy(update={"state": str(self.state)})


@click.group(name="central", cls=LazyGroup, room="cabinet.cli.central", lines=COMMANDS, invoke_without_command=True)
@click.option("--config", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The server's file.")
@click.option("--http-port", type=click.IntRange(0, 65535), help="Serve pages and API on this port instead (0: a free one).")
@click.option("--mqtt-port", type=click.IntRange(1, 65535), help="Find the broker on this port instead.")
@click.option("--mqtt-protocol", type=click.Choice(["5", "3.1.1"]), help="What the broker speaks.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Keep the database in this folder instead.")
@click.option("--framed-by", hidden=True, help="The one page on loopback that may frame these: the demo's guide.")
@click.option("--worker", type=click.IntRange(1), hidden=True, help="Be the further ingest worker at this place; its server starts it so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line with the addresses once everything answers.")
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one argument for each option
    context: click.Context, file: Path | None, http_port: int | None, mqtt_port: int | None, mqtt_protocol: str | None, state: Path | None,
    framed_by: str | None, worker: int | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Run the pharmacy server of --config; with a command, do that at its machine instead."""
    os.umask(0o077)
    context.obj = Server(file, state)
    from cabinet.cli.run import set_log

    set_log()
    if context.invoked_subcommand is not None:
        return

    import asyncio

    from cabinet.adapters.clock import SystemClock
    from cabinet.adapters.secrets import PepperUnusable
    from central.database.hand import Unreachable
    from central.database.place import NotOurs
    from central.document.key import KeyUnusable
    from central.process import serve, serve_worker
    from config.central import items_of
    from config.problem import SiteProblems

    central, file = context.obj.load(), context.obj.named
    try:
        items = items_of(central, file)
    except SiteProblems as problem:
        raise Stopped(str(problem)) from problem
    served = {key: value for key, value in (("port", http_port), ("framed_by", framed_by)) if value is not None}
    central = central.model_copy(update={"http": central.http.model_copy(update=served)})
    told = {key: value for key, value in (("port", mqtt_port), ("protocol", mqtt_protocol)) if value is not None}
    central = central.model_copy(update={"mqtt": central.mqtt.model_copy(update=told)})

    def ready(address: str) -> None:
        broker = f"mqtt://{central.mqtt.host}:{central.mqtt.port}"
        if as_json:
            click.echo(json.dumps({"pharmacy": address, "mqtt": broker}))
        else:
            click.echo(f"pharmacy {address}, broker {broker}", err=True)

    def words(place: int) -> list[str]:
        told = {"--mqtt-port": mqtt_port, "--mqtt-protocol": mqtt_protocol, "--state": state, "--worker": place}
        given = [word for name, value in told.items() if value is not None for word in (name, str(value))]
        return [sys.executable, "-m", "cabinet.cli", "central", "--config", str(file), *given]

    clock = SystemClock()
    try:
        if worker is not None:
            asyncio.run(serve_worker(central, worker, now=lambda: clock.now().utc))
        else:
            asyncio.run(serve(central, items, now=lambda: clock.now().utc, ready=ready, worker=words))
    except (KeyUnusable, NotOurs, PepperUnusable, Unreachable) as problem:
        raise Stopped(str(problem)) from problem
