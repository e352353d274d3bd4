"""Reference data to two cabinets over a real broker, each part a process: a leaver, a recall, an order, pars, a cabinet out of reach."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from cabinet.adapters.pinned import FILE
from cabinet.rehearsal.company import Company, Ports
from cabinet.rehearsal.enrol import Enrolled, admit, enrol
from config.load import load_site
from tests.broker import free_port
from tests.drills.bedside import CENTRAL, CONFIG, SITE, Json, new_company, wait_for

pytestmark = [pytest.mark.real, pytest.mark.drill]
PLAIN = httpx.Limits(max_keepalive_connections=0)
APPROVES = {"/staff": "grace-kim"}
"""Who approves what; everything else the pharmacist."""
LEAVER = {"id": "carla-lindqvist", "name": "Carla Lindqvist", "role": "nurse"}


@dataclass
class Ward:
    """One cabinet as a person meets it. `client` keeps the cookie of the pages."""

    company: Company
    staff: list[Enrolled]
    name: str
    client: httpx.Client
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def kiosk(self) -> str:
        return f"http://127.0.0.1:{self.company.ports.kiosk}"

    def sign_in(self, who: str) -> httpx.Response:
        """Badge and PIN; the token is kept."""
        person = next(one for one in self.staff if one.id == who)
        answer = self.client.post(f"{self.kiosk}/api/v1/sessions", json={"badge": person.badge, "secret": person.pin})
        self.tokens[who] = answer.json().get("token", "")
        return answer

    def get(self, path: str, who: str) -> httpx.Response:
        """A question of somebody who is signed in."""
        return self.client.get(f"{self.kiosk}/api/v1{path}", headers={"Authorization": f"Bearer {self.tokens[who]}"})


@dataclass(frozen=True)
class Hospital:
    """Two cabinets and their pharmacy."""

    wards: tuple[Ward, Ward]
    pharmacy: str
    client: httpx.Client

    def post(self, path: str, **body: object) -> Json:
        """Somebody who signed in approves a change."""
        answer = self.client.post(f"{self.pharmacy}/api/v1{path}", json=body, headers=self.bearer(APPROVES.get(path, "hugo-marchetti")))
        assert answer.status_code == 201, answer.text
        said: Json = answer.json()
        return said

    def bearer(self, who: str) -> dict[str, str]:
        """What a request of somebody's bears who signed in at the pharmacy."""
        person = next(one for one in self.wards[0].staff if one.id == who)
        answer = self.client.post(f"{self.pharmacy}/api/v1/sessions", json={"id": who, "secret": person.pin})
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def states(self, document: str) -> dict[str, str]:
        """Where each cabinet stands with a document."""
        rows = self.client.get(f"{self.pharmacy}/api/v1/documents", params={"document": document}).json()
        return {row["cabinet"]: row["state"] for row in rows}


