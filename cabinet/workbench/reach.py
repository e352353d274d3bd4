"""A bench for a command: the site read, the technician asked who they are, the cabinet reached.

Alone knows: in which order that is done. Must not know: what is done at the bench.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import click
import httpx

from cabinet.workbench.bench import Bench, Refused, signed_in
from cabinet.workbench.premises import reach
from config.load import LoadedSite, load_site
from config.problem import SiteProblems

NOT_AUTHORISED = 401


class Where(Protocol):
    """Which cabinet."""

    @property
    def site(self) -> Path | None:
        """Its site file."""
        ...

    @property
    def given_state(self) -> Path | None:
        """Its state folder, where it is not the site's."""
        ...


@asynccontextmanager
async def caller_of(place: Where, badge: str | None, kiosk_port: int | None) -> AsyncIterator[Bench]:
    """Anybody signed in at a cabinet. Raises Refused, Unreachable, click.ClickException for a site that is not sound."""
    loaded, state = _site_of(place)
    shown = badge or click.prompt("Badge", err=True)
    pin = os.environ.get("ADC_PIN") or click.prompt("PIN", hide_input=True, err=True)
    async with reach(loaded, state, kiosk_port or loaded.site.kiosk.port) as client, signed_in(client, shown, pin) as bench:
        yield bench


@asynccontextmanager
async def stranger_of(place: Where, kiosk_port: int | None) -> AsyncIterator[httpx.AsyncClient]:
    """A cabinet, for somebody who has not signed in. Raises as `caller_of`."""
    loaded, state = _site_of(place)
    async with reach(loaded, state, kiosk_port or loaded.site.kiosk.port) as client:
        yield client


def _site_of(place: Where) -> tuple[LoadedSite, Path]:
    assert place.site is not None
    try:
        loaded = load_site(place.site)
    except SiteProblems as problem:
        raise click.ClickException(str(problem)) from problem
    state = place.given_state or Path(loaded.site.state)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    return loaded, state


@asynccontextmanager
async def bench_of(place: Where, badge: str | None, kiosk_port: int | None) -> AsyncIterator[Bench]:
    """A technician signed in at a cabinet. Raises Refused, Unreachable, click.ClickException for a site that is not sound."""
    loaded, _ = _site_of(place)
    async with caller_of(place, badge, kiosk_port) as bench:
        picture = await bench.picture()
        if picture["cabinet"] != loaded.site.cabinet:
            raise Refused(
                "request.malformed", f"The controller there runs {picture['cabinet']}, the site file names {loaded.site.cabinet}.",
                "Name the kiosk with --kiosk-port, or the other site file.", NOT_AUTHORISED,
            )  # fmt: skip
        yield bench
