"""How a command tells the shell what became of it.

Alone knows: the exit statuses of `adc`, and how a command stops with one of them and a sentence.
Must not know: any command.
"""

from enum import IntEnum

import click


class ExitCode(IntEnum):
    """The exit status of every command of `adc`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INTEGRITY = 3
    HARDWARE = 4
    NOT_AUTHORISED = 5
    UNREACHABLE = 6


class Stopped(click.ClickException):
    """Ends a command: one sentence on stderr that a person can act on, and the exit status that scripts read."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance, and types it as the class's
