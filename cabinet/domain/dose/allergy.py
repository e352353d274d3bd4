"""Whether something that a patient is allergic to speaks against an item.

Alone knows: how a written allergy is compared with names and classes, word by word. Must not know: what follows from it.

Words that match nothing here (shellfish, latex, "see chart") warn of nothing: a warning that is always there is read by nobody.
"""

import re
from collections.abc import Iterable

from cabinet.domain.formulary import Formulary, Item

WORD = re.compile(r"[^\W\d_]+")


def matching(allergies: Iterable[str], item: Item, formulary: Formulary) -> list[str]:
    """The allergies, as written, that match a name or class of the item or of what a kit holds."""
    held = [formulary[content] for content, _ in item.kit if content in formulary]
    names = [name for one in (item, *held) for name in (one.generic, one.substance, *one.brands, *one.allergy_classes)]
    known = [_words(name) for name in names]
    return [allergy for allergy in allergies if (said := _words(allergy)) and any(said <= words for words in known)]


def _words(text: str) -> set[str]:
    """Whole words, without their plural's s: "sulfonamides" is the class "sulfonamide"; "penicillin" is in "penicillin G benzathine"."""
    return {word.removesuffix("s") for word in WORD.findall(text.casefold())}
