"""What is said to people, kept as what it is made of: an English message with named places, and what stands in them.

Alone knows: how a message and its values make an English sentence. Must not know: any other language, or where a phrase is shown.

A phrase *is* its English text (`str`), so that records, the API and tests read it as such; whoever shows it to a person may say its
message in their language instead (`cabinet/kiosk/language.py`). What is done to the text (`+`, `.upper()`, an f-string around it) makes
plain English of it: build a sentence from a phrase by naming it as a value of another one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

TERM = "term"
"""The context of a word of the trade: `Return` on a button is none of the many other returns."""


class Phrase(str):
    """`Phrase("Take {amount} from pocket {pocket}.", amount=much, pocket=id)`; values may be phrases. Raises KeyError.

    The message stands there as one literal, so that it can be found for the translators; without values it is said as it stands.
    """

    __slots__ = ("context", "many", "message", "number", "values")

    message: str
    values: Mapping[str, object]
    many: str
    """The message for more than one, where `number` decides; else empty."""
    number: int
    context: str

    def __new__(cls, message: str, /, **values: object) -> Self:
        """A message with its values."""
        return cls._made(message, values)

    @classmethod
    def _made(cls, message: str, values: Mapping[str, object], many: str = "", number: int = 1, context: str = "") -> Self:
        said = many if many and number != 1 else message
        phrase = super().__new__(cls, said.format(**values) if values else said)
        phrase.message, phrase.values, phrase.many, phrase.number, phrase.context = message, values, many, number, context
        return phrase

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies stay phrases."""
        return type(self)._made, (self.message, self.values, self.many, self.number, self.context)  # noqa: SLF001 - its own


def counted(number: int, one: str, many: str, /, **values: object) -> Phrase:
    """`counted(3, "{n} tablet", "{n} tablets")`: which of them depends on the number, which is `n` in both."""
    return Phrase._made(one, {"n": number, **values}, many, number)  # noqa: SLF001 - its other maker


def term(word: str) -> Phrase:
    """A word of the trade (`config/words.py`) by itself."""
    return Phrase._made(word, {}, context=TERM)  # noqa: SLF001 - its other maker


def plain(value: object) -> str:
    """A phrase as the plain text that records hold: the hook of an encoder that knows no phrases. Raises NotImplementedError."""
    if isinstance(value, Phrase):
        return str(value)
    raise NotImplementedError


def message(text: str, /) -> str:
    """Marks a message that stands in a table, to be found for the translators; a phrase is made of it where it is said."""
    return text


def forms(one: str, many: str, /) -> tuple[str, str]:
    """The same for a message that depends on a number: `counted(3, *FORMS["tablet"])`."""
    return one, many


def coded(code: str) -> Phrase:
    """A code as people read it; the languages' files have those that a table of words names (`cabinet/kiosk/word.py`)."""
    return Phrase(code.replace("_", " "))


def in_a_row(names: Sequence[str]) -> str:
    """Names one after another: `penicillin and codeine`; nothing where there is none."""
    whole: str = names[0] if names else ""
    for one in names[1:]:
        whole = Phrase("{first} and {last}", first=whole, last=one)
    return whole


def either(names: Sequence[str]) -> str:
    """Names of which one is enough: `report or audit`; nothing where there is none."""
    whole: str = names[0] if names else ""
    for one in names[1:]:
        whole = Phrase("{first} or {last}", first=whole, last=one)
    return whole


def sentences(*said: str) -> str:
    """Several one after another, in the order given; those that are empty are left out."""
    whole: str = ""
    for one in filter(None, said):
        whole = Phrase("{first} {second}", first=whole, second=one) if whole else one
    return whole
