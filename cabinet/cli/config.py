"""`adc config`: check a site's files, show what they come to, print their JSON Schema.

Alone knows: how problems and values of a site are printed.
Must not know: any rule of a site (`config/`).
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cabinet.cli.exit_code import ExitCode, Stopped
from cabinet.cli.place import Place, on_one_cabinet

if TYPE_CHECKING:
    from config.load import LoadedSite
    from config.problem import Problem

_FILE = click.Path(exists=True, dir_okay=False)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.group(name="config")
def command() -> None:
    """Check a site's files, show what they come to, have them taken up, print their JSON Schema."""


@command.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: ok, sha256, problems, warnings.")
@click.pass_context
def check(context: click.Context, file: str, *, as_json: bool) -> None:
    """Say everything that is wrong with the site FILE and the files it names, all at once.

    One problem a line, as file:line:column: where: what (hint). Exit status 0 where nothing is wrong, 1 where something is.
    """
    loaded, problems = _load(file)
    from config.advice import advice

    warnings = [] if loaded is None else [*advice(loaded.site), *_cautions(loaded)]
    for warning in warnings:
        click.echo(f"{file}: warning: {warning}", err=True)
    if as_json:
        rows = [dataclasses.asdict(problem) for problem in problems]
        _print_json({"ok": not problems, "sha256": loaded and loaded.sha256, "problems": rows, "warnings": warnings})
    else:
        for problem in problems:
            click.echo(str(problem))
    if loaded is None:
        click.echo(f"{file}: {len(problems)} problem{'s' if len(problems) != 1 else ''}", err=True)
        context.exit(1)
    click.echo(f"{file}: sound, {_sum_up(loaded)}", err=True)


def _cautions(loaded: "LoadedSite") -> Iterator[str]:
    """Where things stand that had better stand elsewhere."""
    from cabinet.app.world import world_of
    from cabinet.domain.placing import judge_site

    for pocket, verdict in judge_site(world_of(loaded)):
        yield f"pocket {pocket}: {verdict.sentence}"


@command.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--site", type=_FILE, envvar="ADC_SITE", help="The site file, where FILE does not name it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: path, sha256, site, formulary, people, policy.")
@click.pass_context
def show(context: click.Context, file: str | None, site: str | None, *, as_json: bool) -> None:
    """Print every value of a site with its defaults filled in, one a line."""
    path = file or site
    if path is None:
        raise click.UsageError("name a site FILE, or set --site or ADC_SITE")
    loaded, problems = _load(path)
    if loaded is None:
        for problem in problems:
            click.echo(str(problem), err=True)
        context.exit(1)
    values = _values(loaded)
    if as_json:
        _print_json(values)
    else:
        for line in _lines(values, ""):
            click.echo(line)


@command.command()
@click.option(
    "--of", "document", type=click.Choice(["site", "formulary", "people", "policy", "terms"]), default="site", help="Which file's schema."
)
@click.option("--json", "as_json", is_flag=True, help="A schema is JSON with or without this.")
def schema(document: str, *, as_json: bool) -> None:
    """Print the JSON Schema of a site file, or of one of the files that it names."""
    del as_json
    from pydantic import BaseModel

    from config.schema import Formulary, People, Policy, Site
    from config.words import Terms

    shapes: dict[str, type[BaseModel]] = {"site": Site, "formulary": Formulary, "people": People, "policy": Policy, "terms": Terms}
    _print_json({"$schema": _DIALECT} | shapes[document].model_json_schema(by_alias=True))


@command.command()
@click.option("--wait", "wait_s", type=float, default=600.0, show_default=True, help="Seconds to wait until nobody is at the cabinet.")
@click.option("--kiosk-port", type=int, envvar="ADC_KIOSK_PORT", help="The running controller's kiosk (default: the site's).")
@on_one_cabinet
@click.pass_context
def apply(context: click.Context, place: Place, wait_s: float, kiosk_port: int | None) -> None:
    """Have the running controller take up its site file as it is now, without losing what is in the cabinet.

    The files are checked whole first; where anything is wrong nothing changes. Then the controller waits until nobody is at the cabinet,
    and is back within seconds. Pockets keep their stock by their id; one that disappears with stock owes a count and stays listed.
    """
    if place.site is None:
        raise click.UsageError("name the site with --site FILE or ADC_SITE")
    loaded, problems = _load(str(place.site))
    for problem in problems:
        click.echo(str(problem), err=True)
    if loaded is None:
        click.echo("nothing was changed", err=True)
        context.exit(1)
    from pathlib import Path

    from cabinet.workbench.applying import NotApplied, apply

    state = place.given_state or Path(loaded.site.state)
    try:
        apply(state, loaded.sha256, kiosk_port or loaded.site.kiosk.port, wait_s, lambda words: click.echo(words, err=True))
    except NotApplied as problem:
        raise Stopped(str(problem), ExitCode.UNREACHABLE) from problem
    click.echo(f"taken up: {loaded.sha256}")


def _load(file: str) -> "tuple[LoadedSite | None, tuple[Problem, ...]]":
    from config.load import load_site
    from config.problem import SiteProblems

    try:
        return load_site(file), ()
    except SiteProblems as problem:
        return None, problem.problems


def _values(loaded: "LoadedSite") -> dict[str, Any]:
    documents = {name: getattr(loaded, name) for name in ("site", "formulary", "people", "policy")}
    values = {name: value and value.model_dump(mode="json", by_alias=True) for name, value in documents.items()}
    return {"path": str(loaded.path), "sha256": loaded.sha256} | values


def _lines(value: object, path: str) -> Iterator[str]:
    """`site.drawer[m1].pocket[m1-01].par = 60`: each line says all of its own place, so that it can be searched for."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for index, inner in enumerate(value):
            name = inner.get("id", index) if isinstance(inner, dict) else index
            yield from _lines(inner, f"{path}[{name}]")
    elif value is not None:
        yield f"{path} = {json.dumps(value, ensure_ascii=False)}"


def _sum_up(loaded: "LoadedSite") -> str:
    pockets = sum(len(drawer.pockets) for drawer in loaded.site.drawers)
    return f"{len(loaded.site.drawers)} drawers, {pockets} pockets, {len(loaded.formulary.items)} items; sha256 {loaded.sha256}"


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
