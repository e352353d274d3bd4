"""Phrases in the language of whoever reads them: one file of messages for each language, read when it is first wanted.

Alone knows: how a message is looked up, what is said where a language lacks it (English), and that what is put into a sentence which
runs from right to left is kept apart, so that `2.5 mg` is never read as `mg 2.5`.
Must not know: any message; which page says it.
"""

import gettext
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from string import Formatter

from markupsafe import Markup, escape

from cabinet.domain.phrase import Phrase

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
PSEUDO = "qps"
"""No language: every message stands between ⟦ and ⟧, so that what is shown without being one can be seen."""

NAMES = {ENGLISH: "English", "es": "Español", "ar": "العربية", PSEUDO: "⟦Pseudo⟧"}
"""What a language calls itself, for the button that chooses it."""
RIGHT_TO_LEFT = {"ar"}
ISOLATE, END = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE and its end (Unicode's UAX 9): they work in attributes too, where no <bdi> can stand."""


class Language:
    """One language. `say` is all that a page needs of it."""

    def __init__(self, code: str, messages: gettext.NullTranslations | None = None) -> None:
        self.code, self.name = code, NAMES[code]
        self.is_right_to_left = code in RIGHT_TO_LEFT
        self._messages = messages or gettext.NullTranslations()

    @property
    def direction(self) -> str:
        """As HTML's attribute `dir` has it."""
        return "rtl" if self.is_right_to_left else "ltr"

    def say(self, text: str) -> str:
        """A phrase in this language; any other text as it is. Markup among the values stays markup, and everything beside it is escaped."""
        if not isinstance(text, Phrase):
            return text
        said = self._message(text)
        values = {place: self._value(value) for place, value in text.values.items()}
        if any(isinstance(value, Markup) for value in values.values()):
            return escape(said).format(**values)
        return said.format(**values) if values else said

    def _message(self, phrase: Phrase) -> str:
        said = self._look_up(phrase)
        return f"⟦{said}⟧" if self.code == PSEUDO else said

    def _look_up(self, phrase: Phrase) -> str:
        if phrase.many:
            return self._messages.ngettext(phrase.message, phrase.many, phrase.number)
        if phrase.context:
            return self._messages.pgettext(phrase.context, phrase.message)
        return self._messages.gettext(phrase.message) if phrase.message else ""

    def _value(self, value: object) -> object:
        if isinstance(value, Phrase):
            return self.say(value)
        if not self.is_right_to_left:
            return value
        return Markup(f"{ISOLATE}{value}{END}") if isinstance(value, Markup) else f"{ISOLATE}{value}{END}"  # noqa: S704 - markup stays it


def read(code: str, folder: Path = FOLDER) -> Language:
    """A language with its messages. Raises OSError. A message whose places are not those of the English is left English."""
    if code in {ENGLISH, PSEUDO}:
        return Language(code)
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - 4 MB that a site in English does not pay
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    with (folder / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    for message in catalogue:
        if message.string and not is_faithful(message.id, message.string):
            message.string = "" if isinstance(message.id, str) else ("",) * catalogue.num_plurals
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, gettext.GNUTranslations(compiled))


def places(message: str) -> set[str]:
    """The names of the places in a message. Raises ValueError."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def is_faithful(message: str | Sequence[str], said: str | Sequence[str]) -> bool:
    """Whether a translation can be filled like its message: the same places, but that a form for one, two or none need not say `n`."""
    forms, wanted = [said] if isinstance(said, str) else said, places(message if isinstance(message, str) else message[-1])
    spare = set() if isinstance(message, str) else {"n"}
    try:
        return all(not form or wanted - spare <= places(form) <= wanted for form in forms)
    except ValueError:
        return False


class Languages:
    """What a kiosk is offered in; the first is the site's own. Who chose another is remembered for as long as the kiosk runs."""

    def __init__(self, codes: Sequence[str] = (ENGLISH,)) -> None:
        """Raises OSError."""
        self.offered: Mapping[str, str] = {code: NAMES[code] for code in codes}
        self._own = codes[0]
        self._read = {self._own: read(self._own)}
        self._chosen: dict[str, str] = {}

    def of(self, staff: str | None, wanted: str | None) -> Language:
        """The language of a person, else the one that was chosen at the screen, else the site's."""
        code = self._chosen.get(staff or "") or wanted or self._own
        return self._language(code if code in self.offered else self._own)

    def remember(self, staff: str, code: str) -> None:
        """A person's choice. One that is not offered is none."""
        if code in self.offered:
            self._chosen[staff] = code

    def _language(self, code: str) -> Language:
        if code not in self._read:
            self._read[code] = read(code)
        return self._read[code]
