"""Writes down the command line: `python -m cabinet.cli.manual > docs/commands.md`.

Alone knows: how the manual of the commands is laid out.
Must not know: any one command; it reads what click knows of them.
"""

from collections.abc import Iterator
from importlib.util import find_spec

import click

from cabinet.cli.lazy import LazyGroup, module_of
from cabinet.cli.main import COMMANDS, cli

WIDTH = 100

INTRODUCTION = """\
# The commands of `adc`

Written by `make docs` from the commands themselves; a test keeps it in step.

Data goes to stdout, talk to stderr; `--json` stands on every command that prints data; `NO_COLOR` is honoured. Exit status: 0 done,
1 failed, 2 wrong usage, 3 integrity broken, 4 hardware fault, 5 not authorised, 6 other end not reachable.

Completion in the shell: `eval "$(_ADC_COMPLETE=bash_source adc)"` (also `zsh_source`, `fish_source`).
"""


def sections(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    """A command's help under its full name, then its commands' in the same way."""
    context = click.Context(command, parent=parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    yield f"## `{context.command_path}`\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner_name in command.list_commands(context):
            inner = command.load(inner_name) if isinstance(command, LazyGroup) else command.get_command(context, inner_name)
            if inner is not None:
                yield from sections(inner_name, inner, context)


def manual() -> str:
    """The whole manual as Markdown."""
    root = click.Context(cli, info_name="adc", **cli.context_settings)
    parts = [INTRODUCTION]
    for name in sorted(COMMANDS):
        if find_spec(f"cabinet.cli.{module_of(name)}") is not None:
            _, command, _ = cli.resolve_command(root, [name])
            assert command is not None
            parts.extend(sections(name, command, root))
    return "\n".join(parts)


if __name__ == "__main__":
    click.echo(manual(), nl=False)
