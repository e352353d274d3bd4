"""The command line `adc`: which commands there are, each imported only when it is asked for.

Alone knows: the names of the commands with a line of help each. `cabinet/cli/<name>`, a file or a package, holds `command`.
Must not know: what any command does or needs; `adc --help` imports click and nothing heavier.
"""

import os

import click

from cabinet.cli.lazy import LazyGroup

COMMANDS = {
    "demo": "Start a simulated cabinet, its kiosk and the pharmacy.",
    "run": "Run the controller of one cabinet.",
    "sim": "Run the simulated boards of a site on the wire.",
    "central": "Run the pharmacy server.",
    "replay": "Perform a recorded dispensing export on a simulated cabinet.",
    "config": "Check, show, apply or describe the file of a site.",
    "stock": "Show the pockets with their stock and status.",
    "restock": "Show what is needed, and how urgently.",
    "doctor": "Say what is wrong with a cabinet, why, and what to do.",
    "staff": "Enrol, change, let in, unlock and switch off people.",
    "hw": "The technician's bench: read, pulse, walk and trace the hardware.",
    "report": "Draw up the record: controlled activity, inventory, overrides, discrepancies, who had a pocket open, and more.",
    "item": "Search the formulary, and make the codes of packages known.",
    "order": "Enter, verify, change and stop orders.",
    "par": "Show and change how much pockets should hold.",
    "import": "Take in a formulary, a staff list, or another vendor's whole export.",
    "mode": "Show the cabinet's mode; declare critical override, a lock-down or training, and lift it.",
    "journal": "Verify, export or follow the journal.",
    "rebuild": "Give a cabinet whose journal is lost back what the pharmacy server holds of it.",
    "explain": "Say what a refusal or fault code means and what to do.",
}


@click.group(
    cls=LazyGroup,
    room="cabinet.cli",
    lines=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog="Exit status: 0 done, 1 failed, 2 usage, 3 integrity broken, 4 hardware, 5 not authorised, 6 not reachable.",
)
@click.version_option(package_name="open-adc", prog_name="adc")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """An open automated dispensing cabinet: development software, not a medical device."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False
