"""A phrase is its English text, and knows what it is made of."""

import copy

import msgspec
import pytest

from cabinet.domain.phrase import Phrase, counted, plain, sentences, term


def test_a_phrase_is_its_english_text() -> None:
    """Records, the API and tests read it like any other."""
    phrase = Phrase("Take {amount} from pocket {pocket}.", amount=counted(2, "{n} tablet", "{n} tablets"), pocket="A1")
    assert phrase == "Take 2 tablets from pocket A1."
    assert (phrase.message, phrase.values["pocket"]) == ("Take {amount} from pocket {pocket}.", "A1")
    assert Phrase("No {places} here") == "No {places} here"


def test_the_number_decides_about_the_form() -> None:
    """`1 tablet`, `0 tablets`, and a form that need not say its number."""
    assert [counted(n, "a minute", "{n} minutes") for n in (1, 0, 2)] == ["a minute", "0 minutes", "2 minutes"]


def test_sentences_stand_one_after_another() -> None:
    """What is empty leaves no gap, and one alone stays the phrase that it is."""
    assert sentences("", Phrase("One."), "", Phrase("Two."), Phrase("Three.")) == "One. Two. Three."
    alone = sentences("", Phrase("One."))
    assert isinstance(alone, Phrase)
    assert alone.message == "One."


def test_a_copy_is_still_a_phrase() -> None:
    """Views are copied on their way to a page."""
    for phrase in (Phrase("{a}", a=1), counted(3, "{n} vial", "{n} vials"), term("Return")):
        twin = copy.deepcopy(phrase)
        assert (twin, twin.message, twin.number, twin.context) == (phrase, phrase.message, phrase.number, phrase.context)


def test_a_record_holds_plain_text() -> None:
    """The journal is in English, and knows nothing of how a sentence was made."""
    assert msgspec.json.encode([Phrase("{a}", a=1)], enc_hook=plain) == b'["1"]'
    with pytest.raises(NotImplementedError):
        plain(object())


def test_a_place_without_a_value_is_a_mistake_at_once() -> None:
    """Not one that waits for a reader of another language."""
    with pytest.raises(KeyError):
        Phrase("{amount} of {item}", amount=1)
