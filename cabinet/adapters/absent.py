"""Libraries kept away while another is imported that would take them along though nobody asked.

Alone knows: how a module is made to look absent. Must not know: which libraries do so.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Inside, importing these raises ModuleNotFoundError, as where they are not installed; what is loaded already stays."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own mark of a module that is not there
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
