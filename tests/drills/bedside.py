"""A running demo seen from outside by a drill: its people, the steel box, the journal's file and the pharmacy server.

Alone knows: how a person walks through an access step by step, and what plant, journal and pharmacy each say of a pocket.
Must not know: anything from inside the controller. Facts are read from the journal's file with plain SQL, so that a bug in the
controller cannot hide itself.
"""

import json
import sqlite3
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

import config
from cabinet.rehearsal.company import Company, Ports
from cabinet.rehearsal.enrol import Enrolled, enrol
from config.load import LoadedSite, load_site
from tests.broker import free_port

CONFIG = Path(config.__file__).parent
SITE = CONFIG / "sites" / "demo.toml"
CENTRAL = CONFIG / "central" / "demo.toml"
PATIENCE_S = 30.0
LOOK_AGAIN_S = 0.02
OVER = {"settled", "disputed", "cancelled", "incomplete"}

Json = dict[str, Any]


def wait_for(claim: Callable[[], object], what: str, pace_s: float = LOOK_AGAIN_S) -> Any:
    """Wait until a claim holds, and return what it said."""
    until_s = time.monotonic() + PATIENCE_S
    while not (said := claim()):
        assert time.monotonic() < until_s, f"waited in vain: {what}"
        time.sleep(pace_s)
    return said


@dataclass(frozen=True)
class FactRow:
    """One fact as it stands in the file."""

    seq: int
    type: str
    access: str | None
    staff: str | None
    at: str
    body: Json
    hash: str


