"""`adc import staff`: a staff list as CSV, compared with the pharmacy's and taken there.

Alone knows: its options, and how the pharmacy server is asked. Must not know: what a difference is.
"""

import json
import os
from pathlib import Path
from typing import Any

import click

from cabinet.cli.exit_code import ExitCode, Stopped

WAIT_S = 30.0


@click.command(name="staff")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pharmacy", default="http://127.0.0.1:8081", show_default=True, help="The pharmacy server.")
@click.option("--person", help="Who takes it: their id there. Their secret is asked for, or taken from ADC_SECRET.")
@click.option(
    "--source", default="csv", show_default=True, help="Where the list comes from: it speaks of those whom the same source brought."
)
@click.option("--whole", is_flag=True, help="Whom the list lacks of these has left.")
@click.option("--take", is_flag=True, help="Make it so; else say what would change.")
@click.option("--many", is_flag=True, help="It is meant that many leave at once.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(  # noqa: PLR0913 - one argument for each option
    file: Path, pharmacy: str, person: str | None, source: str, *, whole: bool, take: bool, many: bool, as_json: bool
) -> None:
    """Compare the staff list in FILE (CSV: id, name, role, and areas, until, trained_until, active) with the pharmacy's."""
    import httpx

    body = {"csv": file.read_text(encoding="utf-8-sig"), "source": source, "whole": whole, "is_look": not take, "many": many}
    try:
        with httpx.Client(base_url=f"{pharmacy.rstrip('/')}/api/v1", timeout=WAIT_S) as client:
            if person is not None:
                secret = os.environ.get("ADC_SECRET") or click.prompt("Secret", hide_input=True, err=True)
                told = _said(client.post("/sessions", json={"id": person, "secret": secret}))
                client.headers["Authorization"] = f"Bearer {told['token']}"
            told = _said(client.post("/people/roster", json=body))
    except httpx.HTTPError as problem:
        raise Stopped(f"{pharmacy} does not answer: {problem}", ExitCode.UNREACHABLE) from problem
    click.echo(json.dumps(told)) if as_json else _tell(told, str(file))
    if told["flaws"]:
        raise Stopped(f"{len(told['flaws'])} flaws: nothing was changed")


def _said(answer: Any) -> dict[str, Any]:
    if answer.status_code in {401, 403}:
        raise Stopped(str(answer.json().get("detail", "refused")), ExitCode.NOT_AUTHORISED)
    if answer.is_error:
        raise Stopped(str(answer.json().get("detail", answer.text)))
    told: dict[str, Any] = answer.json()
    return told


def _tell(told: dict[str, Any], name: str) -> None:
    for flaw in told["flaws"]:
        click.echo(f"{name}:{flaw['line']}: {flaw['what']}")
    for word, ids in (("new", told["new"]), ("other", told["other"]), ("left", told["left"])):
        click.echo(f"{len(ids):6} {word}" + (f": {', '.join(ids[:8])}{' ...' if len(ids) > 8 else ''}" if ids else ""))  # noqa: PLR2004
    click.echo(f"{told['same']:6} as they are")
    if told["unread"]:
        click.echo(f"columns that nobody reads: {', '.join(told['unread'])}", err=True)
    if not told["is_done"] and not told["flaws"]:
        click.echo("nothing was changed; with --take it is", err=True)
