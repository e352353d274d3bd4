"""A drug as another system names it -> an item of ours.

Alone knows: how a name, a strength and a form become an item's fields. Must not know: files, vendors.
"""

import re
from typing import Any, get_args

from pydantic import ValidationError

from central.roster.line import NotALine, as_id
from config.schema import Item
from config.schema.alphabet import ControlClass

CLASSES = frozenset(get_args(ControlClass))
COUNT_UNITS = {
    "tab": "tablet", "tablet": "tablet", "cap": "capsule", "capsule": "capsule", "vial": "vial", "amp": "ampule", "ampule": "ampule",
    "syringe": "syringe", "syr": "syringe", "bag": "bag", "patch": "patch", "supp": "suppository", "suppository": "suppository",
    "inhaler": "inhaler", "pen": "pen", "tube": "tube", "bottle": "bottle", "cup": "cup", "packet": "packet", "lozenge": "lozenge",
    "neb": "vial", "kit": "kit", "film": "film", "spray": "spray", "cartridge": "cartridge",
}  # fmt: skip
STAND_IN = "0000-{:04d}-{:02d}"
"""A labeler that the FDA never gave out."""
AMOUNT = re.compile(r"([0-9])([A-Za-z])")
"""5mg is written 5 mg."""
DIGITS = re.compile(r"[0-9]{11}|[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}")


class NotAnItem(ValueError):
    """What was said of a drug makes no item; the text says why."""


def item_of(said: dict[str, Any], number: int, *, stands_in: bool = False) -> Item:
    """An item of what was said: `generic` in any letters, `strength`, `form`, `ndc` with dashes or of 11 digits. Raises NotAnItem."""
    name, strength, form = (str(said.get(field, "")).strip() for field in ("generic", "strength", "form"))
    strength = AMOUNT.sub(r"\1 \2", strength)
    if not name or not strength or not form:
        raise NotAnItem("no " + ", no ".join(word for word, text in (("name", name), ("strength", strength), ("form", form)) if not text))
    try:
        ident = said.get("id") or as_id(f"{name} {strength} {form}".replace("@", " "))
    except NotALine as problem:
        raise NotAnItem(str(problem)) from problem
    control = str(said.get("control_class") or "none")
    if control not in CLASSES:
        raise NotAnItem(f"a control class that is not known: {control}")
    fields = {
        "id": ident, "generic": name.lower(), "tall_man": name if name != name.upper() else name.lower(),
        "brands": tuple(brand.strip() for brand in str(said.get("brands", "")).split(";") if brand.strip()),
        "strength": strength, "form": form.lower(), "ndc": ndc_of(str(said.get("ndc", "")), number, stands_in=stands_in),
        "control_class": control, "count_unit": said.get("count_unit") or count_unit_of(form),
        "high_alert": _is_so(said, "high_alert"), "refrigerated": _is_so(said, "refrigerated"),
        "therapeutic_class": str(said.get("therapeutic_class", "")),
    }  # fmt: skip
    try:
        return Item.model_validate(fields)
    except ValidationError as problem:
        flaw = problem.errors(include_url=False, include_input=False)[0]
        raise NotAnItem(f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}") from problem


def count_unit_of(form: str) -> str:
    """The word for one counted unit: the last word of a form that is a piece; else the form's first word."""
    words = [word.lower().rstrip("s") for word in re.findall(r"[A-Za-z]+", form)]
    return next((COUNT_UNITS[word] for word in reversed(words) if word in COUNT_UNITS), words[0] if words else form)


def ndc_of(text: str, number: int, *, stands_in: bool = False) -> str:
    """A code with its dashes. Raises NotAnItem."""
    found = DIGITS.fullmatch(text.strip())
    if found is None:
        if stands_in:
            return STAND_IN.format(number // 100 % 10_000, number % 100)
        raise NotAnItem("no National Drug Code" if not text.strip() else f"no National Drug Code: {text}")
    code = found[0]
    return code if "-" in code else f"{code[:5]}-{code[5:9]}-{code[9:]}"


def _is_so(said: dict[str, Any], field: str) -> bool:
    return str(said.get(field, "")).casefold() in {"y", "yes", "true", "1", "t", "x"}
