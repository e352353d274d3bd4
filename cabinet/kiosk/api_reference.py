"""`/api/v1/patients`, `/orders`, `/formulary`, `/pars`: reference data as it is looked at and changed at the cabinet.

Alone knows: which path makes which event. Must not know: pages and cookies, or who may change what (`cabinet.domain.reference.changing`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status

from cabinet.domain import events
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, PocketId, Units, utc_text
from cabinet.kiosk import patient_view
from cabinet.kiosk.bag_end import end_bag
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.levels_view import Levels, levels_of
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.reference_body import EndBody, ItemBody, LevelsBody, MergeBody, OrderBody, PatientBody
from cabinet.kiosk.reference_view import LevelsLine, OrderLine, item_line, levels_lines, order_line, order_lines

router = APIRouter(prefix="/api/v1", tags=["reference"], dependencies=[Depends(ensure_enrolled)])

Id = Annotated[str, Path(max_length=64)]
Admitter = Annotated[Visit, requires("add_patient")]
OrderKeeper = Annotated[Visit, requires("orders")]
OrderReader = Annotated[Visit, requires("orders", "audit")]
ItemKeeper = Annotated[Visit, requires("items")]
Stocker = Annotated[Visit, requires("pars")]
Level = Annotated[int, Query(ge=0, le=2_000)]
Waster = Annotated[Visit, requires("waste")]


@router.post("/patients", status_code=status.HTTP_201_CREATED)
async def add_patient(body: PatientBody, floor: Here, visit: Admitter) -> patient_view.PatientView:
    """Add a patient who is not listed."""
    patient = PatientId(body.id)
    await floor.reception.ask(visit, events.PatientAddAsked(floor.now(), visit.session, patient, body.name, body.born, body.bed))
    return _patient(floor, patient)


@router.post("/patients/{patient_id}/merge")
async def merge_patient(body: MergeBody, floor: Here, visit: Admitter, patient_id: Id) -> patient_view.PatientView:
    """A patient who was added here is one who is listed: withdrawals, orders and debts are theirs."""
    event = events.PatientMergeAsked(floor.now(), visit.session, PatientId(patient_id), PatientId(body.into))
    await floor.reception.ask(visit, event)
    return _patient(floor, PatientId(body.into))


def _patient(floor: Floor, patient: PatientId) -> patient_view.PatientView:
    known = floor.core.scene.patient(patient)
    if known is None:
        raise Problem(Refusal("access.patient_unknown"))
    return patient_view.patient_view(known)


@router.get("/orders")
async def orders(floor: Here, _visit: OrderReader) -> list[OrderLine]:
    """Every order, those among them that wait for a pharmacist or name no item."""
    return order_lines(floor.core, floor.now())


@router.put("/orders/{order_id}")
async def change_order(body: OrderBody, floor: Here, visit: OrderKeeper, order_id: Id) -> OrderLine:
    """Enter an order, or change its whole record."""
    record = body.record(order_id, utc_text(floor.now().utc))
    await floor.reception.ask(visit, events.OrderChangeAsked(floor.now(), visit.session, record))
    return _order(floor, order_id)


@router.post("/orders/{order_id}/verify")
async def verify_order(floor: Here, visit: OrderKeeper, order_id: Id) -> OrderLine:
    """A pharmacist looked at it."""
    await floor.reception.ask(visit, events.OrderVerifyAsked(floor.now(), visit.session, OrderId(order_id)))
    return _order(floor, order_id)


@router.post("/orders/{order_id}/stop")
async def stop_order(floor: Here, visit: OrderKeeper, order_id: Id) -> OrderLine:
    """It holds no more."""
    await floor.reception.ask(visit, events.OrderStopAsked(floor.now(), visit.session, OrderId(order_id)))
    return _order(floor, order_id)


def _order(floor: Floor, order_id: str) -> OrderLine:
    order = floor.core.scene.order(order_id)
    if order is None:
        raise Problem(Refusal("order.not_known"))
    return order_line(order, floor.now())


@router.get("/formulary")
async def items(floor: Here, _visit: Caller) -> list[dict[str, object]]:
    """Every item of the hospital, whether it stands here or not."""
    return [item_line(item) for item in floor.world.formulary.values()]


@router.put("/formulary/{item_id}")
async def change_item(body: ItemBody, floor: Here, visit: ItemKeeper, item_id: Id) -> dict[str, object]:
    """Enter an item, or change its whole record."""
    await floor.reception.ask(visit, events.ItemChangeAsked(floor.now(), visit.session, body.record(item_id)))
    return item_line(floor.world.formulary[ItemId(item_id)])


@router.get("/pars")
async def pars(floor: Here, _visit: Caller) -> list[LevelsLine]:
    """How much each pocket should hold."""
    return levels_lines(floor.core)


@router.get("/pars/{pocket_id}/forecast")
async def forecast(
    floor: Here, _visit: Stocker, pocket_id: Id, par: Level | None = None, least: Annotated[Level | None, Query(alias="min")] = None,
) -> Levels:  # fmt: skip
    """What levels come to by this pocket's own use: those that it has, or others. `forecast` is null where there are too few days."""
    line = floor.core.state.lines.get(pocket_id)
    if line is None:
        raise Problem(Refusal("pocket.unassigned", pocket_id))
    levels = line.par if par is None else par, line.min if least is None else least
    if levels[1] > levels[0]:
        raise Problem(Refusal("levels.order", pocket_id))
    return levels_of(floor.core, line, (*levels, min(line.critical_low, levels[1])), floor.now())


@router.put("/pars/{pocket_id}")
async def change_levels(body: LevelsBody, floor: Here, visit: Stocker, pocket_id: Id) -> LevelsLine:
    """Change how much a pocket should hold."""
    levels = Units(body.par), Units(body.min), Units(body.critical_low)
    await floor.reception.ask(visit, events.LevelsChangeAsked(floor.now(), visit.session, PocketId(pocket_id), *levels))
    return next(line for line in levels_lines(floor.core) if line.pocket == pocket_id)


@router.post("/withdrawals/{access_id}/ended", status_code=status.HTTP_204_NO_CONTENT)
async def end_infusion(body: EndBody, floor: Here, visit: Waster, access_id: Id) -> None:
    """A bag ran in: what is left of it, which is owed as waste where class or list says so."""
    await end_bag(floor, visit, access_id, body.amount)
