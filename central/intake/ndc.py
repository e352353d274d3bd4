"""The FDA's NDC directory (product.txt and package.txt, or their unfinished twins) -> items.

Alone knows: the directory's columns and words. Must not know: where items go.

Source: FDA, National Drug Code Directory, "NDC Product File Definitions". A product has one strength for each substance, and packages
nested in each other, of which the innermost is what a pocket holds. What is excluded, no human's drug, or without a strength is told.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from central.intake.item import NotAnItem, item_of
from central.intake.report import Report
from central.intake.row import NotAFile, Row, rows_of, text_of
from config.intake import Table
from config.schema import Item

PRODUCT = {
    "key": "PRODUCTNDC", "kind": "PRODUCTTYPENAME", "generic": "NONPROPRIETARYNAME", "form": "DOSAGEFORMNAME",
    "number": "ACTIVE_NUMERATOR_STRENGTH", "unit": "ACTIVE_INGRED_UNIT", "schedule": "DEASCHEDULE", "substance": "SUBSTANCENAME",
}  # fmt: skip
OPTIONAL = {"brands": "PROPRIETARYNAME", "therapeutic_class": "PHARM_CLASSES", "excluded": "NDC_EXCLUDE_FLAG"}
PACKAGE = {"key": "PRODUCTNDC", "code": "NDCPACKAGECODE", "words": "PACKAGEDESCRIPTION"}
SCHEDULES = {"": "none", "CII": "c2", "CIII": "c3", "CIV": "c4", "CV": "c5"}
HUMAN = re.compile(r"^HUMAN ", re.IGNORECASE)
UNITS = {"[iU]": "units", "ug": "mcg", "meq": "mEq", "[USP'U]": "units"}
FORMS = {
    "TABLET, FILM COATED": "tablet", "TABLET, COATED": "tablet", "INJECTION, SOLUTION": "injection solution",
    "CAPSULE, GELATIN COATED": "capsule",
}  # fmt: skip
INNERMOST = re.compile(r"in 1 ([A-Z][A-Z ,-]*?)(?:\s*\(|\s*>|$)")
PER = re.compile(r"([0-9.]*)\s*([A-Za-z]*)")
ENCODINGS = ("utf-8-sig", "cp1252")


def read_directory(product: Path, package: Path, report: Report, only: Collection[str] = ()) -> Iterator[Item]:
    """The items of a directory, each with its first package's code and the others beside it. `only`: generic names. Raises NotAFile."""
    packages: dict[str, list[Row]] = {}
    for row in _rows(package, PACKAGE, report):
        packages.setdefault(row["key"], []).append(row)
    wanted, ids, number = {name.casefold() for name in only}, set[str](), 0
    for row in _rows(product, PRODUCT, report):
        if wanted and row["generic"].casefold() not in wanted:
            report.counts["products not asked for"] += 1
            continue
        number += 1
        try:
            item = _item(row, packages.get(row["key"], []), number)
        except NotAnItem as problem:
            report.miss(row.file, row.line, str(problem), row["key"])
            continue
        if item.id in ids:
            item = item.model_copy(update={"id": f"{item.id[:50]}-{row['key'].replace('*', '')}"})
        ids.add(item.id)
        report.counts["items"] += 1
        yield item


def _rows(path: Path, columns: dict[str, str], report: Report) -> Iterator[Row]:
    text = _decoded(path)
    head = text.partition("\n")[0].rstrip("\r").split("\t")
    there = columns | {field: column for field, column in OPTIONAL.items() if column in head and columns is PRODUCT}
    yield from rows_of(text, Table(file=path.name, columns=there, delimiter="\t"), report)


def _decoded(path: Path) -> str:
    """The directory came in Windows' letters for years, and in UTF-8 since."""
    try:
        return text_of(path, ENCODINGS[0])
    except NotAFile:
        return text_of(path, ENCODINGS[1])


def _item(row: Row, packages: list[Row], number: int) -> Item:
    if not HUMAN.match(row["kind"]):
        raise NotAnItem("no human's drug")
    if row["excluded"] not in {"", "N"}:
        raise NotAnItem("excluded from the directory")
    if row["schedule"] not in SCHEDULES:
        raise NotAnItem("a schedule that is not known")
    if not packages:
        raise NotAnItem("no package")
    said = {
        "generic": row["generic"], "brands": row["brands"], "strength": _strength(row), "form": FORMS.get(row["form"], row["form"].lower()),
        "ndc": packages[0]["code"], "control_class": SCHEDULES[row["schedule"]], "count_unit": _count_unit(packages[0], row["form"]),
        "therapeutic_class": row["therapeutic_class"].split(",")[0],
    }  # fmt: skip
    further = tuple(one["code"] for one in packages[1:])
    return item_of(said, number).model_copy(update={"codes": further})


def _strength(row: Row) -> str:
    """5 mg; 4 mg/mL; of several substances each, with a dash between. "/1" is one piece."""
    numbers, units = row["number"].split("; "), row["unit"].split("; ")
    if not row["number"] or len(numbers) != len(units):
        raise NotAnItem("no strength for each substance")
    return " - ".join(f"{_plain(number)} {_unit(unit)}" for number, unit in zip(numbers, units, strict=True))


def _plain(number: str) -> str:
    """.4 is 0.4, and 5.0 is 5: as ISMP writes amounts."""
    text = f"0{number}" if number.startswith(".") else number
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unit(unit: str) -> str:
    of, _, per = unit.partition("/")
    parts = PER.fullmatch(per)
    of, number, word = UNITS.get(of, of), *(parts.groups() if parts else ("", per))
    if not word:
        return of
    return f"{of}/{word}" if number in {"", "1"} else f"{of}/{_plain(number)} {word}"


def _count_unit(package: Row, form: str) -> str:
    inner = INNERMOST.findall(package["words"])
    word = inner[-1] if inner and not form.startswith(("TABLET", "CAPSULE")) else form
    return str(word).split(",", maxsplit=1)[0].strip().lower()
