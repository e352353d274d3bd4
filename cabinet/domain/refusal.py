"""A "no" as a value: a code, and what makes its sentence particular.

Alone knows: how a detail joins a sentence. Must not know: the words (`catalogue/`), or when a code applies.
"""

from dataclasses import dataclass

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.phrase import Phrase, coded, either

__all__ = ["CATALOGUE", "Refusal", "not_of_role"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" as a value: a code from the catalogue, and details that make the sentence particular."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> Phrase:
        """What happened, for the person at the cabinet."""
        said = Phrase(CATALOGUE[self.code].sentence)
        return Phrase("{sentence} ({detail})", sentence=said, detail=self.detail) if self.detail else said

    @property
    def remedy(self) -> Phrase:
        """What to do now."""
        return Phrase(CATALOGUE[self.code].remedy)


def not_of_role(role: str, *acts: str) -> Refusal:
    """A role that may do none of these: kinds of access, or other acts of the policy."""
    asked = either([coded(act) for act in acts])
    return Refusal("policy.role", Phrase("{role} asked for {act}", role=coded(role), act=asked))
