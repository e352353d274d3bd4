"""`adc order`: orders where the cabinet stands alone, one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "add": "Enter an order.",
    "change": "Change an order's record.",
    "list": "Show every order, those that wait or name no item among them.",
    "stop": "Stop an order.",
    "verify": "Verify an order: a pharmacist looked at it.",
}


@click.group(name="order", cls=LazyGroup, room="cabinet.cli.order", lines=COMMANDS)
def command() -> None:
    """Prescribers' orders, as this cabinet knows them.

    Goes through the running controller, or takes the journal itself where none runs, by badge and PIN (ADC_BADGE and ADC_PIN, else they are
    asked for) and with what the policy lets that person's role do.
    """
