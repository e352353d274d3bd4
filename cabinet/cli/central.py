"""`adc central`: the pharmacy server, until it is told to stop.

Alone knows: which settings a command line may override. Must not know: what the server does.
"""

import json
import os
from pathlib import Path

import click

from cabinet.cli.exit_code import Stopped


@click.command(name="central")
@click.option("--config", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="The server's file.")
@click.option("--http-port", type=click.IntRange(0, 65535), help="Serve pages and API on this port instead (0: a free one).")
@click.option("--mqtt-port", type=click.IntRange(1, 65535), help="Find the broker on this port instead.")
@click.option("--mqtt-protocol", type=click.Choice(["5", "3.1.1"]), help="What the broker speaks.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Keep the database in this folder instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line with the addresses once everything answers.")
def command(
    file: Path, http_port: int | None, mqtt_port: int | None, mqtt_protocol: str | None, state: Path | None, *, as_json: bool
) -> None:
    """Run the pharmacy server."""
    import asyncio

    from cabinet.adapters.clock import SystemClock
    from central.process import serve
    from config.central import item_names, load_central
    from config.problem import SiteProblems

    os.umask(0o077)
    try:
        central = load_central(file)
        names = item_names(central, file)
    except SiteProblems as problem:
        raise Stopped(str(problem)) from problem
    if http_port is not None:
        central = central.model_copy(update={"http": central.http.model_copy(update={"port": http_port})})
    told = {key: value for key, value in (("port", mqtt_port), ("protocol", mqtt_protocol)) if value is not None}
    central = central.model_copy(update={"mqtt": central.mqtt.model_copy(update=told)})
    if state is not None:
        central = central.model_copy(update={"state": str(state)})

    def ready(address: str) -> None:
        broker = f"mqtt://{central.mqtt.host}:{central.mqtt.port}"
        if as_json:
            click.echo(json.dumps({"pharmacy": address, "mqtt": broker}))
        else:
            click.echo(f"pharmacy {address}, broker {broker}", err=True)

    clock = SystemClock()
    asyncio.run(serve(central, names, now=lambda: clock.now().utc, ready=ready))
