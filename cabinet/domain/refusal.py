"""A "no" as a value: a code, and what makes its sentence particular.

Alone knows: how a detail joins a sentence. Must not know: the words (`catalogue.py`), or when a code applies.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE

__all__ = ["CATALOGUE", "Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" as a value: a code from the catalogue, and details that make the sentence particular."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What happened, for the person at the cabinet."""
        return CATALOGUE[self.code].sentence + (f" ({self.detail})" if self.detail else "")

    @property
    def remedy(self) -> str:
        """What to do now."""
        return CATALOGUE[self.code].remedy
