"""Who is behind a request, and what their role must allow: one dependency for every route, on pages by cookie and in the API by token.

Alone knows: the cookie, the bearer, and how a route declares which act it is. Must not know: any path, or what a route does.

A route that is open to some roles alone says so with `requires(...)` (API) or `page_requires(...)` (pages); where the core judges by
itself, or anybody who is signed in may, the table of doors in the tests says so. A new route that does neither fails there.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cabinet.domain.events import SessionActive
from cabinet.domain.refusal import Refusal
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

COOKIE = "__Host-session"
"""A cookie of this name is bound to this very host and path, and is never sent in clear beyond the machine itself."""

LANGUAGE = "__Host-language"
"""The cookie of a language that was chosen before anybody signed in."""

REFRESH = "kiosk-refresh"

_bearer = HTTPBearer(auto_error=False, description="the token of `POST /sessions`")


async def floor_of(request: Request) -> Floor:
    """The kiosk behind a request."""
    floor: Floor = request.app.state.floor
    return floor


Here = Annotated[Floor, Depends(floor_of)]


async def ensure_enrolled(floor: Here) -> None:
    """A fresh cabinet knows nobody, and does nothing for anybody. Raises Problem."""
    if floor.reception.is_fresh:
        raise Problem(Refusal("cabinet.no_staff"))


async def token_of(bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> str:
    """The token that a call bears. Raises Problem."""
    if bearer is None:
        raise Problem(Refusal("session.missing"))
    return bearer.credentials


async def visit_of(floor: Here, token: Annotated[str, Depends(token_of)]) -> Visit:
    """Who calls. Raises Problem."""
    visit = floor.reception.visit(token)
    if visit is None:
        raise Problem(Refusal("session.unknown"))
    return visit


Caller = Annotated[Visit, Depends(visit_of)]


class NobodyHere(Exception):
    """A page was asked for without a session: the sign-in screen is shown instead."""


class FoundOpen(Exception):
    """A page was asked for while somebody's time is over and their drawer stands open: whoever is here says who they are."""


def visit_at_screen(request: Request, floor: Floor) -> Visit | None:
    """Who holds the cookie. One whose time is over and whom maintenance alone keeps is not at the screen: whoever passes may be."""
    visit = floor.reception.visit(request.cookies.get(COOKIE))
    held = floor.core.state.maintenance
    is_left = visit is not None and held is not None and held.session == visit.session
    return None if is_left and visit is not None and floor.reception.is_over(visit) else visit


async def person_of(request: Request, floor: Here) -> Visit:
    """Who holds the cookie; a finger on the screen keeps their session. Raises NobodyHere, FoundOpen, Problem.

    A form is of the page that its person still had before them, so what was typed while time ran out is not lost.
    """
    visit = visit_at_screen(request, floor)
    if visit is None:
        raise NobodyHere
    if request.method != "GET":
        ensure_same_origin(request.headers)
    elif floor.reception.left_open(visit) is not None:
        raise FoundOpen
    elif REFRESH not in request.headers:
        await floor.reception.ask(visit, SessionActive(floor.now(), visit.session))
    return visit


Person = Annotated[Visit, Depends(person_of)]


@dataclass(frozen=True)
class Allowed:
    """The dependency of an API route that some roles alone may use: one of `acts` must be theirs."""

    acts: tuple[str, ...]

    async def __call__(self, floor: Here, visit: Caller) -> Visit:
        """Who calls. Raises Problem."""
        floor.refuse_unless(visit, *self.acts)
        return visit


@dataclass(frozen=True)
class AllowedOnPage:
    """The same for a page."""

    acts: tuple[str, ...]

    async def __call__(self, floor: Here, visit: Person) -> Visit:
        """Who is at the screen. Raises NobodyHere, FoundOpen, Problem."""
        floor.refuse_unless(visit, *self.acts)
        return visit


def requires(*acts: str) -> Any:
    """Declare the act of an API route; with several acts any of them will do.

    `visit: Annotated[Visit, requires("enrol")]` stands where else `Caller` would.
    """
    return Depends(Allowed(acts))


def page_requires(*acts: str) -> Any:
    """Declare the act of a page; stands where else `Person` would."""
    return Depends(AllowedOnPage(acts))
