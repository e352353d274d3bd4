"""`adc sim`: the simulated boards of a site, on the wire.

Alone knows: the options, and which exit status each way of ending has. Must not know: how boards are simulated.
"""

import asyncio
import json
import selectors
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from config.load import LoadedSite
    from firmware_sim.scenery import Scenery


@click.command(name="sim")
@click.option("--seed", type=int, default=0, show_default=True, help="Everything random follows from it.")
@click.option("--speed", type=click.FloatRange(min=0.01, max=1000), default=1.0, show_default=True, help="This much faster than life.")
@click.option("--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Timed faults and hands (TOML).")
@click.option("--page-port", type=int, help="The virtual cabinet's port on loopback (default: the site's).")
@click.option("--json", "is_json", is_flag=True, help="One line of JSON for each bus once it answers.")
@on_one_cabinet
def command(place: Place, seed: int, speed: float, plan: Path | None, page_port: int | None, *, is_json: bool) -> None:
    """Run the simulated boards of a site until SIGTERM or SIGINT.

    Serial buses are pseudo-terminals linked at STATE/lines/BUS; network ports chosen freely are written to STATE/ports.json.
    """
    from config.load import load_site
    from config.problem import SiteProblems
    from firmware_sim.plan import BadPlan, read_plan
    from firmware_sim.process import Run, simulate

    if place.site is None:
        raise Stopped("name the site with --site FILE or ADC_SITE", ExitCode.USAGE)
    try:
        loaded = load_site(place.site)
        site = loaded.site
        run = Run(
            site, place.given_state or Path(site.state), seed, speed, None if plan is None else read_plan(plan),
            site.simulator.page_port if page_port is None else page_port, scenery_of(loaded),
        )  # fmt: skip
        with asyncio.Runner(loop_factory=_precise_loop) as runner:
            runner.run(simulate(run, _announced(is_json=is_json)))
    except (SiteProblems, BadPlan) as problem:
        raise Stopped(str(problem)) from problem
    except OSError as problem:
        raise Stopped(str(problem), ExitCode.HARDWARE) from problem


def scenery_of(loaded: "LoadedSite") -> "Scenery":
    """Every item's package, with the code that stands on it, and everybody's badge."""
    import cabinet.design
    from cabinet.domain.package.ndc import ten_digits
    from firmware_sim.scanner import package_code
    from firmware_sim.scenery import Badge, Box, Scenery

    boxes = {
        item.id: Box(
            item.id, f"{item.tall_man} {item.strength}", item.form,
            package_code(min(found), f"DEMO{number}", "310630", f"SN{number:04}") if (found := ten_digits(item.ndc)) else "",
        )
        for number, item in enumerate(loaded.formulary.items)
    }  # fmt: skip
    people = () if loaded.people is None else loaded.people.staff
    badges = tuple(Badge(person.name, person.role, person.badge) for person in people if person.badge.isdecimal())
    return Scenery(loaded.site.name, boxes, badges, Path(cabinet.design.__file__).parent)


def _precise_loop() -> asyncio.AbstractEventLoop:
    """epoll rounds a timer up to the next millisecond, which is most of a frame's silence; select does not."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def _announced(*, is_json: bool) -> Callable[[list[dict[str, Any]]], None]:
    def announce(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            place = line["pty"] or line["tcp"]
            click.echo(json.dumps(line) if is_json else f"{line['bus']}: {line['framing']} at {place}", err=not is_json)

    return announce
