"""An order's record as options of a command.

Alone knows: which option is which field. Must not know: who may change what.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from cabinet.workbench.bench import Json

R = TypeVar("R")
FIELDS = (
    "patient", "item", "dose", "route", "schedule", "units", "is_verified", "interval_min", "starts", "stops", "indication", "status",
)  # fmt: skip


def order_options(*, is_new: bool) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """The options of a record; a new one needs who, what, how much, how and when."""
    options = (
        click.option("--patient", required=is_new, help="The patient's id."),
        click.option("--item", required=is_new, help="The item's id."),
        click.option("--dose", required=is_new, help='In words: "2.5 mg", "1-2 tablets", "0.1 mg/kg".'),
        click.option("--route", required=is_new, help="oral, intravenous, ..."),
        click.option("--schedule", required=is_new, help='In words: "every 4 hours as needed", "once".'),
        click.option("--units", type=click.IntRange(0), help="What one dose takes, where its words do not tell."),
        click.option("--interval-min", type=click.IntRange(0), help="Minutes between doses, where the schedule does not tell."),
        click.option("--starts", metavar="MOMENT", help="From when on it holds, such as 2027-01-31T08:00:00Z."),
        click.option("--stops", metavar="MOMENT", help="Until when it holds."),
        click.option("--indication", help="What it is for."),
        click.option("--status", type=click.Choice(["active", "held", "stopped"]), help="Where it stands by the word of its keeper."),
    )

    def joined(command: Callable[..., R]) -> Callable[..., R]:
        for option in reversed(options):
            command = option(command)
        return command

    return joined


def sentence(told: "Json") -> str:
    """What an order is now, in a line."""
    return f"{told['id']}: {told['dose']} of {told['item']} for {told['patient']}, {told['phase']}"
