"""What other systems read as FHIR, on both databases, each resource validated by a library that is not ours."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime

import httpx
import pytest
from fhir.resources.bundle import Bundle as R5Bundle
from fhir.resources.capabilitystatement import CapabilityStatement as R5Capability
from fhir.resources.inventoryreport import InventoryReport
from fhir.resources.R4B.bundle import Bundle as R4Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement as R4Capability
from fhir.resources.R4B.medicationdispense import MedicationDispense
from fhir.resources.R4B.operationoutcome import OperationOutcome
from sqlalchemy import insert

from central.activity.line import Line
from central.app import make_app
from central.database.place import Database
from central.database.table import ACTIVITY
from central.fhir import api
from central.gate import Gate
from central.ingest.store import Store
from central.office import Office
from config.schema import Item
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database
from tests.post import CABINET, DAY, journal_post, state, stock

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

NOW = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)
OXY = Item(id="oxy", generic="oxycodone", tall_man="oxyCODONE", strength="5 mg", form="tablet", ndc="0406-9001-01", count_unit="tablet")


def line(seq: int, hour: int, **fields: object) -> Line:
    """A withdrawal of a day."""
    at = f"2026-03-01T{hour:02}:00:00.250000Z"
    usual = {
        "cabinet": "ward-1", "epoch": 1, "seq": seq, "place": 0, "access": f"a{seq}", "at": at, "kind": "withdraw", "item": "oxy",
        "patient": "p-1", "staff": "ana", "order_id": "rx-1", "authority": "order",
        "phase": "settled", "units": 1, "asked": 1, "asked_at": at,
    }  # fmt: skip
    return Line(**usual | fields)  # type: ignore[arg-type]


LINES = [
    line(1, 6), line(2, 7, units=2, back_m=1000, waste_m=500), line(3, 8, patient="p-2", order_id="", authority="override", reason="pain"),
    line(4, 9, cabinet="ward-2", kind="emergency", item="unheard"),
    line(5, 9, kind="refill", patient=""), line(6, 9, phase="cancelled", units=0), line(7, 9, patient=""), line(8, 9, phase="refused"),
]  # fmt: skip


@pytest.fixture
async def http(server_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A pharmacy with a day behind it."""
    office = Office(server_database, _never, lambda: NOW)
    posts = [state(1, 1, 1, "online"), journal_post(DAY[:8]), stock(9, 44, expiry="2027-01-31")]
    store = Store(server_database)
    store.take(posts, "2026-03-01T07:00:00.000000Z")
    if not server_database.is_in_memory:
        store.close()
    with server_database.engine.begin() as conn:
        conn.execute(insert(ACTIVITY), [asdict(one) for one in LINES])
    app = make_app(office, "Test", gate=Gate(), plugs=[api.plug(office, {"oxy": OXY})])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/api/v1/fhir") as client:
        yield client


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


async def dispenses(http: httpx.AsyncClient, **asked: object) -> list[MedicationDispense]:
    answer = await http.get("/r4/MedicationDispense", params=asked)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "application/fhir+json"
    bundle = R4Bundle.model_validate_json(answer.text)
    return [entry.resource for entry in bundle.entry or ()]


async def test_what_was_taken_for_a_patient_is_a_dispense(http: httpx.AsyncClient) -> None:
    """Drug by NDC and by our id, how much, by whom, by which order, when; what came back stands in a note."""
    first, second = await dispenses(http, patient="p-1", location="ward-1")
    assert [coding.code for coding in first.medicationCodeableConcept.coding] == ["0406-9001-01", "oxy"]
    assert first.medicationCodeableConcept.text == "oxyCODONE 5 mg tablet"
    assert (first.subject.identifier.value, first.performer[0].actor.identifier.value) == ("p-1", "ana")
    assert first.authorizingPrescription[0].identifier.value == "rx-1"
    assert (float(first.quantity.value), first.quantity.unit) == (1.0, "tablet")
    assert first.whenHandedOver == datetime(2026, 3, 1, 6, 0, 0, 250000, UTC)
    assert [note.text for note in second.note] == ["1 of it brought back", "0.5 of it wasted"]
    (override,) = await dispenses(http, patient="urn:open-adc:patient|p-2")
    assert [note.text for note in override.note] == ["without a verified order (override): pain"]
    assert override.authorizingPrescription is None


async def test_only_what_was_really_taken_for_somebody_is_told(http: httpx.AsyncClient) -> None:
    """No refill, nothing cancelled or refused, nothing without a patient; an item that nobody knows keeps its id."""
    assert len(await dispenses(http, location="ward-1")) == 3
    (emergency,) = await dispenses(http, location="Location/ward-2")
    assert emergency.medicationCodeableConcept.text == "unheard"


@pytest.mark.parametrize(
    ("span", "count"),
    [
        (["2026-03-01"], 3), (["2026-02-28"], 0), (["ge2026-03-01T07:00:00Z"], 2), (["gt2026-03-01T06:00"], 2), (["lt2026-03-01T07:00"], 1),
        (["le2026-03-01T07:00"], 2), (["ge2026-03-01T06:30", "lt2026-03-01T08:00"], 1), (["gt2026-03-01"], 0),
    ],
)  # fmt: skip
async def test_a_span_of_time_is_asked_for(http: httpx.AsyncClient, span: list[str], count: int) -> None:
    """As FHIR's prefixes mean it: a day is all of it."""
    answer = await http.get("/r4/MedicationDispense", params={"location": "ward-1", "whenhandedover": span})
    assert len(R4Bundle.model_validate_json(answer.text).entry or ()) == count


