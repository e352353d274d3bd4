"""The command line `adc`: which commands there are, each imported only when it is asked for.

Alone knows: the names of the commands with a line of help each. The file `cabinet/cli/<name>.py` holds `command`.
Must not know: what any command does or needs; `adc --help` imports click and nothing heavier.
"""

import os
from importlib import import_module

import click

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
    "hw": "The technician's bench: read, pulse, walk and trace the hardware.",
    "journal": "Verify, export or follow the journal.",
    "explain": "Say what a refusal or fault code means and what to do.",
}


class LazyGroup(click.Group):
    """A group whose commands are names and help until one of them is run."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command by its first argument and import it; raises click.NoSuchCommand with the nearest names."""
        name, placeholder, rest = super().resolve_command(ctx, args)
        if name is None or placeholder is None:
            return name, placeholder, rest
        command: click.Command = import_module(f"cabinet.cli.{name}").command
        return name, command, rest


@click.group(
    cls=LazyGroup,
    commands={name: click.Command(name, help=help_line) for name, help_line in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog="Exit status: 0 done, 1 failed, 2 usage, 3 integrity broken, 4 hardware, 5 not authorised, 6 not reachable.",
)
@click.version_option(package_name="open-adc", prog_name="adc")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """An open automated dispensing cabinet: development software, not a medical device."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False
