"""What the kiosk says can be said in every language that it offers: messages are marked, found, translated, and fill the same places.

Alone knows: what in a source is said to people, and what is a name or an id. Must not know: any message.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, nodes

from cabinet.cli.languages import TEMPLATES, Message, as_text, brought_up_to_date, messages, missing
from cabinet.kiosk.language import ENGLISH, FOLDER, ISOLATE, NAMES, PSEUDO, RIGHT_TO_LEFT, is_faithful
from config.schema import Language

FILES = sorted(FOLDER.glob("*.po"))
LETTERS = re.compile(r"[^\W\d_]{2,}")
SHOWN = {"aria-label", "placeholder", "title", "alt"}
"""Attributes that people hear or read; a figure with its unit is an example of what is typed, and the same everywhere."""
MACHINE = {"bdi", "script", "style"}
"""What stands in these is a name or an id, and is said to nobody."""

TURNED = re.compile(rf"(?<![{ISOLATE}\d.])(\d{{4}}-\d\d-\d\d|\d[\d.]* (?:mg|mL|kg|g)\b)")
"""What changes its meaning when its parts change places."""

NO_TEXT = r"\{% block main_attributes %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}"


class _Text(HTMLParser):
    """The letters of a template that people read and no call of `_` holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._machine = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._machine += tag in MACHINE
        self.found += [value for name, value in attrs if name in SHOWN and value and not value[0].isdigit() and LETTERS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self._machine -= tag in MACHINE

    def handle_data(self, data: str) -> None:
        if not self._machine and LETTERS.search(data):
            self.found.append(data.strip())


def unmarked(source: str) -> list[str]:
    """What a template says by itself: its bare text, and bare strings that begin like a sentence among what it puts out."""
    text = _Text()
    text.feed(re.sub(NO_TEXT, "", source, flags=re.DOTALL))
    return text.found + [said for output in Environment(autoescape=True).parse(source).find_all(nodes.Output) for said in _bare(output)]


def _bare(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Call | nodes.Test | nodes.Compare | nodes.Getitem | nodes.Getattr | nodes.TemplateData):
        return []
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and re.match(r"[A-Z][a-z]", node.value.strip()):
        return [node.value]
    return [said for child in node.iter_child_nodes() for said in _bare(child)]


@pytest.mark.parametrize("template", sorted(file for folder in TEMPLATES for file in folder.glob("*.html")), ids=lambda file: file.name)
def test_a_template_says_nothing_that_no_translator_sees(template: Path) -> None:
    """One bare word is a foreign word on somebody's screen."""
    assert unmarked(template.read_text()) == []


def test_bare_words_are_noticed() -> None:
    """The test above can fail."""
    assert unmarked('<p aria-label="Two words">{{ _("Said") }}</p>') == ["Two words"]
    assert unmarked('{% if x == "Some" %}<b>Bare</b>{% endif %}{{ "Bare too" if x else y }}<bdi>id</bdi>') == ["Bare", "Bare too"]
    assert unmarked('<p class="{{ "is-on" if x }}">{{ x.y }} · 5 · {{ _("{n} of {m}", n=1, m=2) }}</p>') == []


@pytest.fixture(scope="module")
def found() -> tuple[Message, ...]:
    """What the source says."""
    return tuple(messages())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_has_the_messages_of_today(file: Path, found: tuple[Message, ...]) -> None:
    """`make languages` was run: nothing said is missing in it, and nothing stands in it that nobody says."""
    assert as_text(brought_up_to_date(file, found)) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_translation_fills_the_same_places(file: Path, found: tuple[Message, ...]) -> None:
    """A place too many is an error on a screen, one too few an amount that nobody is told."""
    wrong = [one.id for one in brought_up_to_date(file, found) if one.id and one.string and not is_faithful(one.id, one.string)]
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_said_is_translated(file: Path, found: tuple[Message, ...]) -> None:
    """All of it: an English sentence on a screen in another language is understood by some, and guessed by others."""
    assert missing(brought_up_to_date(file, found)) == []


@pytest.mark.parametrize("code", sorted(RIGHT_TO_LEFT))
def test_a_date_and_a_unit_within_what_runs_from_right_to_left_are_kept_apart(code: str, found: tuple[Message, ...]) -> None:
    """As text of the translation they would be read backwards: `mg 2.5`, `30-06-2027`."""
    said = (one.string for one in brought_up_to_date(FOLDER / f"{code}.po", found) if one.id and one.string)
    texts = (text for one in said for text in ((one,) if isinstance(one, str) else one))
    assert [text for text in texts if TURNED.search(text)] == []


def test_a_site_may_choose_what_there_is() -> None:
    """A language of the schema without its file would stop a cabinet at its start."""
    assert set(get_args(Language)) == {ENGLISH, PSEUDO, *(file.stem for file in FILES)} == set(NAMES)
