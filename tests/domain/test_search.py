"""The safe search: letters show an item only when they tell it from everything it is mistaken for."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

import config
from cabinet.app.world import world_of
from cabinet.domain.formulary import ControlClass, CountMode, Formulary, Item
from cabinet.domain.search import Found, Index
from cabinet.domain.search import find as search
from cabinet.domain.vocabulary import ItemId
from config.load import load_site


def item(name: str, kind: str, *, brands: tuple[str, ...] = (), alert: bool = False, alike: tuple[str, ...] = (), of: str = "") -> Item:
    """One entry; its id is its name with dashes."""
    return Item(
        ItemId(name.replace(" ", "-")), name, of or name, brands, "5 mg", "tablet", "0-0-0", ControlClass.NONE, CountMode.UNITS,
        "tablet", alert, tuple(ItemId(other) for other in alike), kind, (),
    )  # fmt: skip


def formulary_of(*items: Item) -> Formulary:
    """These items."""
    return {entry.id: entry for entry in items}


ROCURONIUM = replace(item("rocuronium", "paralytic", brands=("Zemuron",), alert=True), is_paralytic=True)
VECURONIUM = replace(item("vecuronium", "paralytic", brands=("Norcuron",), alert=True), is_paralytic=True)
KIT = replace(item("intubation kit", "kit", brands=("RSI",), alert=True), kit=((ROCURONIUM.id, 2),), is_pinned=True)
FORMULARY = formulary_of(
    item("midazolam", "sedative", brands=("Versed",)),
    VECURONIUM,
    ROCURONIUM,
    KIT,
    item("flumazenil", "antidote", brands=("Romazicon",)),
    item("hydroxyzine", "antihistamine", brands=("Vistaril",), alike=("hydralazine",)),
    item("hydralazine", "vasodilator", brands=("Apresoline",), alike=("hydroxyzine",)),
    item("heparin", "anticoagulant", alert=True),
    item("heparin flush", "flush"),
    item("metoprolol", "beta blocker", brands=("Lopressor",)),
    item("morphine", "opioid", alert=True),
)
INDEX = Index(FORMULARY)
ALL = set(FORMULARY) - {VECURONIUM.id, ROCURONIUM.id}
"""What the cabinet stocks, if a test does not say otherwise: everything, the paralytics in the kit alone."""
TAKING = ("withdraw", "override")


def find(letters: str, purpose: str = "withdraw", stocked: set[ItemId] = ALL) -> Found:
    """What the letters show."""
    return search(INDEX, stocked, letters, purpose)


def shown(letters: str, purpose: str = "withdraw", stocked: set[ItemId] = ALL) -> list[str]:
    """The ids that the letters show."""
    return [entry.id for entry in find(letters, purpose, stocked).items]


# --- the two cases that the rules are there for


@pytest.mark.parametrize("purpose", TAKING)
@pytest.mark.parametrize("holds_midazolam", [True, False])
@pytest.mark.parametrize("holds_vecuronium", [True, False])
def test_the_vanderbilt_case_ve_never_offers_vecuronium(purpose: str, *, holds_midazolam: bool, holds_vecuronium: bool) -> None:
    """Midazolam (Versed) was meant, "VE" was typed, vecuronium was given. Letters are judged over the hospital, not over this cabinet."""
    stocked = ALL | ({VECURONIUM.id} if holds_vecuronium else set())
    stocked -= set() if holds_midazolam else {ItemId("midazolam")}
    found = find("VE", purpose, stocked)
    assert (found.items, found.absent, found.needs_more) == ((), (), True)
    versed = find("VERSED", purpose, stocked)
    assert [entry.id for entry in versed.items] == (["midazolam"] if holds_midazolam else [])
    assert [entry.id for entry in versed.absent] == ([] if holds_midazolam else ["midazolam"])


@pytest.mark.parametrize("purpose", TAKING)
def test_the_rsi_kit_case_ro_never_offers_romazicon_and_rocuronium_is_the_kit(purpose: str) -> None:
    """A nurse typed "ro" for rocuronium, which was in the kit alone, and was offered Romazicon, its neighbour in the alphabet."""
    assert find("ro", purpose).needs_more
    assert shown("ro", purpose) == shown("r", purpose) == shown("rocu", purpose) == []
    found = find("rocur", purpose)
    assert [entry.id for entry in found.items] == [KIT.id]
    assert found.inside == ((ROCURONIUM, KIT),)
    assert found.absent == ()
    assert shown("romaz", purpose) == ["flumazenil"]


def test_the_kit_is_offered_without_letters_and_a_paralytic_never_is() -> None:
    """In two touches: pinned is the kit, and nothing that it holds, whatever a formulary says."""
    assert [entry.id for entry in find("", "override").pinned] == [KIT.id]
    pinned_alone = Index(formulary_of(replace(ROCURONIUM, is_pinned=True)))
    assert search(pinned_alone, {ROCURONIUM.id}, "", "override").pinned == ()
    assert find("", "override", set()).pinned == ()
    assert find("ve", "override").pinned == (KIT,)
    assert find("versed", "override", {KIT.id}).pinned == ()


def test_a_paralytic_behind_a_lid_of_its_own_is_found_beside_its_kit_by_five_letters() -> None:
    """A rule that hides a medicine from who spells it out keeps somebody from it."""
    assert set(shown("rocur", "override", ALL | {ROCURONIUM.id})) == {"rocuronium", KIT.id}
    assert shown("rocu", "override", ALL | {ROCURONIUM.id}) == []


# --- what is not here


def test_a_name_that_is_known_and_not_here_is_answered_by_that_name() -> None:
    """And by no neighbour in the alphabet."""
    found = find("versed", "override", ALL - {ItemId("midazolam")})
    assert (found.items, [entry.id for entry in found.absent], found.needs_more) == ((), ["midazolam"], False)


def test_a_whole_name_that_is_not_here_offers_nothing_that_merely_begins_like_it() -> None:
    """Who types heparin where only the flush is stocked would take the flush for it."""
    found = find("heparin", "override", ALL - {ItemId("heparin")})
    assert (found.items, [entry.id for entry in found.absent]) == ((), ["heparin"])
    assert shown("heparin f", "override", ALL - {ItemId("heparin")}) == ["heparin-flush"]


def test_what_the_letters_fit_and_is_not_here_is_named_beside_what_is() -> None:
    """A list is never a part of what was typed: what is missing would be sought among what is there."""
    found = find("heparin", "override", ALL - {ItemId("heparin-flush")})
    assert ([entry.id for entry in found.items], [entry.id for entry in found.absent]) == (["heparin"], ["heparin-flush"])


# --- letters


def test_look_alikes_of_different_classes_are_never_listed_together_before_the_letters_tell_them_apart() -> None:
    """hydrOXYzine and hydrALAZINE: the list stays shut until only one is left."""
    assert shown("hyd") == shown("hydr") == []
    assert shown("hydro") == ["hydroxyzine"]
    assert shown("hydra") == ["hydralazine"]
    assert shown("hydr", stocked={ItemId("hydroxyzine")}) == []


def test_names_that_are_alike_in_writing_are_look_alikes_though_no_list_says_so() -> None:
    """A hospital's list is never whole: what is spelt alike and of another class is kept apart all the same."""
    index = Index(formulary_of(item("celecoxib", "pain", brands=("CeleBREX",)), item("citalopram", "depression", brands=("CeleXA",))))
    assert search(index, set(index.items), "cele", "withdraw").needs_more
    assert [entry.id for entry in search(index, set(index.items), "celex", "withdraw").items] == ["citalopram"]