def second_company(first: Company, folder: Path) -> tuple[Company, str]:
    """Another cabinet of the same make, on the first one's broker and at its pharmacy, whose key is pinned there too."""
    config, state = folder / "config", folder / "state"
    shutil.copytree(CONFIG, config, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    site = config / "sites" / "demo.toml"
    name = f"{load_site(SITE).site.cabinet}-2"
    site.write_text(site.read_text().replace(f'cabinet = "{load_site(SITE).site.cabinet}"', f'cabinet = "{name}"'))
    state.mkdir()
    (state / FILE).write_bytes((first.state / FILE).read_bytes())
    ports = Ports(free_port(), first.ports.pharmacy, free_port(), first.ports.mqtt)
    return Company(site, CENTRAL, state, ports), name


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """Broker, pharmacy server, and twice boards and controller: seven processes in all."""
    company, staff, loaded = new_company(tmp_path_factory.mktemp("first"))
    with company.started(), httpx.Client(timeout=20, limits=PLAIN) as client:
        admit(staff, CENTRAL, company.state)
        other, name = second_company(company, tmp_path_factory.mktemp("second"))
        theirs = enrol(load_site(other.site), other.state)
        try:
            other.start_simulator()
            other.wait_for_simulator()
            other.start_cabinet()
            other.wait_for_cabinet()
            wards = Ward(company, staff, loaded.site.cabinet, client), Ward(other, theirs, name, client)
            yield Hospital(wards, f"http://127.0.0.1:{company.ports.pharmacy}", client)
        finally:
            other.end()


def test_a_leaver_is_off_at_every_cabinet_in_reach_within_a_minute(hospital: Hospital) -> None:
    """ward.md, "People". Their sessions end, and they are not let in again."""
    for ward in hospital.wards:
        assert ward.sign_in(LEAVER["id"]).status_code == 201
    hospital.post("/staff", records=[{**LEAVER, "active": False}], why="left the hospital")
    began_s = time.monotonic()
    for ward in hospital.wards:
        wait_for(lambda ward=ward: ward.get("/stock", LEAVER["id"]).status_code == 401, "their session ends")  # type: ignore[misc]
    took_s = time.monotonic() - began_s
    assert took_s < 60
    for ward in hospital.wards:
        assert ward.sign_in(LEAVER["id"]).json()["code"] == "session.revoked"
    wait_for(lambda: set(hospital.states("staff").values()) == {"current"}, "both say that they have it")


def test_a_leaver_of_the_pharmacy_is_off_at_its_pages_and_at_every_cabinet(hospital: Hospital) -> None:
    """One click by an administrator: cabinets in reach, and what the leaver has open at the pharmacy."""
    technician = hospital.bearer("farid-haddad")
    record = {"id": "farid-haddad", "name": "Farid Haddad", "role": "technician"}
    by = hospital.bearer("grace-kim")
    assert hospital.client.put(f"{hospital.pharmacy}/api/v1/people/farid-haddad", json=record, headers=by).status_code == 200
    for ward in hospital.wards:
        assert ward.sign_in("farid-haddad").status_code == 201
    assert hospital.client.get(f"{hospital.pharmacy}/api/v1/sessions", headers=technician).json()["role"] == "technician"
    left = hospital.client.post(f"{hospital.pharmacy}/api/v1/people/farid-haddad/leave", json={}, headers=by)
    assert left.json()["state"] == "off"
    began_s = time.monotonic()
    assert hospital.client.get(f"{hospital.pharmacy}/api/v1/sessions", headers=technician).status_code == 401
    for ward in hospital.wards:
        wait_for(lambda ward=ward: ward.get("/stock", "farid-haddad").status_code == 401, "their session ends")  # type: ignore[misc]
        assert ward.sign_in("farid-haddad").json()["code"] == "session.revoked"
    assert time.monotonic() - began_s < 60

    def lacking() -> list[str]:
        rows = hospital.client.get(f"{hospital.pharmacy}/api/v1/people", headers=by).json()
        return [cabinet for row in rows if row["record"]["id"] == "farid-haddad" for cabinet in row["lacking"]]

    wait_for(lambda: not lacking(), "the page says that every cabinet knows")


def test_a_recall_blocks_its_pockets_at_both_cabinets(hospital: Hospital) -> None:
    """ward.md, "Items, orders, patients": at all cabinets in reach at once; lifted as it was made."""
    item = ""
    for ward in hospital.wards:
        ward.sign_in("ana-reyes")
        item = next(line["item"] for line in ward.get("/stock", "ana-reyes").json() if line["status"] == "ok")
    recall = {"id": "r-1", "scope": "item", "value": item, "why": "glass in ampoules", "recall": "D-0412-2026"}
    hospital.post("/recalls", records=[recall])

    def is_blocked(ward: Ward) -> bool:
        return all(line["status"] == "quarantined" for line in ward.get("/stock", "ana-reyes").json() if line["item"] == item)

    for ward in hospital.wards:
        wait_for(lambda ward=ward: is_blocked(ward), f"{item} is blocked at {ward.name}")  # type: ignore[misc]
    rows = wait_for(
        lambda: hospital.client.get(f"{hospital.pharmacy}/api/v1/stock", params={"item": item, "status": "quarantined"}).json(),
        "the pharmacy sees it",
    )
    assert {row["cabinet"] for row in rows} <= {ward.name for ward in hospital.wards}
    hospital.post("/recalls", gone=["r-1"])
    for ward in hospital.wards:
        wait_for(lambda ward=ward: not is_blocked(ward), "it is lifted")  # type: ignore[misc]


def test_an_order_arrives_and_shows_on_the_patients_page(hospital: Hospital) -> None:
    """A nurse sees it without anybody having typed it at the cabinet; at the other cabinet nobody does."""
    first, second = hospital.wards
    first.sign_in("ana-reyes")
    second.sign_in("ana-reyes")
    item = first.get("/stock", "ana-reyes").json()[0]["item"]
    order = {"id": "rx-77", "item": item, "dose": "1 tablet", "units": 1, "route": "oral", "schedule": "once"}
    patient = {"id": "p-new", "name": "Wilma Vogel", "born": "1950-01-31", "record": "mrn-77", "bed": "12 B", "orders": [order]}
    hospital.post("/orders", cabinet=first.name, records=[patient])

    def orders(ward: Ward) -> list[str]:
        answer = ward.get("/patients/p-new/orders", "ana-reyes")
        return [one["id"] for one in answer.json()] if answer.status_code == 200 else []

    wait_for(lambda: orders(first) == ["rx-77"], "the order is there")
    assert orders(second) == []
    person = next(one for one in first.staff if one.id == "ana-reyes")
    with httpx.Client(base_url=first.kiosk, headers={"Sec-Fetch-Site": "same-origin"}) as screen:
        signed_in = screen.post("/sign-in", data={"badge": person.badge, "secret": person.pin})
        cookie = signed_in.headers["set-cookie"].partition(";")[0]  # browsers send a secure cookie on loopback, this client does not
        page = screen.get("/patients/p-new", headers={"Cookie": cookie}).text
    assert "Wilma Vogel" in page


def test_pars_change_what_is_needed(hospital: Hospital) -> None:
    """A pharmacist sends levels; the cabinet's need and the pharmacy's list follow."""
    ward = hospital.wards[0]
    stock = hospital.client.get(f"{hospital.pharmacy}/api/v1/stock", params={"cabinet": ward.name}).json()
    line = next(row for row in stock if row["status"] == "ok" and row["units"] > 2)
    par = {"pocket": line["pocket"], "item": line["item"], "par": line["units"] + 1, "min": line["units"], "critical_low": 1}
    hospital.post("/pars", cabinet=ward.name, records=[par])

    def needed() -> int:
        needs = hospital.client.get(f"{hospital.pharmacy}/api/v1/restock", params={"cabinet": ward.name}).json()
        return sum(need["units_needed"] for need in needs if need["pocket"] == line["pocket"])

    wait_for(lambda: needed() == 1, "one is needed")
    versions = hospital.client.get(f"{hospital.pharmacy}/api/v1/documents/pars", params={"cabinet": ward.name}).json()["versions"]
    assert versions[0]["approved_by"] == "hugo-marchetti"


def test_a_cabinet_out_of_reach_is_listed_and_gets_what_it_missed(hospital: Hospital) -> None:
    """Those out of reach are listed with since when; on contact they are sent what they lack."""
    first, second = hospital.wards
    second.company.kill("run")
    wait_for(
        lambda: hospital.client.get(f"{hospital.pharmacy}/api/v1/cabinets/{second.name}").json()["state"] == "offline",
        "it is seen to be gone",
    )
    hospital.post("/staff", records=[{"id": "new-nurse", "name": "New Nurse", "role": "nurse"}])
    wait_for(lambda: hospital.states("staff") == {first.name: "current", second.name: "unreachable"}, "one has it, one is out of reach")
    page = hospital.client.get(f"{hospital.pharmacy}/documents").text
    assert second.name in page
    assert "unreachable" in page
    second.company.start_cabinet()
    second.company.wait_for_cabinet()
    wait_for(lambda: set(hospital.states("staff").values()) == {"current"}, "it gets what it missed")
