"""One visitor of the demo, who does by HTTP what a visitor's hands would do: at the kiosk, at the virtual cabinet, at the pharmacy.

Alone knows: how a step is taken over the public APIs, and whose session the screen shows.
Must not know: why a step is taken (`script.py`), or anything from inside the controller.
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx

from cabinet.rehearsal.enrol import Enrolled

Json = dict[str, Any]
PATIENCE_S = 15.0
LOOK_AGAIN_S = 0.05
OVER = {"settled", "disputed", "cancelled", "incomplete"}
LOT, EXPIRY = "GUIDE-1", "2029-12-31"
SAID = "shown in the guide"
"""The reason that is given where one is asked: whoever repeats the guide meets warnings that the first time did not."""


class Refused(Exception):
    """The answer was no. `code` is the refusal's."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({code})")
        self.code = code


class TookTooLong(Exception):
    """Something that should have come about did not; the text says what."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the demo's three parts answer, without a slash at the end, and the cabinet's id."""

    kiosk: str
    pharmacy: str
    plant: str
    cabinet: str


class Visitor:
    """Use as `async with Visitor(...)`. `token` is of whoever is at the screen, `who` their id; both empty while nobody is.

    `heard` is a refusal that a move was after.
    """

    def __init__(self, places: Places, staff: Sequence[Enrolled]) -> None:
        self.places = places
        self.staff: Mapping[str, Enrolled] = {person.id: person for person in staff}
        self.token, self.who = "", ""
        self.heard = ""
        self._client = httpx.AsyncClient(timeout=20)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    # --- the three APIs

    async def kiosk(self, method: str, path: str, body: Json | None = None, **query: Any) -> Any:
        """One call to the kiosk as whoever is at the screen. Raises Refused."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = await self._client.request(method, f"{self.places.kiosk}/api/v1{path}", json=body, headers=headers, params=query or None)
        if answer.is_error:
            said = answer.json()
            raise Refused(said.get("code", ""), f"{said.get('title', '')} {said.get('detail') or ''}".strip())
        return answer.json() if answer.content else None

    async def plant(self) -> Json:
        """What is really so in the steel box."""
        seen: Json = (await self._client.get(f"{self.places.plant}/api/v1/plant")).raise_for_status().json()
        return seen

    async def hand(self, act: str, **what: Any) -> Json:
        """A hand's act at the steel box."""
        done: Json = (await self._client.post(f"{self.places.plant}/api/v1/hands", json={"act": act, **what})).raise_for_status().json()
        return done

    async def break_(self, kind: str, target: str) -> None:
        """Break something."""
        (await self._client.post(f"{self.places.plant}/api/v1/faults", json={"kind": kind, "target": target})).raise_for_status()

    async def mend(self, kind: str, target: str) -> None:
        """Mend it."""
        (await self._client.delete(f"{self.places.plant}/api/v1/faults", params={"kind": kind, "target": target})).raise_for_status()

    async def issue_sheet(self, item: str, units: int) -> None:
        """Have the pharmacist hand out a controlled item on a numbered sheet, of which the cabinet hears."""
        sheet = {"cabinet": self.places.cabinet, "item": item, "units": units, "carried_by": "porter"}
        headers = await self._at_the_pharmacy()
        (await self._client.post(f"{self.places.pharmacy}/api/v1/sheets", json=sheet, headers=headers)).raise_for_status()

    async def _at_the_pharmacy(self) -> dict[str, str]:
        """What the pharmacist's request bears; nothing where nobody is set up there."""
        person = next(one for one in self.staff.values() if one.role == "pharmacist")
        answer = await self._client.post(f"{self.places.pharmacy}/api/v1/sessions", json={"id": person.id, "secret": person.pin})
        return {"Authorization": f"Bearer {answer.json()['token']}"} if answer.is_success else {}

    async def pharmacy(self, path: str, **query: Any) -> Any:
        """What the pharmacy server answers."""
        return (await self._client.get(f"{self.places.pharmacy}/api/v1{path}", params=query or None)).raise_for_status().json()

    # --- who is at the screen

    async def become(self, who: str) -> None:
        """Be this person at the screen: stay, if they are there already; else whoever is there signs out first. Raises Refused."""
        if self.token and self.who == who and await self.is_there():
            return
        if self.token and await self.is_there():
            await self.kiosk("DELETE", "/sessions")
        await self.arrive(who)

    async def arrive(self, who: str) -> None:
        """Sign in, whoever else has a session. Raises Refused."""
        person = self.staff[who]
        self.token = ""
        session = await self.kiosk("POST", "/sessions", {"badge": person.badge, "secret": person.pin})
        self.token, self.who = session["token"], who

    async def is_there(self) -> bool:
        """Whether the session at the screen still lasts; it lasts longer by being asked."""
        try:
            await self.kiosk("POST", "/sessions/active")
        except Refused:
            return False
        return True

    # --- accesses

    async def ask(self, kind: str, **wish: Any) -> Json:
        """Ask for an access; a warning that forces an act is answered with a reason. Raises Refused."""
        acknowledged: list[str] = []
        while True:
            try:
                body = {"id": str(uuid.uuid4()), "kind": kind, "acknowledged": acknowledged, **wish}
                asked: Json = await self.kiosk("POST", "/accesses", body)
            except Refused as refused:
                if not refused.code.startswith("warning.") or any(said.startswith(refused.code) for said in acknowledged):
                    raise
                acknowledged.append(f"{refused.code}={SAID}")
            else:
                return asked

    async def look(self, access: str) -> Json:
        """Where an access stands; where it moved to another pocket, where that one stands."""
        view: Json = await self.kiosk("GET", f"/accesses/{access}")
        return await self.look(view["moved_to"]) if view["moved_to"] else view

    async def until(self, access: str, *asks: str) -> Json:
        """Look at an access until it asks for one of these, or is over. Raises TookTooLong."""
        view: Json = {}
        for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            view = await self.look(access)
            if view["phase"] in OVER or any(asked in asks for asked in view["asks"]):
                return view
            await asyncio.sleep(LOOK_AGAIN_S)
        raise TookTooLong(f"{view['kind']} at {view['pocket']} stays {view['phase']}, asking for {', '.join(view['asks']) or 'nothing'}")

    async def finish(self, access: str, *, units: int | None = None, off_by: int = 0) -> Json:
        """Do whatever is asked until it is over; pieces are counted as they lie there, or off by some."""
        for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            view = await self.look(access)
            if view["phase"] in OVER:
                return view
            await self._answer(view, view["units"] if units is None else units, off_by)
        raise TookTooLong(f"{view['kind']} at {view['pocket']} does not end: it asks for {', '.join(view['asks']) or 'nothing'}")

    async def _answer(self, view: Json, units: int, off_by: int) -> None:
        asks = view["asks"]
        if "open" in asks and view["phase"] == "authorised":
            await self.kiosk("POST", f"/accesses/{view['id']}/confirm", {"step": "open"})
        elif "count_before" in asks:
            await self.count(view, off_by)
        elif "confirm" in asks:
            await self.confirm(view, units)
        elif "close" in asks:
            await self.shut(view["pocket"])
        else:
            await asyncio.sleep(LOOK_AGAIN_S)

    async def count(self, view: Json, off_by: int = 0) -> None:
        """Count the pieces in the open pocket, once; or, off by some, what the screen says that there ought to be."""
        is_wrong = off_by and view["expected"] is not None
        seen = view["expected"] if is_wrong else (await self.pocket(view["pocket"]))["pieces"]
        await self.kiosk("POST", f"/accesses/{view['id']}/count", {"units": seen + off_by})

    async def confirm(self, view: Json, units: int) -> None:
        """Take or put what was asked for, and say how many it was; who is asked once more was right."""
        said: Json = {"units": units if view["units_confirmed"] is None else view["units_confirmed"]}
        is_put = view["kind"] in {"refill", "load"}
        if view["units_confirmed"] is None:
            await self.hand("put" if is_put else "take", pocket=view["pocket"], units=units)
        if is_put:
            said |= {"lot": LOT, "expiry": EXPIRY}
        await self.kiosk("POST", f"/accesses/{view['id']}/confirm", said)

    # --- the steel box

    async def pocket(self, pocket: str) -> Json:
        """One pocket as it really is."""
        return next(one for one in (await self.plant())["pockets"] if one["id"] == pocket)

    async def shut(self, pocket: str) -> None:
        """Press a lid and push its drawer until both hold: a bolt stays drawn while its coil has current. Raises TookTooLong."""
        for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
            seen = await self.plant()
            found = next(one for one in seen["pockets"] if one["id"] == pocket)
            drawer = next(one for one in seen["drawers"] if one["id"] == found["drawer"])
            if not drawer["is_open"]:
                return
            if found["lid"] == "open":
                await self.hand("close_lid", pocket=pocket)
            else:
                await self.hand("push", drawer=drawer["id"])
            await asyncio.sleep(LOOK_AGAIN_S)
        raise TookTooLong(f"{pocket} cannot be shut")

    async def wait_for_pharmacy(self) -> None:
        """Return once the pharmacy server holds every fact that the cabinet has now. Raises TookTooLong."""
        healthy = (await self._client.get(f"{self.places.kiosk}/healthz")).raise_for_status().json()
        for _ in range(round(2 * PATIENCE_S / LOOK_AGAIN_S)):
            if (await self.pharmacy(f"/cabinets/{self.places.cabinet}"))["seq"] >= healthy["seq"]:
                return
            await asyncio.sleep(LOOK_AGAIN_S)
        raise TookTooLong("the pharmacy server does not hold everything yet")
