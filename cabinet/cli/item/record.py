"""An item's record as options of a command.

Alone knows: which option is which field. Must not know: who may change what.
"""

from collections.abc import Callable
from typing import TypeVar

import click

R = TypeVar("R")
FIELDS = (
    "name", "generic", "strength", "form", "ndc", "count_unit", "brands", "control_class", "count_mode", "look_alikes", "therapeutic_class",
    "kit", "marks", "population", "codes", "unit_amount", "ingredient", "allergy_classes", "max_daily",
)  # fmt: skip
NUMBERS = ("room_minutes", "overfill_permille", "variance_units", "open_days", "min_interval_min")
MARKS = ("high_alert", "critical", "refrigerated", "paralytic", "pinned", "multi_dose", "indication")


def item_options(*, is_new: bool) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """The options of a record; a new one needs its names, strength, form, code and the word for one unit."""
    options = (
        click.option("--name", required=is_new, help="As screens write it, in tall-man letters: hydrOXYzine."),
        click.option("--generic", required=is_new, help="The generic name."),
        click.option("--strength", required=is_new, help="As the label says it."),
        click.option("--form", required=is_new, help="tablet, vial, syringe, ..."),
        click.option("--ndc", required=is_new, help="National Drug Code with its dashes."),
        click.option("--count-unit", required=is_new, help="The word for one counted unit."),
        click.option("--brand", "brands", multiple=True, help="A trade name that people type; again for more."),
        click.option("--control-class", type=click.Choice(["none", "c2", "c3", "c4", "c5"]), help="Its schedule."),
        click.option("--count-mode", type=click.Choice(["units", "containers", "volume", "bulk"]), help="What one counted unit is."),
        click.option("--look-alike", "look_alikes", multiple=True, help="An item that it is mistaken for; again for more."),
        click.option("--class", "therapeutic_class", help="Its therapeutic class."),
        click.option("--mark", "marks", type=click.Choice(MARKS), multiple=True, help="What is true of it; again for more."),
        click.option("--population", type=click.Choice(["any", "adult", "paediatric"]), help="Whom this strength is meant for."),
        click.option("--amount", "unit_amount", multiple=True, help='What one unit holds, such as "5 mg"; again for more measures.'),
        click.option("--max-daily", help="The most of the substance in 24 hours."),
    )

    def joined(command: Callable[..., R]) -> Callable[..., R]:
        for option in reversed(options):
            command = option(command)
        return command

    return joined