async def test_pages_lead_from_one_to_the_next_and_leave_nothing_out(http: httpx.AsyncClient) -> None:
    """Whoever follows the links has read everything once."""
    seen, url = [], "/r4/MedicationDispense?location=ward-1&_count=1"
    while url:
        bundle = (await http.get(url)).json()
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), "")
    assert len(seen) == len(set(seen)) == 3


@pytest.mark.parametrize("query", ["", "patient=p&whenhandedover=yesterday", "patient=p&after=x", "patient=p&after=[1]"])
async def test_a_wrong_question_is_answered_as_fhir_does(http: httpx.AsyncClient, query: str) -> None:
    """The whole hospital's dispenses are nobody's question."""
    answer = await http.get(f"/r4/MedicationDispense?{query}")
    assert answer.status_code == 400
    OperationOutcome.model_validate_json(answer.text)


async def test_what_a_cabinet_holds_is_an_inventory(http: httpx.AsyncClient) -> None:
    """A snapshot by pocket, of every cabinet or of one."""
    answer = await http.get("/r5/InventoryReport", params={"location": CABINET})
    bundle = R5Bundle.model_validate_json(answer.text)
    (entry,) = bundle.entry
    report = entry.resource
    assert isinstance(report, InventoryReport)
    assert (report.countType, report.reporter.identifier.value) == ("snapshot", CABINET)
    held = {row.location.display: row.item[0] for row in report.inventoryListing}
    assert float(held["p1"].quantity.value) == 46
    assert held["p1"].item.concept.coding[0].code == "item-1"
    assert R5Bundle.model_validate_json((await http.get("/r5/InventoryReport?location=nobody")).text).entry is None


async def test_inventories_come_as_many_at_once_as_are_asked_for(http: httpx.AsyncClient, server_database: Database) -> None:
    """A reader that cannot hold a fleet's stock at once asks for a part, and follows the link to the next."""
    store = Store(server_database)
    for name in ("ward-2", "ward-3"):
        store.take([state(1, 1, 1, "online", cabinet=name)], "2026-03-01T07:00:00.000000Z")
    if not server_database.is_in_memory:
        store.close()
    asked, found = "/r5/InventoryReport?_count=2", []
    while asked:
        bundle = R5Bundle.model_validate_json((await http.get(asked)).text)
        found.append([entry.resource.reporter.identifier.value for entry in bundle.entry])
        asked = next((link.url for link in bundle.link if link.relation == "next"), "")
    assert found == [["ward-1", "ward-2"], ["ward-3"]]


async def test_each_resource_is_read_by_its_id_where_the_bundle_says_that_it_is(http: httpx.AsyncClient) -> None:
    """A system that kept a dispense's address finds it again, and no other; what is at no address is told as FHIR does."""
    for asked, count in (("/r4/MedicationDispense?location=ward-1", 3), ("/r5/InventoryReport", 1)):
        entries = (await http.get(asked)).json()["entry"]
        assert len(entries) == count
        for entry in entries:
            one = await http.get(entry["fullUrl"])
            assert one.headers["content-type"] == "application/fhir+json"
            assert one.json() == entry["resource"]
            assert len(one.json()["id"]) <= 64
    refill = next(one for one in LINES if one.kind == "refill")
    mark = (await http.get("/r4/MedicationDispense?location=ward-1")).json()["entry"][0]["resource"]["id"].rpartition("-")[2]
    for nobody in (f"r4/MedicationDispense/1-{refill.seq}-0-{mark}", "r4/MedicationDispense/1-1-0-0", "r5/InventoryReport/x"):
        answer = await http.get(f"/{nobody}")
        assert (answer.status_code, OperationOutcome.model_validate_json(answer.text).issue[0].code) == (404, "not-found")


async def test_what_can_be_asked_is_said(http: httpx.AsyncClient) -> None:
    """A reader looks here first."""
    r4 = R4Capability.model_validate_json((await http.get("/r4/metadata")).text)
    assert [resource.type for resource in r4.rest[0].resource] == ["MedicationDispense"]
    r5 = R5Capability.model_validate_json((await http.get("/r5/metadata")).text)
    assert r5.fhirVersion == "5.0.0"


async def test_patients_are_named_to_nobody_without_a_proof(server_database: Database) -> None:
    """Where changes ask for a token, so does this; another site's page gets nothing."""
    office = Office(server_database, _never, lambda: NOW)
    app = make_app(office, "Test", gate=Gate("secret"), plugs=[api.plug(office, {})])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/api/v1/fhir") as client:
        assert (await client.get("/r4/MedicationDispense?patient=p-1")).status_code == 401
        bearer = {"authorization": "Bearer secret"}
        assert (await client.get("/r4/MedicationDispense?patient=p-1", headers=bearer)).status_code == 200
        assert (
            await client.get("/r4/MedicationDispense?patient=p-1", headers=bearer | {"sec-fetch-site": "cross-site"})
        ).status_code == 403
