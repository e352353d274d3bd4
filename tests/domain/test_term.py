"""The words on the screen: one file for each hospital, and no word of the trade is written into a template by hand."""

import re
import tomllib
from pathlib import Path

import pytest

import cabinet.kiosk
import config
from cabinet.app.world import world_of
from cabinet.domain.term import Terms
from config.load import load_site
from config.problem import SiteProblems
from config.words import Terms as Table
from tests.domain.test_config_problem import copy_demo

TEMPLATES = Path(cabinet.kiosk.__file__).parent / "templates"
DEFAULTS = Path(config.__file__).parent / "terms/default.toml"
ORDINARY = {"withdrawn", "count", "refill", "load", "give_back", "transfer", "inspect", "schedule", "waste", "expire", "care_area", "blind"}
"""Terms whose words are ordinary English as well: on buttons they come from the file, and in sentences they may stand by themselves."""


def test_the_file_of_defaults_says_what_is_said_without_one() -> None:
    """It is copied to begin a hospital's own: what it says must be true, and nothing may be missing in it."""
    assert tomllib.loads(DEFAULTS.read_text()) == Table().model_dump()


def test_the_wards_defaults_are_those_of_the_page() -> None:
    """ward.md, "Words on the screen"."""
    said = Table()
    assert (said.withdraw, said.access, said.journal, said.restock) == ("Remove", "Transaction", "Audit record", "Refill list")
    assert (said.waste_owed, said.picked_ahead, said.emergency) == ("Undocumented waste", "Remote queue", "Emergency access")
    assert (f"{said.schedule} {said.c2}", said.lidded, said.verify) == ("Schedule C-II", "Locked-lid pocket", "Verify count")
    assert (said.care_area, said.par, said.attention) == ("Unit", "Max", "Needs attention")


def test_a_site_says_it_in_its_own_words(tmp_path: Path) -> None:
    """A word that is left out keeps its default; one that nobody knows is a mistake with its line."""
    site = copy_demo(tmp_path) / "sites/demo.toml"
    site.write_text(site.read_text().replace('policy = "../policy/demo.toml"', 'policy = "../policy/demo.toml"\nterms = "../ours.toml"'))
    (tmp_path / "ours.toml").write_text('withdraw = "Vend"\n')
    terms = world_of(load_site(site)).terms
    assert (terms("withdraw"), terms("par")) == ("Vend", "Max")
    (tmp_path / "ours.toml").write_text('\nwithdrew = "Vended"\n')
    with pytest.raises(SiteProblems, match=r"ours\.toml:2"):
        load_site(site)


def test_a_word_within_a_sentence_begins_small() -> None:
    """`remove 2 tablets`; but never c-II."""
    terms = Terms(Table().model_dump())
    assert (terms.low("withdraw"), terms.low("c2"), terms.low("emergency")) == ("remove", "C-II", "emergency access")
    assert terms("return") == "Return"
    assert Terms()("late_entry") == "Late entry"


def test_a_reports_own_words_are_the_sites() -> None:
    """Whoever reads Movement on the screen must not read Transaction on the paper; and no other word is touched."""
    usual = Table().model_dump()
    terms = Terms(usual | {"access": "Movement", "c2": "Class 2"}, usual)
    assert terms.retold("Transactions, every transaction, C-II apart") == "Movements, every movement, Class 2 apart"
    assert terms.retold("Accessible transactional overrides") == "Accessible transactional overrides"
    assert Terms(usual, usual).retold("Transactions") == "Transactions"


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.stem)
def test_no_template_writes_a_word_of_the_trade_by_hand(template: Path) -> None:
    """A site that says Vend would else read Remove on one screen of ten."""
    bare = re.sub(r"term(\.low)?\([^)]*\)", " ", re.sub(r"{#.*?#}", " ", template.read_text(), flags=re.DOTALL))
    shown = re.sub(r"<[^>]*>", " ", bare)
    words = {key: word for key, word in Table().model_dump().items() if key not in ORDINARY}
    assert [word for word in words.values() if re.search(rf"\b{re.escape(word)}\b", shown)] == []
