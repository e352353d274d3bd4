"""Who may look at the pharmacy server, and who may change something: a person who signed in, or a program that bears the token.

Alone knows: how a request shows that it is not another site's page, and where token and cookie are looked for.
Must not know: what is changed, or how somebody is recognised (`central/person`).

On loopback, while nobody is set up and no token is, a try-out changes things unproven; anywhere else nothing is changed without a proof.
`Depends(gate.person)` is who makes a change, `Depends(gate.may("pars"))` the same with that right, `request.state.person` who looks.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from central.person.desk import PeopleDesk
from central.person.person import PROGRAM, UNPROVEN, Person
from central.problem import Refused
from config.pharmacy import Right

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
COOKIE = "__Host-pharmacy"
"""Bound to this very host, and never sent in clear beyond the machine itself."""
SAFE = frozenset({"GET", "HEAD"})
OPEN_TO_ALL = frozenset({"/healthz", "/metrics", "/sign-in", "/api/v1/sessions", "/api/v1/openapi.json"})
PROVISIONING = "/scim/"
"""Who provisions bears a token of its own."""
CHOOSE = "/secret"
BY_ITSELF = ("/parts/", "/api/")
"""What a page asks for by itself keeps no visit alive."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One server's. `token`: what a program bears; "": none is set. `host`: the address that is listened on. `readers`: who may look."""

    token: str = ""
    host: str = "127.0.0.1"
    people: PeopleDesk | None = None
    readers: Literal["anyone", "signed_in"] | None = None

    def __call__(self, request: Request) -> Person:
        """Let through a change, or a look at what no other site's page may even ask for. Raises Refused."""
        ensure_own(request)
        return self.person(request)

    def person(self, request: Request) -> Person:
        """Who makes this change. Raises Refused."""
        if request.method not in SAFE:
            ensure_own(request)
        who = self.visitor(request)
        if who is None:
            raise self._unknown()
        if who.must_choose and request.url.path != CHOOSE:
            raise Refused("person.choose_secret", "Choose a secret of your own first.", 403)
        return who

    def may(self, right: Right) -> Callable[[Request], Person]:
        """A dependency: who makes this change, and may."""

        def allowed(request: Request) -> Person:
            return self.person(request).must(right)

        return allowed

    async def reader(self, request: Request) -> None:
        """Let somebody look, where looking is not open to anyone. Raises Refused.

        `request.state.person` says who it is, `is_let_in` whether they still may: a stream asks again. Only somebody's visit is
        looked up on another thread, since that it goes on is written down; a program, or whoever proves nothing, waits for none.
        """
        is_visit = self.people is not None and _token(request) and not self._is_program(request)
        who = await run_in_threadpool(self._known, request) if is_visit else self._known(request)
        request.state.person, request.state.has_door = who or self._unproven(), self.is_for_people
        request.state.is_let_in = lambda: not self.asks_readers or self._known(request) is not None
        if who is None and self.asks_readers and not _is_open(request.url.path):
            raise self._unknown()

    def visitor(self, request: Request) -> Person | None:
        """Who is behind a request; None where nothing proves anybody, and something must."""
        return self._known(request) or self._unproven()

    def _unproven(self) -> Person | None:
        return None if self._asks else UNPROVEN

    @property
    def asks_readers(self) -> bool:
        """Whether looking asks for a proof."""
        return self.host not in LOOPBACK or self.is_for_people if self.readers is None else self.readers == "signed_in"

    @property
    def is_for_people(self) -> bool:
        """Whether somebody could sign in here."""
        return self.people is not None and self.people.is_set_up

    @property
    def _asks(self) -> bool:
        return bool(self.token) or self.host not in LOOPBACK or self.is_for_people

    def _known(self, request: Request) -> Person | None:
        if self._is_program(request):
            return PROGRAM
        token = _token(request)
        if self.people is None or not token:
            return None
        is_act = request.method not in SAFE or not request.url.path.startswith(BY_ITSELF)
        return self.people.visitor(token, is_act=is_act)

    def _is_program(self, request: Request) -> bool:
        said = _borne(request)
        return bool(self.token and said) and hmac.compare_digest(said.encode(), self.token.encode())

    def _unknown(self) -> Refused:
        if self.is_for_people:
            return Refused("person.not_signed_in", "Sign in first, or bear the server's token: Authorization: Bearer ....", 401)
        if not self.token:
            return Refused("request.no_token", "Set up a person or [http] token_file: beyond loopback nothing is done without.", 403)
        return Refused("request.no_token", "A change bears the server's token: Authorization: Bearer ....", 401)


def ensure_own(request: Request) -> None:
    """This is no other site's page. Raises Refused."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    is_own = site in {"same-origin", "none"} if site is not None else origin is None or _netloc(origin) == request.headers.get("host")
    if not is_own:
        raise Refused("request.elsewhere", "Another site's page may not change anything here.", 403)


def _borne(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _token(request: Request) -> str:
    return _borne(request) or request.cookies.get(COOKIE, "")


def _is_open(path: str) -> bool:
    return path in OPEN_TO_ALL or path.startswith(PROVISIONING)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
