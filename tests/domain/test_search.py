"""The safe search: letters show an item only when they tell it from everything it is mistaken for."""

from pathlib import Path

import pytest

import config
from cabinet.app.world import world_of
from cabinet.domain.formulary import ControlClass, CountMode, Formulary, Item
from cabinet.domain.search import find
from cabinet.domain.vocabulary import ItemId
from config.load import load_site


def item(name: str, kind: str, *, brands: tuple[str, ...] = (), alert: bool = False, alike: tuple[str, ...] = (), of: str = "") -> Item:
    """One entry; its id is its name with dashes."""
    return Item(
        ItemId(name.replace(" ", "-")), name, of or name, brands, "5 mg", "tablet", "0-0-0", ControlClass.NONE, CountMode.UNITS,
        "tablet", alert, tuple(ItemId(other) for other in alike), kind, (),
    )  # fmt: skip


FORMULARY: Formulary = {
    entry.id: entry
    for entry in (
        item("midazolam", "sedative", brands=("Versed",)),
        item("vecuronium", "paralytic", brands=("Norcuron",), alert=True),
        item("hydroxyzine", "antihistamine", brands=("Vistaril",), alike=("hydralazine",)),
        item("hydralazine", "vasodilator", brands=("Apresoline",), alike=("hydroxyzine",)),
        item("heparin", "anticoagulant", alert=True),
        item("heparin flush", "flush", of="heparin flush"),
        item("metoprolol", "beta blocker", brands=("Lopressor",)),
        item("morphine", "opioid", alert=True),
    )
}
ALL = set(FORMULARY)


def shown(letters: str, purpose: str = "withdraw", stocked: set[ItemId] = ALL) -> list[str]:
    """The ids that the letters show."""
    return [entry.id for entry in find(FORMULARY, stocked, letters, purpose).items]


def test_two_letters_never_offer_the_paralytic_for_the_sedative_that_is_not_stocked() -> None:
    """Where midazolam (Versed) is not in the cabinet, "ve" is unique to vecuronium; a patient died of that."""
    here = ALL - {ItemId("midazolam")}
    for purpose in ("withdraw", "override"):
        assert shown("ve", purpose, here) == []
        assert find(FORMULARY, here, "ve", purpose).needs_more


def test_a_name_that_is_known_and_not_here_is_answered_by_that_name() -> None:
    """And by no neighbour in the alphabet."""
    found = find(FORMULARY, ALL - {ItemId("midazolam")}, "versed", "override")
    assert (found.items, [entry.id for entry in found.absent], found.needs_more) == ((), ["midazolam"], False)


def test_look_alikes_of_different_classes_are_never_listed_together_before_the_letters_tell_them_apart() -> None:
    """hydrOXYzine and hydrALAZINE: the list stays shut until only one is left."""
    assert shown("hyd") == shown("hydr") == []
    assert shown("hydro") == ["hydroxyzine"]
    assert shown("hydra") == ["hydralazine"]
    assert shown("hydr", stocked={ItemId("hydroxyzine")}) == []


def test_a_high_alert_item_asks_for_five_letters_whatever_else_matches() -> None:
    """Uniqueness never shortens the rule for what kills when it is the wrong one."""
    for purpose in ("withdraw", "override"):
        assert shown("morp", purpose) == []
        assert shown("morph", purpose) == ["morphine"]
        assert shown("vecur", purpose) == ["vecuronium"]


def test_an_override_takes_fewer_than_five_letters_only_where_one_name_is_left() -> None:
    """Judged over the whole formulary with all brands."""
    assert shown("meto", "override") == ["metoprolol"]
    assert shown("m", "override") == []
    assert shown("lop", "override") == ["metoprolol"]


def test_a_whole_name_opens_the_list_whatever_else_matches_grouped_by_class() -> None:
    """heparin and heparin flush have to be seen side by side to be told apart."""
    assert shown("heparin", "override") == ["heparin", "heparin-flush"]
    assert shown("Heparin  FLUSH") == ["heparin-flush"]


def test_strength_and_form_narrow_a_name_and_never_count_as_its_letters() -> None:
    """Of the nine letters of "mo 5 mg tab" two are of the name."""
    assert shown("mo 5 mg tab", "override") == []
    assert shown("metoprolol 5 tablet") == ["metoprolol"]
    assert shown("metoprolol 9") == []


def test_nothing_typed_shows_nothing_to_who_takes_and_everything_to_who_fills() -> None:
    """A technician works through the stock; a list of everything is how a nurse touches the wrong line."""
    assert shown("") == shown(" ", "override") == []
    assert len(shown("", "refill")) == len(ALL)
    assert shown("ve", "refill") == ["vecuronium", "midazolam"]


def test_nonsense_shows_nothing_and_asks_for_nothing_more() -> None:
    """More letters would not help, and the answer says so."""
    found = find(FORMULARY, ALL, "xyzzy", "withdraw")
    assert (found.items, found.needs_more, found.absent) == ((), False, ())


def whole_formulary() -> Formulary:
    """The demo hospital's."""
    formulary: Formulary = world_of(load_site(Path(config.__file__).parent / "sites/demo.toml")).formulary
    return formulary


@pytest.mark.parametrize("purpose", ["withdraw", "override"])
def test_no_prefix_of_any_name_lists_two_look_alikes_of_different_classes(purpose: str) -> None:
    """Every prefix of every name and brand of the demo's formulary, as if all of it were stocked."""
    formulary = whole_formulary()
    together = set()
    names = {name.casefold() for entry in formulary.values() for name in (entry.generic, *entry.brands)}
    for name in names:
        for length in range(1, len(name)):
            if name[:length].strip() in names:
                continue
            listed = {entry.id: entry for entry in find(formulary, set(formulary), name[:length], purpose).items}
            together |= {
                (name[:length], entry.id, other)
                for entry in listed.values()
                for other in entry.look_alikes
                if other in listed and listed[other].therapeutic_class != entry.therapeutic_class
            }
    assert together == set()


def test_every_item_can_be_reached_by_its_whole_name() -> None:
    """A rule that hides a medicine from who spells it out keeps somebody from it."""
    formulary = whole_formulary()
    hidden = [entry.id for entry in formulary.values() if entry not in find(formulary, {entry.id}, entry.generic, "override").items]
    assert hidden == []
