"""What software this is: the name and version that facts and reports carry, and when it was made.

Alone knows: the version. Must not know: what is done with it.
"""

from datetime import UTC, datetime

SOFTWARE = "adc 0.1.0"

BUILT = datetime(2026, 11, 22, tzinfo=UTC)
"""A clock that stands before this is not set: no journal is begun on it."""
