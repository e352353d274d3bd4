"""`adc import`: what other systems hold, as files and lists of ours; one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "ndc": "Make a formulary of the FDA's NDC directory.",
    "staff": "Compare a staff list with the pharmacy's, and take it.",
    "vendor": "Turn another vendor's export into files of ours.",
}


@click.group(name="import", cls=LazyGroup, room="cabinet.cli.import_", lines=COMMANDS)
def command() -> None:
    """Take in what other systems hold.

    Files are read and files are written; nothing reaches a cabinet before somebody approves it at the pharmacy.
    """
