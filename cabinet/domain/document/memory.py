"""What is remembered of each of the pharmacy's documents.

Alone knows: that shape. Must not know: when a version is applied (`receiving.py`).
"""

from dataclasses import dataclass, field


@dataclass
class Received:
    """One document: the version that is applied (0: none), what it names, and why the last one that came was refused."""

    version: int = 0
    sha256: str = ""
    names: list[str] = field(default_factory=list)
    at: str = ""
    """When the last one came, applied or refused."""
    applied_at: str = ""
    refused_version: int = 0
    code: str = ""
    why: str = ""
    """Both empty where the last one was applied."""
