"""The root of the alphabet, and the words that facts share: accounts, outcomes, moments, and on what ground something was counted.

Alone knows: how a fact gets its name, and the list of all of them. Must not know: any one fact (the other files of this room).
"""

import re
from enum import StrEnum
from typing import ClassVar


class Account(StrEnum):
    """Where units are. Every movement names two of these, so nothing appears or vanishes."""

    PHARMACY = "pharmacy"
    POCKET = "pocket"
    PATIENT = "patient"
    WASTE = "waste"
    RETURN_BIN = "return_bin"
    EXPIRED = "expired"
    VARIANCE = "variance"
    TRANSIT = "transit"
    """On a numbered sheet between the vault and a cabinet, or between two cabinets."""
    PURPOSE = "purpose"
    """Taken for a stated purpose, and for no patient."""
    OWNER = "owner"
    """With the patient whose own it is."""


class Outcome(StrEnum):
    """What a release came to, written once, when looking is over."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Who or what counted."""

    JOURNAL = "journal"
    SCALE = "scale"
    PERSON = "person"
    BIN_SENSOR = "bin_sensor"


class Moment(StrEnum):
    """When in an access something was counted, weighed or sensed."""

    BEFORE = "before"
    AFTER = "after"


class Fact:
    """The root of the alphabet; `ALPHABET` maps each type name to its class."""

    __slots__ = ()
    type: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.type = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        ALPHABET[cls.type] = cls


ALPHABET: dict[str, type[Fact]] = {}
