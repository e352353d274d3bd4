"""The safe search over the names of a real hospital: thousands of them, typed inconsistently, with no list of look-alikes."""

import csv
import gzip
from pathlib import Path

import pytest

from cabinet.domain.formulary import ControlClass, CountMode, Formulary, Item
from cabinet.domain.search import Index
from cabinet.domain.search import find as search
from cabinet.domain.vocabulary import ItemId
from tests.domain.test_search import judge_list, prefixes

DRUGS = Path(__file__).parents[2].parent / "shared/data/drugs"
FORMULARY = DRUGS / "mimic3_formulary.csv"
TALL_MAN = DRUGS / "tallman_names_in_mimic.csv"
MARKET = DRUGS / "openfda/drugsatfda_products_2019-07-02_marketed.csv.gz"


def item(name: str, brands: tuple[str, ...] = ()) -> Item:
    """One entry of a class of its own, as a formulary without classes has it."""
    return Item(
        ItemId(name.casefold()), name, name, brands, "5 mg", "tablet", "0-0-0", ControlClass.NONE, CountMode.UNITS, "tablet",
        is_high_alert=False, look_alikes=(), therapeutic_class="", kit=(),
    )  # fmt: skip


def hospital() -> Formulary:
    """The names of a real hospital's formulary, and those that were typed in tall-man letters."""
    if not FORMULARY.exists() or not TALL_MAN.exists():
        pytest.skip("the real data is not here")
    with FORMULARY.open(encoding="utf-8", errors="replace", newline="") as text:
        names = {row["drug"].strip(): row["drug_name_generic"].strip() for row in csv.DictReader(text)}
    with TALL_MAN.open(encoding="utf-8", errors="replace", newline="") as text:
        names |= {row["name"].strip(): "" for row in csv.DictReader(text)}
    items = (item(name, (generic,) if generic else ()) for name, generic in names.items() if any(map(str.isalnum, name)))
    return {one.id: one for one in items}


def market() -> Formulary:
    """Every ingredient on the American market with its brands: more than any hospital has."""
    if not MARKET.exists():
        pytest.skip("the real data is not here")
    brands: dict[str, dict[str, None]] = {}
    with gzip.open(MARKET, "rt", encoding="utf-8", errors="replace", newline="") as text:
        for row in csv.DictReader(text):
            low = {key.casefold(): (value or "").strip() for key, value in row.items() if key}
            generic, brand = low.get("active_ingredient", ""), low.get("drug_name", "")
            if generic and any(map(str.isalnum, generic)):
                brands.setdefault(generic.title(), {})[brand.title()] = None
    return {one.id: one for one in (item(name, tuple(known)) for name, known in brands.items())}


@pytest.mark.parametrize("purpose", ["withdraw", "override"])
def test_no_prefix_of_any_real_name_lists_two_that_are_spelt_alike(purpose: str) -> None:
    """Nobody told this formulary what looks alike; the letters are held apart all the same."""
    formulary = hospital()
    index = Index(formulary)
    assert len(formulary) > 500
    assert [wrong for letters in prefixes(formulary) for wrong in judge_list(index, letters, purpose)] == []


def test_every_real_name_is_reached_by_its_whole_name() -> None:
    """Parentheses, figures and abbreviations and all."""
    formulary = hospital()
    index = Index(formulary)
    assert [one.id for one in formulary.values() if one not in search(index, set(formulary), one.name, "override").items] == []


def test_a_letter_is_answered_from_the_names_that_begin_so_and_no_others() -> None:
    """Over thousands of names a keystroke must not read them all: its work is the names that its first word begins."""
    formulary = market()
    index = Index(formulary)
    names = sum(1 + len(one.brands) for one in formulary.values())
    assert names > 5_000
    looked_at = [len(index.candidates(word)) for word in ("ro", "ve", "met", "hydro", "vecur", "zz")]
    assert max(looked_at) < names / 20
