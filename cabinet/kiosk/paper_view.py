"""What is kept beside the pockets: blocked items, and cases with what was withdrawn for them.

Alone knows: what stands in these lists. Must not know: HTTP, HTML, clocks; what a block keeps shut, or what a case owes.
"""

from dataclasses import dataclass

from cabinet.domain.case import reconciling
from cabinet.domain.case.memory import Case
from cabinet.domain.core import Core
from cabinet.domain.dose.portion import amount_of
from cabinet.domain.formulary import Item
from cabinet.domain.people import Staff
from cabinet.domain.phrase import Phrase, message
from cabinet.domain.quarantine import judging
from cabinet.domain.quarantine.memory import Quarantine
from cabinet.domain.state import Line
from cabinet.domain.vocabulary import ItemId
from cabinet.kiosk.custody_view import TakenView, taken_view, typed
from cabinet.kiosk.patient_view import PatientView, patient_view

REASONS = (message("Recall"), message("Suspected wrong item"), message("Damaged"), message("Stored too warm"))
"""Why something is blocked, to be touched instead of typed; they are recorded in English."""


@dataclass(frozen=True)
class BlockRow:
    """One block: what it means in words, and the pockets that it keeps shut."""

    block: Quarantine
    title: str
    why: str
    pockets: tuple[str, ...]


@dataclass(frozen=True)
class BlockForm:
    """What may be blocked, seen from one pocket: scope, value and words; and the usual reasons."""

    pocket: str
    item: Item
    choices: tuple[tuple[str, str, str], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class GivenRow:
    """One withdrawal of a case; `given` is what somebody said of it. `left` is all that is left of it; `amount` and `unit` propose that."""

    taken: TakenView
    given: str
    left: str
    amount: str
    unit: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class CaseView:
    """One case. `unsaid` counts the withdrawals that nobody spoke for yet."""

    id: str
    patient: PatientView | None
    by: str
    at: str
    rows: tuple[GivenRow, ...]
    unsaid: int


def block_rows(core: Core) -> tuple[BlockRow, ...]:
    """Everything that must not be used now."""
    return tuple(
        BlockRow(one, _what(core, one), Phrase(one.why) if one.why in REASONS else one.why, _shut(core, one))
        for one in core.state.quarantines.values()
    )


def _what(core: Core, one: Quarantine) -> str:
    if one.scope == "pocket":
        return Phrase("Pocket {pocket}", pocket=one.value)
    if one.scope == "lot":
        return Phrase("{item}, lot {lot}", item=_title(core, one.item or ""), lot=one.value)
    return _title(core, one.value) if one.scope == "item" else Phrase("NDC {ndc}", ndc=one.value)


def _shut(core: Core, one: Quarantine) -> tuple[str, ...]:
    formulary = core.world.formulary
    lines = (line for line in core.state.lines.values() if line.item in formulary)
    return tuple(line.pocket for line in lines if judging.blocks(one, line, formulary[ItemId(line.item)]))


def block_form(core: Core, line: Line) -> BlockForm:
    """The pocket, its item everywhere, its NDC, or one of its lots."""
    item = core.world.formulary[ItemId(line.item)]
    lots = tuple(dict.fromkeys(batch.lot for batch in line.batches if batch.lot))
    choices = (
        ("pocket", line.pocket, Phrase("Pocket {pocket} alone", pocket=line.pocket)),
        ("item", item.id, Phrase("{item}, wherever it is", item=item.title)),
        ("ndc", item.ndc, Phrase("NDC {ndc}", ndc=item.ndc)),
        *(("lot", lot, Phrase("Lot {lot}", lot=lot)) for lot in lots),
    )  # fmt: skip
    return BlockForm(line.pocket, item, choices, REASONS)


def case_views(core: Core, staff: Staff) -> tuple[CaseView, ...]:
    """The cases that are not over."""
    return tuple(case_view(core, case, staff) for case in core.state.cases.values())


def case_view(core: Core, case: Case, staff: Staff) -> CaseView:
    """One case."""
    patient, person = core.scene.patient(case.patient), core.scene.staff(case.staff)
    rows = []
    for one in reconciling.belonging(core.scene, case):
        taken = taken_view(core, one, staff)
        given = "" if one.given_m is None else str(amount_of(taken.item, one.given_m)) if one.given_m else Phrase("nothing")
        left = amount_of(taken.item, max(0, one.left_m))
        rows.append(GivenRow(taken, given, str(left), *typed(taken.item, left)))
    name = case.staff if person is None else person.name
    unsaid = sum(not row.given and bool(row.taken.left) for row in rows)
    return CaseView(case.id, None if patient is None else patient_view(patient), name, case.at, tuple(rows), unsaid)


def _title(core: Core, item_id: str) -> str:
    item = core.world.formulary.get(ItemId(item_id))
    return item_id if item is None else item.title
