"""`/scim/v2`: an identity provider creates, changes, finds and switches off people (RFC 7644), bearing a token of its own.

Alone knows: paths, answers and errors of SCIM. Must not know: how a resource says who somebody is (`scim.py`), or rows.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from cabinet.messages import Malformed
from central.document.office import NotSound
from central.roster.line import NotALine, record_of
from central.roster.room import Brought, RosterRoom
from central.roster.scim import ENTERPRISE, USER, NotScim, Resource, patched, said_of, wanted

SOURCE = "scim"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
MEDIA_TYPE = "application/scim+json"
WHY = "as the identity provider says"
PAGE = 100
NOT_ON = {"supported": False}
CONFIG = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": True}, "filter": {"supported": True, "maxResults": PAGE}, "changePassword": NOT_ON, "sort": NOT_ON,
    "etag": NOT_ON, "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer token", "description": "the token of [roster] scim_token_file"}],
}  # fmt: skip


class Problem(Exception):
    """Answered as SCIM's error."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind


def answer(body: Mapping[str, Any], status: int = 200) -> JSONResponse:
    """A resource, a list or an error."""
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def told(_request: Request, problem: Exception) -> JSONResponse:
    """A problem as SCIM says it."""
    assert isinstance(problem, Problem)
    body: dict[str, Any] = {"schemas": [ERROR], "status": str(problem.status), "detail": problem.detail}
    return answer(body | ({"scimType": problem.kind} if problem.kind else {}), problem.status)


def make_router(room: RosterRoom, token: str) -> APIRouter:
    """Provisioning into one room by whoever bears `token`."""

    def allowed(request: Request) -> None:
        said = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(said.encode(), token.encode()):
            raise Problem(401, "The token of [roster] scim_token_file is asked for: Authorization: Bearer ....")

    router = APIRouter(prefix="/scim/v2", include_in_schema=False, dependencies=[Depends(allowed)])
    users = _Users(room)
    router.get("/Users")(users.found)
    router.post("/Users")(users.create)
    router.get("/Users/{who}")(users.one)
    router.put("/Users/{who}")(users.replace)
    router.patch("/Users/{who}")(users.patch)
    router.delete("/Users/{who}")(users.delete)

    @router.get("/ServiceProviderConfig")
    async def config() -> Response:
        return answer(CONFIG)

    @router.get("/ResourceTypes")
    async def types() -> Response:
        user = {
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "schema": USER,
            "schemaExtensions": [{"schema": ENTERPRISE, "required": False}],
        }
        return answer({"schemas": [LIST], "totalResults": 1, "Resources": [user]})

    return router


class _Users:
    """The users whom the provider brought. A person stays the same whatever their userName becomes."""

    def __init__(self, room: RosterRoom) -> None:
        self._room = room

    async def found(self, request: Request) -> Response:
        rows = self._room.brought(SOURCE)
        asked = request.query_params.get("filter")
        if asked is not None:
            try:
                attribute, value = wanted(asked)
            except NotScim as problem:
                raise Problem(400, str(problem), problem.kind) from problem
            rows = [row for row in rows if str(self._whole(row).get(attribute, "")).casefold() == value.casefold()]
        start, count = max(1, _number(request, "startIndex", 1)), max(0, min(_number(request, "count", PAGE), PAGE))
        shown = [self._told(request, row) for row in rows[start - 1 : start - 1 + count]]
        return answer({"schemas": [LIST], "totalResults": len(rows), "startIndex": start, "itemsPerPage": len(shown), "Resources": shown})

    async def create(self, request: Request) -> Response:
        resource = await _body(request)
        try:
            who = record_of(said_of(resource), self._room.words).id
        except (NotScim, NotALine) as problem:
            raise Problem(400, str(problem), "invalidValue") from problem
        if any(row.person == who for row in self._room.brought(SOURCE)):
            raise Problem(409, f"{who} is here already.", "uniqueness")
        return answer(self._told(request, self._keep(who, resource)), 201)

    async def one(self, request: Request, who: str) -> Response:
        return answer(self._told(request, self._row(who)))

    async def replace(self, request: Request, who: str) -> Response:
        self._row(who)
        return answer(self._told(request, self._keep(who, await _body(request))))

    async def patch(self, request: Request, who: str) -> Response:
        resource = self._whole(self._row(who))
        try:
            return answer(self._told(request, self._keep(who, patched(resource, await _body(request)))))
        except NotScim as problem:
            raise Problem(400, str(problem), problem.kind) from problem

    async def delete(self, who: str) -> Response:
        """Nobody is ever forgotten who may have taken something: they are switched off, and the provider does not see them any more."""
        row = self._row(who)
        self._keep(who, self._whole(row) | {"active": False})
        self._room.forget(SOURCE, who)
        return Response(status_code=204)

    def _row(self, who: str) -> Brought:
        row = next((row for row in self._room.brought(SOURCE) if row.person == who), None)
        if row is None:
            raise Problem(404, f"There is no user {who}.")
        return row

    def _keep(self, who: str, resource: Resource) -> Brought:
        resource = {key: value for key, value in resource.items() if key not in {"id", "meta", "schemas", "password"}}
        try:
            said = said_of(resource)
            record = record_of(said, self._room.words).model_copy(update={"id": who})
            row = Brought(who, said.key, json.dumps(resource))
            self._room.take(SOURCE, {who: record}, by=SOURCE, why=WHY, is_whole=False, keys={who: (row.key, row.said)})
        except (NotScim, NotALine, NotSound, Malformed) as problem:
            raise Problem(400, str(problem), "invalidValue") from problem
        return row

    @staticmethod
    def _whole(row: Brought) -> Resource:
        resource: Resource = json.loads(row.said)
        return resource | {"id": row.person}

    def _told(self, request: Request, row: Brought) -> Resource:
        resource, record = self._whole(row), self._room.staff.person(row.person)
        schemas = [USER, *([ENTERPRISE] if ENTERPRISE in resource else [])]
        meta = {"resourceType": "User", "location": str(request.base_url).rstrip("/") + f"/scim/v2/Users/{row.person}"}
        return {"schemas": schemas, "meta": meta, **resource, "active": record is not None and record.active}


async def _body(request: Request) -> Resource:
    try:
        body = json.loads(await request.body(), parse_constant=_no_number)
        json.dumps(body, ensure_ascii=False).encode()  # as it will be told again
    except (ValueError, RecursionError) as problem:
        raise Problem(400, "The body is no JSON.", "invalidSyntax") from problem
    if not isinstance(body, dict):
        raise Problem(400, "The body is an object.", "invalidSyntax")
    return body


def _no_number(said: str) -> NoReturn:
    """NaN and Infinity, which JSON (RFC 8259) does not have and nobody could be told again."""
    raise ValueError(said)


def _number(request: Request, name: str, otherwise: int) -> int:
    said = request.query_params.get(name, "")
    return int(said) if said.lstrip("-").isdigit() and len(said) < 9 else otherwise  # noqa: PLR2004 - more is nobody's count
