"""`adc item`: the formulary where the cabinet stands alone, one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "add": "Enter an item into the formulary.",
    "change": "Change an item's record.",
    "find": "Search the formulary as the cabinet's screen does.",
    "link": "Make a package's code known as one item's.",
    "list": "Show the whole formulary.",
    "parked": "Show the codes that nobody knew at a refill.",
}


@click.group(name="item", cls=LazyGroup, room="cabinet.cli.item", lines=COMMANDS)
def command() -> None:
    """The items of the formulary, and the codes that their packages bear.

    Goes through the running controller, or takes the journal itself where none runs, by badge and PIN (ADC_BADGE and ADC_PIN, else they are
    asked for) and with what the policy lets that person's role do.
    """
