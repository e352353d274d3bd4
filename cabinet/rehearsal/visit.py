"""People at the demo's cabinet, from outside: they touch the kiosk over HTTP and move drawers with the virtual cabinet's hands.

Alone knows: how one refill, one withdrawal and one count are played, and how the pharmacy server is seen to know of them.
Must not know: anything from inside the controller; every step is one that a person or an integrator could take.
"""

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

from cabinet.rehearsal.company import Ports
from cabinet.rehearsal.enrol import Enrolled
from config.load import LoadedSite

PATIENCE_S = 20.0
LOOK_AGAIN_S = 0.05
OVER = {"settled", "disputed", "cancelled", "incomplete"}

Json = dict[str, Any]


class WentWrong(Exception):
    """A step did not lead where it should; the text says which and what was answered."""


def call(method: str, url: str, body: Json | None = None, token: str | None = None) -> Any:
    """One HTTP call with JSON both ways. Raises WentWrong with the problem that was answered."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data else {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback http
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as problem:
        raise WentWrong(f"{method} {url}: {problem.code} {problem.read().decode(errors='replace')}") from problem


@dataclass(frozen=True, slots=True)
class Summary:
    """What a visit came to."""

    refills: int
    withdrawals: int
    counts: int
    units: int
    pharmacy_seq: int
    balanced: bool


class Visit:
    """One refill, one withdrawal and one count."""

    def __init__(self, ports: Ports, staff: list[Enrolled], loaded: LoadedSite) -> None:
        self._kiosk = f"http://127.0.0.1:{ports.kiosk}/api/v1"
        self._pharmacy = f"http://127.0.0.1:{ports.pharmacy}/api/v1"
        self._plant = f"http://127.0.0.1:{ports.virtual_cabinet}/api/v1"
        self._staff = staff
        self._cabinet = loaded.site.cabinet
        classes = loaded.policy.custody.sheet_classes
        self._on_sheets = {item.id for item in loaded.formulary.items if item.control_class in classes}
        self._token = ""

    def play(self) -> Summary:
        """Play all three, wait until the pharmacy server holds the last fact of them, and compare to the last unit."""
        self._sign_in("technician")
        needs = call("GET", f"{self._kiosk}/restock", token=self._token)
        need = next(need for need in needs if not self._is_blocked(need["pocket"]))
        sheet = self._sheet_for(need)
        refilled = self._access(kind="refill", pocket=need["pocket"], units=need["units_needed"], sheet=sheet)
        self._sign_out()
        self._sign_in("nurse")
        order, pocket = self._controlled_order()
        withdrawn = self._access(kind="withdraw", pocket=pocket, units=order["units"], order=order["id"])
        self._access(kind="count", pocket=pocket, units=0)
        self._sign_out()
        seq = self._wait_for_pharmacy()
        return Summary(1, 1, 1, refilled + withdrawn, seq, self._is_balanced())

    def _sign_in(self, role: str) -> None:
        person = next(person for person in self._staff if person.role == role)
        session = call("POST", f"{self._kiosk}/sessions", {"badge": person.badge, "secret": person.pin})
        self._token = session["token"]

    def _sign_out(self) -> None:
        call("DELETE", f"{self._kiosk}/sessions", token=self._token)

    def _stock(self) -> list[Json]:
        found: list[Json] = call("GET", f"{self._kiosk}/stock", token=self._token)
        return found

    def _is_blocked(self, pocket: str) -> bool:
        return any(line["pocket"] == pocket and line["status"] in {"expired", "failed"} for line in self._stock())

    def _sheet_for(self, need: Json) -> str | None:
        """The sheet that the pharmacy issues with a pick of a controlled item, once the cabinet knows of it."""
        if need["item"] not in self._on_sheets:
            return None
        by = {"issued_by": "vault", "carried_by": next(person.id for person in self._staff if person.role == "technician")}
        body = {"cabinet": self._cabinet, "item": need["item"], "units": need["units_needed"], **by}
        sheet = str(call("POST", f"{self._pharmacy}/sheets", body)["sheet"])
        until_s = time.monotonic() + PATIENCE_S
        while sheet not in {one["id"] for one in call("GET", f"{self._kiosk}/sheets", token=self._token)}:
            if time.monotonic() > until_s:
                raise WentWrong(f"the cabinet does not hear of sheet {sheet}")
            time.sleep(LOOK_AGAIN_S)
        return sheet

    def _controlled_order(self) -> tuple[Json, str]:
        """An order that a pharmacist verified, and of which nothing is asked, with its lidded pocket: drawer, lid and blind count.

        Raises WentWrong where every such order was taken lately.
        """
        lidded = {pocket["id"] for pocket in self._pockets() if pocket["lid"] is not None}
        usable = [line for line in self._stock() if line["pocket"] in lidded and line["status"] not in {"expired", "failed", "out"}]
        for patient in call("GET", f"{self._kiosk}/patients", token=self._token):
            for order in call("GET", f"{self._kiosk}/patients/{patient['id']}/orders", token=self._token):
                pocket = next((line["pocket"] for line in usable if line["item"] == order["item"]["id"]), None)
                if pocket is not None and order["phase"] == "active" and not order["questions"] and not order["warnings"]:
                    return order, str(pocket)
        raise WentWrong("no order of a controlled item is due: all of them were taken not long ago")

    def _pockets(self) -> list[Json]:
        pockets: list[Json] = call("GET", f"{self._plant}/plant")["pockets"]
        return pockets

    def _pocket(self, pocket: str) -> Json:
        return next(found for found in self._pockets() if found["id"] == pocket)

    def _access(self, *, kind: str, pocket: str, units: int, order: str | None = None, sheet: str | None = None) -> int:
        """See one access through; returns the units moved."""
        body = {"id": str(uuid.uuid4()), "kind": kind, "pocket": pocket, "units": units, "order": order, "sheet": sheet}
        view = call("POST", f"{self._kiosk}/accesses", {key: value for key, value in body.items() if value is not None}, self._token)
        until_s, moved = time.monotonic() + PATIENCE_S, 0
        while view["phase"] not in OVER:
            if time.monotonic() > until_s:
                raise WentWrong(f"{kind} at {pocket} stays {view['phase']}, asking {view['asks']}")
            moved += self._answer(view, kind, pocket, units)
            view = call("GET", f"{self._kiosk}/accesses/{view['id']}", token=self._token)
        if view["phase"] != "settled":
            raise WentWrong(f"{kind} at {pocket} ended {view['phase']}: {view}")
        return moved

    def _answer(self, view: Json, kind: str, pocket: str, units: int) -> int:
        """Do what is asked first; returns the units moved by it."""
        place = f"{self._kiosk}/accesses/{view['id']}"
        match view["asks"]:
            case ["witness", *_]:
                second = next(person for person in self._staff if person.role == "pharmacist")
                call("POST", f"{place}/witness", {"badge": second.badge, "secret": second.pin}, self._token)
            case ["count_before", *_]:
                call("POST", f"{place}/count", {"units": self._pocket(pocket)["pieces"]}, self._token)
            case ["confirm", *_] if view["units_confirmed"] is not None:  # asked once more: they were right
                call("POST", f"{place}/confirm", {"units": view["units_confirmed"]}, self._token)
            case ["confirm", *_]:
                act = "take" if kind == "withdraw" else "put"
                call("POST", f"{self._plant}/hands", {"act": act, "pocket": pocket, "units": units})
                stated: Json = {"units": units}
                if kind == "refill":
                    stated |= {"lot": "DEMO-1", "expiry": "2028-12-31"}
                call("POST", f"{place}/confirm", stated, self._token)
                return units
            case ["close", *_]:
                self._close(pocket)
            case _:
                time.sleep(LOOK_AGAIN_S)
        return 0

    def _close(self, pocket: str) -> None:
        """Press the lid until it holds (its bolt is still drawn while the coil is energised), then the drawer."""
        until_s = time.monotonic() + PATIENCE_S
        while (act := self._next_to_close(pocket)) is not None:
            if time.monotonic() > until_s:
                raise WentWrong(f"{act} is not possible")
            call("POST", f"{self._plant}/hands", act)
            time.sleep(LOOK_AGAIN_S)
        time.sleep(LOOK_AGAIN_S)

    def _next_to_close(self, pocket: str) -> Json | None:
        plant = call("GET", f"{self._plant}/plant")
        found = next(one for one in plant["pockets"] if one["id"] == pocket)
        if found["lid"] == "open":
            return {"act": "close_lid", "pocket": pocket}
        drawer = next(one for one in plant["drawers"] if one["id"] == found["drawer"])
        return {"act": "push", "drawer": drawer["id"]} if drawer["is_open"] else None

    def _wait_for_pharmacy(self) -> int:
        """Wait until the pharmacy server holds every fact that the cabinet has now; returns the number of the last."""
        until_s = time.monotonic() + PATIENCE_S
        seq = int(call("GET", self._kiosk.removesuffix("/api/v1") + "/healthz")["seq"])
        while (held := int(call("GET", f"{self._pharmacy}/cabinets/{self._cabinet}")["seq"])) < seq:
            if time.monotonic() > until_s:
                raise WentWrong(f"the pharmacy server holds fact {held} of {seq}")
            time.sleep(LOOK_AGAIN_S)
        return held

    def _is_balanced(self) -> bool:
        """Whether pieces, journal and pharmacy server agree on every pocket."""
        pieces = {pocket["id"]: pocket["pieces"] for pocket in self._pockets()}
        rows = call("GET", f"{self._pharmacy}/stock?cabinet={self._cabinet}")
        balances = {row["pocket"]: row["units"] for row in rows}
        return balances == {pocket: pieces[pocket] for pocket in balances}
