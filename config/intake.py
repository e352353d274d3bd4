"""How another vendor's export is read: which of its columns is which of our fields, and what its words mean.

Alone knows: the keys of a mapping file (`config/vendor/*.toml`). Must not know: what becomes of the rows.

A column is named as its head says; "A + B" joins several with blanks; "= words" stands for itself in every row.
"""

import re
import tomllib
from pathlib import Path

from pydantic import Field, field_validator

from config.problem import Problem, SiteProblems
from config.schema.alphabet import Part
from config.shape import fit

ITEM_FIELDS = frozenset({
    "key", "display", "generic", "brands", "strength", "form", "ndc", "control_class", "count_unit", "high_alert", "refrigerated",
    "therapeutic_class", "active",
})  # fmt: skip
POCKET_FIELDS = frozenset({"cabinet", "drawer", "pocket", "item", "par", "min", "critical_low"})
STAFF_FIELDS = frozenset({"id", "name", "role", "areas", "until", "trained_until", "active"})
HISTORY_FIELDS = frozenset({"at", "cabinet", "item", "kind", "units", "staff", "patient", "stay"})


class Table(Part):
    """One file of an export, plain or gzip. `distinct`: columns that together make a row one; further rows repeat it."""

    file: str
    columns: dict[str, str]
    words: dict[str, dict[str, str]] = Field(default={}, description="field -> their word, in any case -> ours")
    leave_out: dict[str, tuple[str, ...]] = Field(default={}, description="their column -> values whose rows are not wanted")
    distinct: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    at_format: str = Field(default="", description="how moments are written, as strptime reads them; left out: ISO 8601")


class Intake(Part):
    """What a vendor's export holds. `display` splits one name into the groups generic, strength and form."""

    name: str
    formulary: Table
    pockets: Table | None = None
    staff: Table | None = None
    transactions: Table | None = None
    display: str = ""
    stands_in_for_ndc: bool = Field(default=False, description="an item without a National Drug Code is written with one that nobody bears")

    @field_validator("display")
    @classmethod
    def _is_a_pattern(cls, text: str) -> str:
        try:
            if text and "generic" not in re.compile(text).groupindex:
                raise ValueError("display has no group (?P<generic>...)")
        except re.error as problem:
            raise ValueError(f"display is no pattern: {problem}") from problem
        return text

    def unknown_fields(self) -> list[str]:
        """Fields that nobody reads, as `table.field`."""
        tables = (
            ("formulary", self.formulary, ITEM_FIELDS), ("pockets", self.pockets, POCKET_FIELDS), ("staff", self.staff, STAFF_FIELDS),
            ("transactions", self.transactions, HISTORY_FIELDS),
        )  # fmt: skip
        return [
            f"{name}.columns.{field}" for name, table, fields in tables if table is not None for field in sorted({*table.columns} - fields)
        ]


def load_intake(path: Path) -> Intake:
    """Read a mapping. Raises SiteProblems with everything that is wrong with it."""
    try:
        fitted = fit(Intake, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SiteProblems([Problem(str(path), 1, 1, "", f"cannot be read: {problem}")]) from problem
    if fitted.value is None:
        raise SiteProblems([Problem(str(path), 1, 1, ".".join(map(str, flaw.path)), flaw.what, flaw.hint) for flaw in fitted.flaws])
    unknown = fitted.value.unknown_fields()
    if unknown:
        raise SiteProblems([Problem(str(path), 1, 1, field, "is a field that nobody reads", "") for field in unknown])
    return fitted.value