@pytest.mark.parametrize("purpose", TAKING)
def test_a_high_alert_item_asks_for_five_letters_whatever_else_matches(purpose: str) -> None:
    """Uniqueness never shortens the rule for what kills when it is the wrong one."""
    assert shown("morp", purpose) == []
    assert shown("morph", purpose) == ["morphine"]
    assert shown("vecur", purpose, ALL | {VECURONIUM.id}) == ["vecuronium"]


def test_while_a_high_alert_item_fits_nothing_else_is_shown_either() -> None:
    """Showing the others would offer them for it."""
    index = Index(formulary_of(item("morphine", "opioid", alert=True), item("montelukast", "asthma")))
    assert search(index, set(index.items), "mo", "withdraw") == Found((), needs_more=True)


def test_an_override_takes_fewer_than_five_letters_only_where_one_name_is_left() -> None:
    """Judged over the whole formulary with all brands."""
    assert shown("meto", "override") == ["metoprolol"]
    assert shown("m", "override") == []
    assert shown("lop", "override") == ["metoprolol"]
    assert shown("l", "override") == []


def test_a_whole_name_opens_the_list_whatever_else_matches_grouped_by_class() -> None:
    """heparin and heparin flush have to be seen side by side to be told apart; a short brand is a whole name."""
    assert shown("heparin", "override") == ["heparin", "heparin-flush"]
    assert shown("Heparin  FLUSH") == ["heparin-flush"]
    assert shown("rsi", "override") == [KIT.id]


