"""`adc explain`: what a code means, from the one catalogue; with no code, all of them.

Alone knows: how an entry is laid out, and how near a mistyped code must be. Must not know: when a code applies.
"""

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.domain.catalogue import Entry

NEARBY = 5
DOCTOR = "doctor."
"""What the doctor finds is listed by `adc doctor --all`."""


@click.command(name="explain")
@click.argument("code", required=False)
@click.option("--faults", "only_faults", is_flag=True, help="Without CODE: list only what is broken, not what people are answered.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object for CODE, a list without it.")
def command(code: str | None, *, only_faults: bool, as_json: bool) -> None:
    """Say what CODE means: what happened, what to do now, and for a fault what a technician will find.

    Example: adc explain drawer.jammed
    """
    known = _known()
    if code is None:
        codes = [name for name in known if not name.startswith(DOCTOR) and (not only_faults or _is_fault(name))]
        click.echo(json.dumps([_as_dict(name) for name in codes]) if as_json else "\n".join(_line(name) for name in codes))
        return
    if code not in known:
        near = [*get_close_matches(code, known, n=NEARBY, cutoff=0.4)] or [name for name in known if code in name]
        hint = f"; the nearest are {', '.join(near)}" if near else "; `adc explain` lists them all"
        raise Stopped(f"there is no code {code!r}{hint}", ExitCode.USAGE)
    click.echo(json.dumps(_as_dict(code)) if as_json else _whole(code))


def _known() -> "dict[str, Entry]":
    """The catalogue, and what the doctor finds."""
    from cabinet.domain.catalogue import CATALOGUE, Entry
    from cabinet.workbench.doctor import CHECKS

    return CATALOGUE | {check.code: Entry(f"The answer is no: {check.question}", check.remedy, check.cause) for check in CHECKS}


def _is_fault(code: str) -> bool:
    from cabinet.domain.catalogue import REFUSALS

    return code not in REFUSALS


def _as_dict(code: str) -> dict[str, str | bool]:
    return {"code": code, "is_fault": _is_fault(code), **_known()[code]._asdict()}


def _line(code: str) -> str:
    return f"{code:<28} {_known()[code].sentence}"


def _whole(code: str) -> str:
    entry = _known()[code]
    rows = [code, f"  what happened   {entry.sentence}", f"  what to do      {entry.remedy}"]
    return "\n".join([*rows, f"  what is found   {entry.cause}"] if entry.cause else rows)
