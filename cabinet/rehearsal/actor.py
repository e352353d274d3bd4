"""A person at the cabinet: signs in, answers what the screen asks, and moves the drawers with their hands.

Alone knows: how a careful person behaves, and how long each step takes them.
Must not know: why they came (`replay.py`).
"""

import asyncio
from dataclasses import dataclass, replace

from cabinet.domain import events
from cabinet.domain.placing import OF_UNITS
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, PatientId, PocketId, SessionId, Units
from cabinet.rehearsal.prescribing import item_at, prescribe
from cabinet.rehearsal.stage import PIN, Stage

REASONED = {f"warning.{name}" for name in ("allergy", "max_daily", "already_taken", "too_soon", "more_than_order", "population")}
"""The warnings that a reason passes; what asks for more is left alone."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a person wants a pocket opened."""

    kind: str
    units: int
    item: str | None = None
    pocket: str | None = None
    patient: str | None = None
    lot: str | None = None
    expiry: str | None = None
    order: str | None = None
    """The order that it follows; a withdrawal for a patient without one is ordered, and verified, first."""
    sheet: str | None = None
    """The numbered sheet that it came or goes on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an errand: refused, or an access that is over, and the seconds from asking to its end."""

    refusal: Refusal | None
    access: Access | None
    took_s: float


class Actor:
    """One person with a badge. Use `sign_in`, then `run` for each errand, then `sign_out`."""

    def __init__(self, stage: Stage, badge: str) -> None:
        self._stage = stage
        self.badge = badge
        self._session = SessionId("")

    async def sign_in(self) -> None:
        """Show the badge and enter the PIN."""
        stage = self._stage
        stage.wake()
        found = await stage.directory.recognise(badge=self.badge, staff_id=None, secret=PIN)
        assert found.staff is not None, f"{self.badge} is nobody's badge"
        self._session = SessionId(f"s-{next(self._stage.numbers)}")
        controller = stage.house.controller
        await controller.ask(events.StaffRecognised(controller.clock.now(), self._session, found.staff, found.factors))

    async def sign_out(self) -> None:
        """Leave, and let the cabinet come to rest."""
        controller = self._stage.house.controller
        await controller.ask(events.SignOutAsked(controller.clock.now(), self._session))
        await self._stage.rest()

    async def run(self, errand: Errand) -> Outcome:
        """Ask for an access and see it through."""
        loop, controller = asyncio.get_running_loop(), self._stage.house.controller
        started_s, access_id = loop.time(), AccessId(f"a-{next(self._stage.numbers)}")
        order = await self._order_for(errand)
        refusal = await self._ask(
            events.AccessAsked(
                controller.clock.now(), self._session, access_id, errand.kind, "policy" if order is None else "order", Units(errand.units),
                pocket=None if errand.pocket is None else PocketId(errand.pocket),
                item=None if errand.item is None else ItemId(errand.item),
                patient=None if errand.patient is None else PatientId(errand.patient),
                order=order, sheet=errand.sheet,
            )
        )  # fmt: skip
        if refusal is not None:
            return Outcome(refusal, None, loop.time() - started_s)
        access = self._stage.house.core.state.accesses[access_id]
        while access.phase not in FINAL:
            await self._answer(access, errand)
        return Outcome(None, access, loop.time() - started_s)

    async def _order_for(self, errand: Errand) -> OrderId | None:
        if errand.kind != "withdraw" or errand.patient is None or errand.order is not None:
            return None if errand.order is None else OrderId(errand.order)
        controller = self._stage.house.controller
        item = errand.item or item_at(controller, errand.pocket or "")
        return await prescribe(controller, errand.patient, item, errand.units)

    async def _ask(self, event: events.AccessAsked) -> Refusal | None:
        """Ask, and do what each warning forces: a careful person reads it, looks at patient and order, and says why it is right."""
        controller = self._stage.house.controller
        refusal = await controller.ask(event)
        while refusal is not None and refusal.code in REASONED and not any(said.startswith(refusal.code) for said in event.acknowledged):
            await self._pause(5.0, 10.0)
            acknowledged = (*event.acknowledged, f"{refusal.code}=checked with the prescriber")
            event = replace(event, at=controller.clock.now(), acknowledged=acknowledged)
            refusal = await controller.ask(event)
        return refusal

    async def _answer(self, access: Access, errand: Errand) -> None:
        """Do the first thing that is asked."""
        controller, core = self._stage.house.controller, self._stage.house.core
        match core.asks(access):
            case ("open", *_) if access.phase == "authorised":
                await self._pause(1.0, 2.0)
                await self._say(events.OpenAsked(controller.clock.now(), self._session, AccessId(access.id)))
            case ("open", *_):
                await controller.next_round()
            case ("count_before", *_):
                await self._pause(1.5, 3.0)
                found = Units(self._found(access))
                await self._say(events.CountEntered(controller.clock.now(), self._session, AccessId(access.id), found))
            case ("confirm", *_):
                await self._move(access, errand)
            case ("close",):
                await self._close(access)
            case _:
                await controller.next_round()

    async def _say(self, event: events.Event) -> None:
        refusal = await self._stage.house.controller.ask(event)
        assert refusal is None, f"{type(event).__name__}: {refusal}"

    async def _move(self, access: Access, errand: Errand) -> None:
        """Take or put by hand, then say how many; who is asked once more looks, and says it again."""
        await self._pause(1.0, 2.5)
        clock = self._stage.house.controller.clock
        moved = Units(self._take(access, errand) if access.confirmed is None else self._again(access, errand))
        told = tuple(OF_UNITS)  # they see what fits, and put in what they brought
        said = events.QuantityEntered(
            clock.now(), self._session, AccessId(access.id), moved, errand.lot, errand.expiry, acknowledged=told
        )  # fmt: skip
        await self._say(said)

    def _found(self, access: Access) -> int:
        """Count what lies there."""
        return self._stage.bench.plant.pieces(access.pocket)

    def _take(self, access: Access, errand: Errand) -> int:
        """Take or put; how many they say it was."""
        hand = self._stage.bench.hand
        act = hand.take if access.kind == "withdraw" else hand.put
        return act(access.pocket, errand.units)

    def _again(self, access: Access, errand: Errand) -> int:  # noqa: ARG002 - others look at their errand
        """How many they say once more: a careful person was right."""
        assert access.confirmed is not None
        return access.confirmed

    async def _close(self, access: Access) -> None:
        """Shut the lid, then the drawer, and wait for the cabinet to have seen it."""
        await self._pause(0.5, 1.0)
        if self._stage.house.core.asks(access) != ("close",):
            return  # the screen asks for something else meanwhile
        hand, layout = self._stage.bench.hand, self._stage.house.core.world.layout
        pocket = layout.pockets[PocketId(access.pocket)]
        if pocket.lid is not None:
            hand.close_lid(pocket.id)
        hand.push(pocket.drawer)
        if access.phase == "open":
            await self._stage.house.controller.next_round()

    async def _pause(self, least_s: float, most_s: float) -> None:
        await asyncio.sleep(self._stage.chance.uniform(least_s, most_s))
