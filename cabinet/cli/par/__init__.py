"""`adc par`: how much pockets should hold, one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "backtest": "Try advised pars beside days of supply on recorded patients.",
    "change": "Change how much a pocket should hold.",
    "list": "Show how much each pocket should hold.",
}


@click.group(name="par", cls=LazyGroup, room="cabinet.cli.par", lines=COMMANDS)
def command() -> None:
    """Par, min and critical low of each pocket.

    Goes through the running controller, or takes the journal itself where none runs, by badge and PIN (ADC_BADGE and ADC_PIN, else they are
    asked for) and with what the policy lets that person's role do. `backtest` needs no cabinet.
    """