class Bedside:
    """One demo, and everything that a drill may touch or read of it."""

    def __init__(self, company: Company, staff: list[Enrolled], loaded: LoadedSite, client: httpx.Client) -> None:
        self.company, self.staff, self.loaded, self.client = company, staff, loaded, client
        self.kiosk = f"http://127.0.0.1:{company.ports.kiosk}/api/v1"
        self.plant_url = f"http://127.0.0.1:{company.ports.virtual_cabinet}/api/v1"
        self.pharmacy = f"http://127.0.0.1:{company.ports.pharmacy}/api/v1"
        self.nurses = cycle([person for person in staff if person.role == "nurse"])
        self.locks = {drawer.lock for drawer in loaded.site.drawers} | {
            pocket.lock for drawer in loaded.site.drawers for pocket in drawer.pockets if pocket.lock is not None
        }
        self.pulses: dict[tuple[str, float], Json] = {}
        self.orders: set[str] = set()

    # --- the steel box

    def plant(self) -> Json:
        """What is really so. Every look takes down the pulses, of which the plant shows the last ones only."""
        seen: Json = self.client.get(f"{self.plant_url}/plant").raise_for_status().json()
        for pulse in seen["pulses"]:
            if pulse["channel"] in self.locks:
                self.pulses[pulse["channel"], pulse["start_s"]] = pulse
        return seen

    def pieces(self) -> dict[str, int]:
        """What really lies in each pocket."""
        return {pocket["id"]: pocket["pieces"] for pocket in self.plant()["pockets"]}

    def standing_open(self) -> set[str]:
        """The drawers and lids that stand open, by the id of the drawer or of the lid's pocket."""
        seen = self.plant()
        drawers = {drawer["id"] for drawer in seen["drawers"] if drawer["is_open"]}
        return drawers | {pocket["id"] for pocket in seen["pockets"] if pocket["lid"] == "open"}

    def hand(self, act: str, *, drawer: str | None = None, pocket: str | None = None, units: int = 1) -> Json:
        """A hand's act; what it came to."""
        body = {"act": act, "drawer": drawer, "pocket": pocket, "units": units}
        done: Json = self.client.post(f"{self.plant_url}/hands", json=body).raise_for_status().json()
        return done

    def shut(self, pocket: str) -> None:
        """Press a lid and push its drawer until both hold (a bolt does not fall while its coil is energised)."""

        def is_shut() -> bool:
            seen = self.plant()
            found = next(one for one in seen["pockets"] if one["id"] == pocket)
            if found["lid"] == "open":
                self.hand("close_lid", pocket=pocket)
                return False
            drawer = next(one for one in seen["drawers"] if one["id"] == found["drawer"])
            return not drawer["is_open"] or bool(self.hand("push", drawer=drawer["id"])["is_possible"])

        wait_for(is_shut, f"{pocket} can be shut")

    # --- the journal's file

    def facts(self, after_seq: int = 0, *, of_type: str | None = None) -> list[FactRow]:
        """The durable facts, in order, read beside whoever writes or wrote them."""
        place = f"{(self.company.state / 'journal.db').absolute().as_uri()}?mode=ro"
        question = "select seq, type, access, staff, at, body, hash from facts where seq > ? and (? is null or type = ?) order by seq"
        with closing(sqlite3.connect(place, uri=True)) as file:
            rows = file.execute(question, (after_seq, of_type, of_type)).fetchall()
        return [FactRow(seq, kind, access, staff, at, json.loads(body), digest) for seq, kind, access, staff, at, body, digest in rows]

    def balances(self) -> dict[str, int]:
        """The balance of each pocket, added up from every movement in the journal."""
        found: dict[str, int] = {}
        for fact in self.facts(of_type="units_moved"):
            body, pocket = fact.body, fact.body["pocket"]
            found[pocket] = found.get(pocket, 0) + body["units"] * ((body["target"] == "pocket") - (body["source"] == "pocket"))
        return found

    def wait_until_seen_shut(self) -> None:
        """Return once the controller has seen that everything is shut, as a person waits for the screen."""

        def is_seen() -> bool:
            states = {fact.body["lock"]: fact.body["target"] for fact in self.facts(of_type="drawer_moved")}
            return set(states.values()) == {"latched"}

        wait_for(is_seen, "the controller sees everything shut")

    # --- the pharmacy server

    def agree(self) -> None:
        """Plant, journal and pharmacy server name the same number for every pocket, once the server holds the last fact."""
        last = self.facts()[-1].seq
        wait_for(lambda: self.held() >= last, f"the pharmacy server holds fact {last}")
        rows = self.client.get(f"{self.pharmacy}/stock", params={"cabinet": self.loaded.site.cabinet}).raise_for_status().json()
        told = {row["pocket"]: row["units"] for row in rows}
        pieces = self.pieces()
        assert told == {pocket: pieces[pocket] for pocket in told}
        assert {pocket: self.balances().get(pocket, 0) for pocket in told} == told

    def held(self) -> int:
        """The number of the last fact that the pharmacy server holds without a gap."""
        answer = self.client.get(f"{self.pharmacy}/cabinets/{self.loaded.site.cabinet}")
        return int(answer.json()["seq"]) if answer.is_success else 0

    # --- people

    def ordered(self, pocket: str) -> str:
        """A verified order for what a pocket holds, which is given as it is needed: a pharmacist enters one for each item."""
        item = next(one.item for drawer in self.loaded.site.drawers for one in drawer.pockets if one.id == pocket)
        order = f"drill-{item}"
        if order not in self.orders:
            words = {"dose": "as titrated", "route": "as ordered", "schedule": "titrate"}
            said = {"patient": "p-301", "item": item, "is_verified": True, **words}
            pharmacist = self.sign_in(next(person for person in self.staff if person.role == "pharmacist"))
            pharmacist.call("PUT", f"/orders/{order}", said).raise_for_status()
            pharmacist.sign_out()
            self.orders.add(order)
        return order

    def sign_in(self, who: Enrolled | None = None) -> "Person":
        """Somebody, or the next nurse, shows their badge and enters their PIN."""
        who = who or next(self.nurses)
        session = self.client.post(f"{self.kiosk}/sessions", json={"badge": who.badge, "secret": who.pin}).raise_for_status().json()
        return Person(self, who, session["token"])


