"""Who is behind a request of the ward's: on pages by cookie, in the API by token.

Alone knows: the cookie, and the bearer. Must not know: any path, or what a route does.

Everybody who is signed in here may withdraw (`cabinet/domain/ward/presence.py`), so no route declares an act.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cabinet.domain.refusal import Refusal
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.problem import Problem
from cabinet.ward.entrance import Onlooker
from cabinet.ward.window import Window

COOKIE = "__Host-ward"
"""Not the kiosk's: a browser sends a cookie to every port of a machine, and the demo's listeners share one."""
LANGUAGE = "__Host-ward-language"
REFRESH = "kiosk-refresh"

_bearer = HTTPBearer(auto_error=False, description="the token of `POST /sessions` at this listener")


async def window_of(request: Request) -> Window:
    """The window behind a request."""
    window: Window = request.app.state.window
    return window


Here = Annotated[Window, Depends(window_of)]


async def caller_of(window: Here, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> Onlooker:
    """Who calls; a call is a sign of life. Raises Problem."""
    if bearer is None:
        raise Problem(Refusal("session.missing"))
    onlooker = window.entrance.onlooker(bearer.credentials)
    if onlooker is None:
        raise Problem(Refusal("session.unknown"))
    await window.entrance.touch(onlooker)
    return onlooker


Caller = Annotated[Onlooker, Depends(caller_of)]


class NobodyHere(Exception):
    """A page was asked for without a session: the sign-in page is shown instead."""


async def person_of(request: Request, window: Here) -> Onlooker:
    """Who holds the cookie; a page that a script asks for to stay up to date is no sign of life. Raises NobodyHere, Problem."""
    onlooker = window.entrance.onlooker(request.cookies.get(COOKIE))
    if onlooker is None:
        raise NobodyHere
    if request.method != "GET":
        ensure_same_origin(request.headers)
    if REFRESH not in request.headers:
        await window.entrance.touch(onlooker)
    return onlooker


Person = Annotated[Onlooker, Depends(person_of)]
