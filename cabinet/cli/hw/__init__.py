"""`adc hw`: the technician's bench, one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "address": "Give a new board its address.",
    "count": "Weigh a pocket and say what counting makes of it.",
    "identify": "Ask boards who they are.",
    "pulse": "Pulse one lock once.",
    "read": "Show what boards tell now.",
    "replace": "Guide the replacement of a board.",
    "scan": "Ask every address of a line who is there.",
    "selftest": "Look at every board; opens nothing.",
    "trace": "Follow what is said on the lines, both ways.",
    "walk": "Commission the cabinet channel by channel, and sign the result.",
}


@click.group(name="hw", cls=LazyGroup, room="cabinet.cli.hw", lines=COMMANDS)
def command() -> None:
    """The technician's bench: read, pulse, walk and trace the hardware of one cabinet.

    Where the controller runs, everything goes through it (with a service session); where none runs, the command takes the journal and the
    lines itself. Badge and PIN are asked for, or taken from ADC_BADGE and ADC_PIN. Each pulse is in the journal like every other.
    """
