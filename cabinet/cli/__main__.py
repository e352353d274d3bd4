"""`python -m cabinet.cli` is `adc`: how one command starts another in the same environment.

Alone knows: nothing.
Must not know: any command.
"""

from cabinet.cli.main import cli

cli(prog_name="adc")
