"""Groups of commands of which each is imported only when it is asked for.

Alone knows: that `<room>/<name>.py` holds `command`, with `_` for a dash in its name and after a word that Python keeps for itself.
Must not know: any command.
"""

from importlib import import_module
from keyword import iskeyword
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands are names and a line of help each until one of them is run. `room` is the package that they are in."""

    def __init__(self, name: str | None = None, *, room: str, lines: dict[str, str], **rest: Any) -> None:
        placeholders = {command: click.Command(command, help=line) for command, line in lines.items()}
        super().__init__(name, placeholders, **rest)
        self._room = room

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command by its first argument and import it; raises click.NoSuchCommand with the nearest names."""
        name, placeholder, rest = super().resolve_command(ctx, args)
        return name, placeholder if name is None else self.load(name), rest

    def load(self, name: str) -> click.Command:
        """The command itself."""
        command: click.Command = import_module(f"{self._room}.{module_of(name)}").command
        return command


def module_of(name: str) -> str:
    """The name of the module that holds a command."""
    return f"{name}_" if iskeyword(name) else name.replace("-", "_")
