"""`adc staff`: people where the cabinet stands alone, one file for each of its commands.

Alone knows: their names with a line of help each. Must not know: what any of them does or needs.
"""

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "badge": "Give a person a badge, or take it.",
    "change": "Change a person's record.",
    "enrol": "Enrol a person; on a fresh cabinet the first administrator.",
    "list": "Show everybody on record.",
    "pin": "Set a person's PIN, or issue one for a shift.",
    "revoke": "Switch a person off; their sessions end at once.",
    "setup-code": "Tell the code that enrols the first administrator.",
    "temporary": "Let a person in until the end of the shift.",
    "unlock": "Let a person in again whose sign-in is locked.",
}


@click.group(name="staff", cls=LazyGroup, room="cabinet.cli.staff", lines=COMMANDS)
def command() -> None:
    """Who may sign in at this cabinet, and what is known of them.

    Goes through the running controller, or takes the journal itself where none runs, by badge and PIN (ADC_BADGE and ADC_PIN, else they are
    asked for) and with what the policy lets that person's role do.
    """
