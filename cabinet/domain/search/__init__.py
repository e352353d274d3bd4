"""The search that cannot show the wrong drug: letters in, and out what may be shown, or what is said instead.

Alone knows: what of this room others call. Must not know: any rule (`rule.py`), name (`index.py`) or measure (`likeness.py`).
"""

from cabinet.domain.search.index import Index
from cabinet.domain.search.rule import ENOUGH, LEAST, PURPOSES, Found, find

__all__ = ["ENOUGH", "LEAST", "PURPOSES", "Found", "Index", "find"]
