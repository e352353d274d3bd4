"""What is true for ever of the pharmacy's documents: which version of which is applied here, and which was refused.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact


@dataclass(frozen=True)
class DocumentApplied(Fact):
    """Version `version` of a document stands from now on. `records` names what was new or changed in it, `gone` what is no more.

    `from_version` null: it came whole, and `records` names all that there is.
    """

    document: str
    version: int
    from_version: int | None
    sha256: str
    records: list[str]
    gone: list[str]


@dataclass(frozen=True)
class PolicyChanged(Fact):
    """The whole policy that holds from now on, above the site's file: canonical JSON in the shape of that file (`config/document.py`)."""

    text: str


@dataclass(frozen=True)
class DocumentRefused(Fact):
    """A document came that changes nothing here; version 0 where it could not be read or is not the pharmacy's."""

    document: str
    version: int
    code: str
    why: str