def test_strength_and_form_narrow_a_name_and_never_count_as_its_letters() -> None:
    """Of the nine letters of "mo 5 mg tab" two are of the name; and a word counts once."""
    assert shown("mo 5 mg tab", "override") == []
    assert shown("metoprolol 5 tablet") == ["metoprolol"]
    assert shown("metoprolol 9") == []
    assert shown("he f f f", "override") == []


def test_nothing_typed_shows_nothing_to_who_takes_and_everything_to_who_fills() -> None:
    """A technician works through the stock; a list of everything is how a nurse touches the wrong line."""
    assert shown("") == shown(" ", "override") == []
    assert len(shown("", "refill")) == len(ALL)
    assert shown("ve", "refill", set(FORMULARY)) == ["vecuronium", "midazolam"]


def test_a_pocket_is_loaded_with_anything_the_hospital_has() -> None:
    """What is not here yet has to be found."""
    assert shown("ve", "load", set()) == ["vecuronium", "midazolam"]
    assert find("v", "load", set()).needs_more


def test_nonsense_shows_nothing_and_asks_for_nothing_more() -> None:
    """More letters would not help, and the answer says so."""
    assert find("xyzzy") == Found((), needs_more=False)


@pytest.mark.parametrize(("typed", "meant"), [("hydroxizine", "hydroxyzine"), ("versid", "Versed"), ("metroprolol", "metoprolol")])
def test_a_slip_is_answered_by_a_name_to_type_and_by_nothing_to_touch(typed: str, meant: str) -> None:
    """A misspelt name shows no item: what was perhaps meant is text, and still has to be typed."""
    found = find(typed, "override")
    assert (found.items, found.absent, found.needs_more) == ((), (), False)
    assert found.likely[0] == meant


# --- over whole formularies


def whole_formulary() -> Formulary:
    """The demo hospital's."""
    formulary: Formulary = world_of(load_site(Path(config.__file__).parent / "sites/demo.toml")).formulary
    return formulary


def prefixes(formulary: Formulary) -> set[str]:
    """Everything that can be typed on the way to a name."""
    names = {name.casefold() for entry in formulary.values() for name in (entry.generic, *entry.brands)}
    return {name[:length] for name in names for length in range(1, len(name) + 1)}


def judge_list(index: Index, letters: str, purpose: str) -> list[str]:
    """What is wrong with what these letters show, as if all but the paralytics were stocked."""
    stocked = {entry.id for entry in index.items.values() if not entry.is_paralytic}
    found = search(index, stocked, letters, purpose)
    words = tuple(letters.replace("-", " ").split())
    fits = index.fits(words) if words else {}
    wrong = [f"{letters}: {entry.id} is a paralytic" for entry in (*found.items, *found.pinned) if entry.is_paralytic]
    if found.items and not any(fit.is_whole for fit in fits.values()):
        together = combinations((fit for fit in fits.values()), 2)
        wrong += [f"{letters}: {one.item.id} beside {two.item.id}" for one, two in together if index.mistaken((one, two)) is not None]
        alert = [fit.item.id for fit in fits.values() if fit.item.is_high_alert and fit.typed < 5]
        wrong += [f"{letters}: {name} by too few letters" for name in alert]
        told = {entry.id for entry in (*found.items, *found.absent, *(item for item, _ in found.inside))}
        wrong += [f"{letters}: {name} is left out" for name in fits.keys() - told]
    return wrong


@pytest.mark.parametrize("purpose", TAKING)
def test_no_prefix_of_any_name_lists_two_look_alikes_of_different_classes(purpose: str) -> None:
    """Every prefix of every name and brand of the demo's formulary, as if all of it were stocked."""
    index = Index(whole_formulary())
    assert [wrong for letters in prefixes(whole_formulary()) for wrong in judge_list(index, letters, purpose)] == []


def test_every_item_can_be_reached_by_its_whole_name() -> None:
    """A rule that hides a medicine from who spells it out keeps somebody from it."""
    formulary = whole_formulary()
    index = Index(formulary)
    hidden = [entry.id for entry in formulary.values() if entry not in search(index, {entry.id}, entry.generic, "override").items]
    assert hidden == []


def test_tall_man_letters_are_found_however_they_are_typed() -> None:
    """hydrOXYzine stands so on the screen; a keyboard has its own case."""
    index = Index(whole_formulary())
    found = search(index, set(index.items), "hYdRoXy", "override").items
    assert [entry.name for entry in found] == ["hydrOXYzine"]
