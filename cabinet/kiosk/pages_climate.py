"""The kiosk's form about a fridge that was out of range.

Alone knows: its path. Must not know: what is decided, or by whom.
"""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from cabinet.domain.events import ContentsDecided
from cabinet.domain.vocabulary import DrawerId
from cabinet.kiosk.api import Here
from cabinet.kiosk.pages import Person, go

router = APIRouter()


@router.post("/fridges/{drawer}/decision")
async def decide(
    floor: Here, person: Person, drawer: str, usable: Annotated[bool, Form()], reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """A pharmacist decides about what was in a fridge during its excursions."""
    asked = ContentsDecided(floor.now(), person.session, DrawerId(drawer), usable, reason.strip() or "decided at the cabinet")
    await floor.reception.ask(person, asked)
    return go("/attention")
