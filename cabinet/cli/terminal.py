"""Tables on a terminal, or in a pipe.

Alone knows: how wide a table may be. Must not know: what is in it.
"""

import sys

from rich.console import Console

PIPED_COLUMNS = 240
"""Into a pipe nothing is cut: whoever reads it has no window."""


def console() -> Console:
    """Where tables are printed."""
    return Console() if sys.stdout.isatty() else Console(width=PIPED_COLUMNS)
