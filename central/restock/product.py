"""What the pharmacy knows of an item that it picks: its title, the codes of its packages, and who must look at it.

Alone knows: how an item of the formulary is read for picking. Must not know: lists, shelves.

An item that the pharmacy's formulary lacks is picked by its id and checked by a pharmacist: nobody knows what it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cabinet.domain.package.code import keys_of
from config.restock import Restock
from config.schema import Item


@dataclass(frozen=True, slots=True)
class Product:
    """One item. `keys` are those of its packages' codes; `gtin`: one that a bar code can carry, where it has any."""

    id: str
    title: str
    unit: str
    keys: frozenset[str]
    gtin: str | None
    needs_check: bool
    needs_sheet: bool


def products(items: Iterable[Item], rules: Restock) -> Mapping[str, Product]:
    """The formulary as picking sees it."""
    return {item.id: _product(item, rules) for item in items}


def unknown(item: str) -> Product:
    """What is said of an item that the formulary lacks."""
    return Product(item, item, "unit", frozenset(), None, needs_check=True, needs_sheet=False)


def _product(item: Item, rules: Restock) -> Product:
    keys = frozenset(key for code in (item.ndc, *item.codes) for key in keys_of(code))
    is_checked = item.control_class in rules.check_classes or (item.high_alert and rules.check_high_alert) or item.id in rules.check_items
    title = f"{item.tall_man} {item.strength} {item.form}"
    return Product(item.id, title, item.count_unit, keys, _gtin(keys), is_checked, item.control_class in rules.sheet_classes)


def _gtin(keys: frozenset[str]) -> str | None:
    """A GTIN-14 of its own, or (US) the one that carries its NDC."""
    own = sorted(key.removeprefix("gtin:") for key in keys if key.startswith("gtin:"))
    if own:
        return own[0]
    ndc = sorted(key.removeprefix("ndc:") for key in keys if key.startswith("ndc:"))
    return with_check_digit(f"003{ndc[0]}") if ndc else None


def with_check_digit(digits: str) -> str:
    """Thirteen digits and the fourteenth (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
