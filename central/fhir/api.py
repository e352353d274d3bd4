"""`/api/v1/fhir`: R4 MedicationDispense and R5 InventoryReport, to be read.

Alone knows: paths, search parameters and pages. Must not know: elements of a resource.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Select, and_, select, tuple_

from central.activity.line import DONE, TAKING, Line
from central.database.table import ACTIVITY, CABINET
from central.fhir.capability import R4, R5, capability
from central.fhir.dispense import dispense_of, mark_of, sought
from central.fhir.inventory import inventory_id, inventory_of
from central.fhir.word import Resource
from central.frame import Frame
from central.gate import Gate
from central.inquiry.row import CabinetRow
from central.office import Office
from config.schema import Item

MEDIA_TYPE = "application/fhir+json"
PAGE = 100
MOST = 1000
WHEN = re.compile(r"(ge|gt|le|lt|eq)?(\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?Z?)?)?)")
PLACE = ("at", "cabinet", "epoch", "seq", "place")
Whom = Annotated[str | None, Query(max_length=200, description="a patient's id, as a value or as system|value")]
Where = Annotated[str | None, Query(max_length=120, description="a cabinet's id, as a value or as system|value")]
When = Annotated[list[str] | None, Query(description="ge2026-03-01, lt2026-03-02T12:00:00Z; twice for a span")]
Count = Annotated[int, Query(alias="_count", ge=1, le=MOST)]
Known = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9.\-]+$")]
After = Annotated[str | None, Query(max_length=400)]


class NotAsked(Exception):
    """A question that is none; told as an OperationOutcome."""

    status, code = 400, "invalid"


class NotFound(NotAsked):
    """Nothing has this id."""

    status, code = 404, "not-found"


def plug(office: Office, items: Mapping[str, Item]) -> Callable[[FastAPI, Frame, Gate], None]:
    """The API over one office."""

    def add(app: FastAPI, _frame: Frame, gate: Gate) -> None:
        app.add_exception_handler(NotAsked, _told)
        app.include_router(make_router(office, items, gate), prefix="/api/v1/fhir")

    return add


def make_router(office: Office, items: Mapping[str, Item], gate: Gate) -> APIRouter:
    """What is read, by whoever may change something here: it names patients."""
    router = APIRouter(tags=["fhir"], dependencies=[Depends(gate)])
    published = office.now().date().isoformat()

    @router.get("/r4/metadata")
    async def r4() -> Response:
        """What R4 answers."""
        return _json(capability(R4, published))

    @router.get("/r5/metadata")
    async def r5() -> Response:
        """What R5 answers."""
        return _json(capability(R5, published))

    @router.get("/r4/MedicationDispense")
    async def dispenses(
        request: Request, patient: Whom = None, location: Where = None, whenhandedover: When = None, count: Count = PAGE,
        after: After = None,
    ) -> Response:  # fmt: skip
        """What was taken for patients, in order of time: of a patient, of a cabinet, or of both."""
        if not patient and not location:
            raise NotAsked("patient or location is asked for")
        question = _question(_value(patient), _value(location), whenhandedover or [], after)
        with office.database.reading() as conn:
            rows = conn.execute(question.limit(count + 1)).all()
        lines = [Line(**row._asdict()) for row in rows[:count]]
        following = _place(lines[-1]) if len(rows) > count else None
        return _bundle(request, [dispense_of(line, items) for line in lines], following)

    @router.get("/r5/InventoryReport")
    async def inventories(request: Request, location: Where = None, count: Count = PAGE, after: After = None) -> Response:
        """A snapshot of each cabinet, by its id, or of one."""
        found = office.inquiry.cabinets(_value(location), after=after or "", limit=count + 1)
        following = found[count - 1].cabinet if len(found) > count else None
        return _bundle(request, [_inventory(office, one, items) for one in found[:count]], following)

    _add_reads(router, office, items)
    return router


def _add_reads(router: APIRouter, office: Office, items: Mapping[str, Item]) -> None:
    """One resource by its id."""

    @router.get("/r4/MedicationDispense/{known}")
    async def dispense(known: Known) -> Response:
        """What was taken for somebody, once."""
        one = sought(known)
        cabinet = None if one is None else _cabinet(office, mark_of, one.mark)
        if one is None or cabinet is None:
            raise NotFound(f"MedicationDispense/{known} is not known here")
        place = {"cabinet": cabinet, "epoch": one.epoch, "seq": one.seq, "place": one.place}
        with office.database.reading() as conn:
            row = conn.execute(_TAKEN.where(*(ACTIVITY.c[name] == value for name, value in place.items()))).first()
        if row is None:
            raise NotFound(f"MedicationDispense/{known} is not known here")
        return _json(dispense_of(Line(**row._asdict()), items))

    @router.get("/r5/InventoryReport/{known}")
    async def inventory(known: Known) -> Response:
        """What a cabinet holds now."""
        cabinet = _cabinet(office, inventory_id, known)
        found = office.inquiry.cabinets(cabinet) if cabinet is not None else []
        if not found:
            raise NotFound(f"InventoryReport/{known} is not known here")
        return _json(_inventory(office, found[0], items))


def _cabinet(office: Office, called: Callable[[str], str], name: str) -> str | None:
    """The cabinet that is called so."""
    with office.database.reading() as conn:
        return next((row.cabinet for row in conn.execute(select(CABINET.c.cabinet)) if called(row.cabinet) == name), None)


def _inventory(office: Office, cabinet: CabinetRow, items: Mapping[str, Item]) -> Resource:
    return inventory_of(cabinet, office.inquiry.stock(cabinet=cabinet.cabinet, limit=MOST), items, office.now())


_TAKEN = select(*(ACTIVITY.c[one.name] for one in fields(Line))).where(
    ACTIVITY.c.kind.in_(TAKING), ACTIVITY.c.phase.in_(DONE), ACTIVITY.c.units > 0, ACTIVITY.c.patient != ""
)


def _question(patient: str | None, cabinet: str | None, spans: list[str], after: str | None) -> Select[Any]:
    place = tuple_(*(ACTIVITY.c[name] for name in PLACE))
    question = _TAKEN.order_by(*(ACTIVITY.c[name] for name in PLACE))
    if patient is not None:
        question = question.where(ACTIVITY.c.patient == patient)
    if cabinet is not None:
        question = question.where(ACTIVITY.c.cabinet == cabinet)
    for span in spans:
        question = question.where(_within(span))
    return question if after is None else question.where(place > _read_place(after))


def _within(span: str) -> Any:
    """A comparison of instants, which sort as text: a day without an hour is all of it."""
    found = WHEN.fullmatch(span)
    if found is None:
        raise NotAsked(f"whenhandedover: {span} is no date")
    how, start = found[1] or "eq", found[2].rstrip("Z")
    end = f"{start}~"  # sorts behind everything that begins so
    at = ACTIVITY.c.at
    return {"ge": at >= start, "gt": at > end, "le": at < end, "lt": at < start, "eq": and_(at >= start, at < end)}[how]


def _place(line: Line) -> str:
    return json.dumps([getattr(line, name) for name in PLACE])


def _read_place(after: str) -> tuple[Any, ...]:
    try:
        place = json.loads(after)
    except ValueError as problem:
        raise NotAsked("after: as a page's next link has it") from problem
    if not isinstance(place, list) or [type(one) for one in place] != [str, str, int, int, int]:
        raise NotAsked("after: as a page's next link has it")
    return tuple(place)


def _value(token: str | None) -> str | None:
    """`system|value`, `Patient/value` and `value` alike."""
    return None if not token else token.rpartition("|")[2].rpartition("/")[2]


def _bundle(request: Request, found: list[Resource], following: str | None) -> Response:
    links = [{"relation": "self", "url": str(request.url)}]
    if following is not None:
        links.append({"relation": "next", "url": str(request.url.include_query_params(after=following))})
    here = str(request.url.replace(query=""))
    entries = [{"fullUrl": f"{here}/{one['id']}", "resource": one, "search": {"mode": "match"}} for one in found]
    return _json({"resourceType": "Bundle", "type": "searchset", "link": links} | ({"entry": entries} if entries else {}))


def _json(resource: Resource, status: int = 200) -> Response:
    return JSONResponse(resource, status, media_type=MEDIA_TYPE)


async def _told(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, NotAsked)
    issue = {"severity": "error", "code": problem.code, "diagnostics": str(problem)}
    return _json({"resourceType": "OperationOutcome", "issue": [issue]}, problem.status)