@dataclass
class Person:
    """Somebody who is signed in. `told` keeps every answer of the kiosk that said that something was recorded."""

    bedside: Bedside
    who: Enrolled
    token: str
    told: list[tuple[str, str | None]] = field(default_factory=list)

    def call(self, method: str, path: str, body: Json | None = None, **query: float) -> httpx.Response:
        """One call to the kiosk."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.bedside.client.request(method, f"{self.bedside.kiosk}{path}", json=body, headers=headers, params=query or None)

    def get(self, path: str, **query: float) -> Any:
        """What the kiosk answers."""
        return self.call("GET", path, **query).raise_for_status().json()

    def post(self, path: str, body: Json) -> Json:
        """Say something; what the kiosk answers."""
        answer: Json = self.call("POST", path, body).raise_for_status().json()
        return answer

    def ask(self, kind: str, pocket: str, units: int = 1) -> str:
        """Ask for an access: its id."""
        access = str(uuid.uuid4())
        self.post("/accesses", self.wish(access, kind, pocket, units))
        self.told.append(("access_requested", access))
        return access

    def wish(self, access: str, kind: str, pocket: str, units: int = 1) -> Json:
        """The body of a request."""
        wish: Json = {"id": access, "kind": kind, "pocket": pocket}
        if kind == "withdraw":
            wish |= {"units": units, "order": self.bedside.ordered(pocket)}
        return wish

    def ask_and_watch(self, pocket: str, lock: str, seen: Callable[[], None]) -> str:
        """Ask for a withdrawal; `seen` is called the moment the intent to release `lock` stands in the journal's file."""
        access, before = str(uuid.uuid4()), self.bedside.facts()[-1].seq

        def is_intended() -> bool:
            intents = self.bedside.facts(before, of_type="release_intended")
            return any(fact.access == access and fact.body["lock"] == lock for fact in intents)

        with ThreadPoolExecutor(1) as aside:
            answer = aside.submit(self.call, "POST", "/accesses", self.wish(access, "withdraw", pocket))
            wait_for(is_intended, f"the intent to release {lock}", pace_s=0.001)
            seen()
            try:
                if answer.result().is_success:
                    self.told.append(("access_requested", access))
            except httpx.TransportError:
                pass  # the kiosk was killed before it answered
        return access

    def until(self, access: str, claim: Callable[[Json], bool]) -> Json:
        """Look at an access until a claim holds of it."""
        view: Json = self.get(f"/accesses/{access}")
        until_s = time.monotonic() + PATIENCE_S
        while not claim(view):
            assert time.monotonic() < until_s, f"{view['kind']} at {view['pocket']} stays {view['phase']}, asking {view['asks']}"
            view = self.get(f"/accesses/{access}", wait_s=1.0, after=view["seq"])
        return view

    def count(self, access: str, pocket: str) -> None:
        """Count the pieces that really lie there, as often as is asked."""
        while "count_before" in self.get(f"/accesses/{access}")["asks"]:
            self.post(f"/accesses/{access}/count", {"units": self.bedside.pieces()[pocket]})
            self.told.append(("pocket_counted", access))

    def take(self, pocket: str, units: int = 1) -> None:
        """Take pieces out."""
        assert self.bedside.hand("take", pocket=pocket, units=units)["units"] == units

    def confirm(self, access: str, units: int = 1) -> None:
        """Say how many were taken."""
        self.post(f"/accesses/{access}/confirm", {"units": units})
        self.told += [("quantity_confirmed", access), ("units_moved", access)]

    def count_pocket(self, pocket: str) -> str:
        """Open a pocket, count it and close it: how that ended."""
        access = self.ask("count", pocket)
        self.until(access, lambda view: "count_before" in view["asks"])
        self.count(access, pocket)
        self.bedside.shut(pocket)
        return str(self.until(access, lambda view: view["phase"] in OVER)["phase"])

    def withdraw(self, pocket: str, units: int = 1) -> str:
        """A whole withdrawal: how it ended."""
        access = self.ask("withdraw", pocket, units)
        self.until(access, lambda view: view["phase"] == "open")
        self.count(access, pocket)
        self.take(pocket, units)
        self.confirm(access, units)
        self.bedside.shut(pocket)
        return str(self.until(access, lambda view: view["phase"] in OVER)["phase"])

    def sign_out(self) -> None:
        """Leave."""
        self.call("DELETE", "/sessions").raise_for_status()


def new_company(state: Path, **how: Any) -> tuple[Company, list[Enrolled], LoadedSite]:
    """A demo that is not started yet, with its staff."""
    loaded = load_site(SITE)
    state.mkdir(parents=True, exist_ok=True)
    return Company(SITE, CENTRAL, state, Ports(free_port(), free_port(), free_port(), free_port()), **how), enrol(loaded, state), loaded
