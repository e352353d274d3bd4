"""A person's record as options of a command, and its way to the cabinet.

Alone knows: which option is which field. Must not know: who may change what.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cabinet.cli.exit_code import ExitCode, Stopped

if TYPE_CHECKING:
    from cabinet.workbench.bench import Bench, Json

R = TypeVar("R")
ROLES = (
    "nurse", "charge_nurse", "agency_nurse", "student", "respiratory_therapist", "physician", "technician", "pharmacist", "vault",
    "auditor", "administrator", "service",
)  # fmt: skip


def record_options(command: Callable[..., R]) -> Callable[..., R]:
    """The options of a record beside name and role."""
    options = (
        click.option("--area", "areas", multiple=True, help="A care area that they work in; again for more (none: all)."),
        click.option("--hours", type=click.IntRange(1, 8760), help="The account ends so many hours from now."),
        click.option("--trained-until", metavar="YYYY-MM-DD", help="The last day on which their training counts."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def ends_in(hours: int | None) -> str | None:
    """A moment so many hours from now."""
    from cabinet.adapters.clock import SystemClock

    return None if hours is None else (SystemClock().now().utc + timedelta(hours=hours)).isoformat()


async def known(bench: "Bench", person: str) -> "Json":
    """A person's record as the cabinet would take it back. Ends the command where there is no such person."""
    people: list[dict[str, Any]] = await bench.ask("GET", "/staff")
    found = next((one for one in people if one["id"] == person), None)
    if found is None:
        names = ", ".join(sorted(one["id"] for one in people))
        raise Stopped(f"there is no person {person}; there are {names}", ExitCode.USAGE)
    return {key: found[key] for key in ("name", "role", "areas", "until", "competent_until", "active")}


async def put(bench: "Bench", person: str, record: "Json") -> "Json":
    """Keep a record."""
    told: dict[str, Any] = await bench.ask("PUT", f"/staff/{person}", json=record)
    return told


async def set_secrets(bench: "Bench", person: str, badge: str | None, pin: str | None) -> None:
    """Set what a person signs in with; what is not named stays."""
    if badge:
        await bench.ask("POST", f"/staff/{person}/badge", json={"badge": badge})
    if pin:
        await bench.ask("POST", f"/staff/{person}/pin", json={"secret": pin})


def asked_pin(*, is_asked: bool = True) -> str | None:
    """A new PIN, from ADC_NEW_PIN or asked for twice; None for an empty answer."""
    import os

    if "ADC_NEW_PIN" in os.environ or not is_asked:
        return os.environ.get("ADC_NEW_PIN") or None
    question = "New PIN (Enter: none now)"
    return click.prompt(question, hide_input=True, confirmation_prompt=True, default="", show_default=False, err=True) or None
