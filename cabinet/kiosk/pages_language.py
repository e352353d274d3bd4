"""The button by which somebody chooses the language of the pages.

Alone knows: how long a choice lasts that was made before anybody signed in. Must not know: what is said in a language.

What a person chooses is remembered for them while the kiosk runs, and written nowhere: it is no matter of custody.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from cabinet.kiosk.caller import LANGUAGE, Here, visit_at_screen
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.pages import go

router = APIRouter()
KEPT_S = 300
"""A choice at the sign-in screen is its chooser's; whoever comes later begins in the site's language."""


@router.post("/language")
async def choose(request: Request, floor: Here, language: Annotated[str, Form(max_length=16)]) -> Response:
    """In which language the pages go on."""
    ensure_same_origin(request.headers)
    visit, response = visit_at_screen(request, floor), go("/")
    if visit is not None:
        floor.languages.remember(visit.staff.id, language)
    elif language in floor.languages.offered:
        response.set_cookie(LANGUAGE, language, max_age=KEPT_S, secure=True, httponly=True, samesite="strict")
    return response
