"""A site's words for the project's own: the one look-up by which a screen or a report says `Remove` where the code says withdraw.

Alone knows: what is said where no word was chosen. Must not know: which words there are (`config/words.py`), or where one is shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cabinet.domain.phrase import Phrase, term

UNMISTAKABLE = (
    "access", "journal", "restock", "waste_owed", "picked_ahead", "emergency", "override", "lidded", "verify", "attention",
    "c2", "c3", "c4", "c5",
)  # fmt: skip
"""Words that mean nothing else within a sentence: there they are told again in the site's own."""


@dataclass(frozen=True)
class Terms:
    """The words by the project's own; `usual` are those that texts are written with."""

    words: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, word: str) -> Phrase:
        """What people read for a word; the word itself where none was chosen."""
        plain = word.replace("_", " ")
        return term(self.words.get("give_back" if word == "return" else word) or f"{plain[:1].upper()}{plain[1:]}")

    def low(self, word: str) -> Phrase:
        """The same within a sentence: `remove`; a word that is no ordinary one, such as C-II, stays as it is."""
        said = self(word)
        return said if said[1:2].isupper() or not said[1:2].isalpha() else term(f"{said[:1].lower()}{said[1:]}")

    def retold(self, text: str) -> str:
        """A text of a report in the site's words: `Transactions` becomes `Movements` where a site says Movement."""
        for word in UNMISTAKABLE:
            usual, said = self.usual.get(word, ""), self.words.get(word, "")
            if usual and usual != said:
                text = re.sub(rf"\b{re.escape(usual)}(?=s?\b)", said, text)
                text = re.sub(rf"\b{re.escape(usual.lower())}(?=s?\b)", self.low(word), text)
        return text
