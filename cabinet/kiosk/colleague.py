"""A second person at the screen of the first: recognised for one act, by the badge that was held to the reader or typed, and their PIN.

Alone knows: that the mark of a shown badge stands for its number here as well, and that nobody is signed in or out by it.
Must not know: what is signed, or who may sign for whom.
"""

from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, StaffId
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem, ProblemBody


def refusal(code: str) -> ProblemBody | None:
    """Why a colleague was refused, by the code that the page was led back with."""
    return Problem(Refusal(code)).body if code in CATALOGUE else None


async def recognise(
    floor: Floor, *, badge: str, shown: str, secret: str, access: AccessId | None = None,
) -> tuple[StaffId, tuple[str, ...]]:  # fmt: skip
    """Who they are, and by what they proved it, for an access where it is one. Raises Problem; the reader shows red then."""
    try:
        number = floor.shown.number(shown) if shown else badge.strip()
        found = await floor.reception.witness(badge=number, staff_id=None, secret=secret, access=access)
    except Problem:
        floor.shown.answer(shown, is_welcome=False)
        raise
    floor.shown.answer(shown, is_welcome=True)
    return found
