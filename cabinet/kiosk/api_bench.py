"""`/api/v1/hardware`: the technician's bench. It is on the kiosk's own listener and on no other.

Alone knows: which path is which act at the bench, and which acts ask for maintenance. Must not know: boards, lines, or any rule of service.

Reading is for whoever may serve; whatever holds up a line, moves something or changes a board asks for maintenance as well.
"""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, status

from cabinet.domain import service
from cabinet.domain.events import (
    AddressWasChanged,
    CommissioningDone,
    MaintenanceAsked,
    MaintenanceEndAsked,
    SelftestFinished,
    ServiceLightAsked,
    ServicePulseAsked,
)
from cabinet.domain.facts import CabinetCommissioned
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId, PocketId
from cabinet.kiosk import bench_view, walk_result
from cabinet.kiosk.api import Caller, Here, ensure_enrolled
from cabinet.kiosk.bench_body import AddressBody, LightBody, ResultBody
from cabinet.kiosk.bench_view import FrameView, HardwareView, IdentityView, PulseView, ReadingView, ResultView
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.ports import AddressRefused, BoardSight, DeviceFault, Probe, Technics

router = APIRouter(prefix="/api/v1/hardware", dependencies=[Depends(ensure_enrolled)])
SLACK_S = 2.0
"""How much longer than looking takes an outcome may be on its way."""
LOOK_S = 0.1
SOME = 5
LISTENED = ("reader", "scanner")
MOST_FRAMES = 2**53 - 1


async def technics_of(floor: Here) -> Technics:
    """The boards of this cabinet. Raises Problem where there are none, as in rehearsals without boards."""
    if floor.technics is None:
        raise Problem(Refusal("request.not_offered"))
    return floor.technics


Boards = Annotated[Technics, Depends(technics_of)]


async def server_of(floor: Here, visit: Caller) -> Visit:
    """Who calls, if they may serve this cabinet. Raises Problem."""
    refusal = service.judge_person(floor.core.scene, floor.core.state.sessions.get(visit.session))
    if refusal is not None:
        raise Problem(refusal)
    return visit


Server = Annotated[Visit, Depends(server_of)]


async def technician_of(floor: Here, visit: Server) -> Visit:
    """Who calls, if they have the cabinet in maintenance. Raises Problem."""
    owner = service.owner(floor.core.scene, visit.session)
    if isinstance(owner, Refusal):
        raise Problem(owner)
    return visit


Technician = Annotated[Visit, Depends(technician_of)]


def board_of(technics: Technics, name: str) -> BoardSight:
    """One board of the site. Raises Problem."""
    found = next((board for board in technics.boards() if board.board == name), None)
    if found is None:
        raise Problem(Refusal("service.no_board", name))
    return found


def fault_problem(fault: DeviceFault) -> Problem:
    """A board that did not do as it was told, as an answer."""
    return Problem(Refusal(str(fault.code), f"{fault.where}: {fault.detail}"), status=status.HTTP_502_BAD_GATEWAY)


@router.get("")
async def picture(floor: Here, _visit: Server, technics: Boards) -> HardwareView:
    """What the cabinet believes of its locks, pockets, boards and lines; asks no board."""
    return bench_view.hardware_view(floor.core, technics)


@router.post("/maintenance", status_code=status.HTTP_201_CREATED)
async def take(floor: Here, visit: Caller, technics: Boards) -> HardwareView:
    """Take the cabinet from the ward, or for the whole time afresh. It goes back by itself when the policy's time is over."""
    await floor.reception.ask(visit, MaintenanceAsked(floor.now(), visit.session))
    return bench_view.hardware_view(floor.core, technics)


@router.delete("/maintenance", status_code=status.HTTP_204_NO_CONTENT)
async def give_back(floor: Here, visit: Caller) -> None:
    """Give the cabinet back to the ward; whoever is signed in may."""
    await floor.reception.ask(visit, MaintenanceEndAsked(floor.now(), visit.session))


@router.get("/boards/{board}/identity")
async def identify(_visit: Server, technics: Boards, board: str) -> IdentityView:
    """Ask a board who it is."""
    sight = board_of(technics, board)
    try:
        return bench_view.identity_view(sight, await technics.identify(BoardId(board)))
    except DeviceFault as fault:
        raise fault_problem(fault) from fault


@router.get("/boards/{board}/reading")
async def read(
    floor: Here, visit: Server, technics: Boards, board: str, change: Literal["from_here", "since"] | None = None
) -> ReadingView:  # fmt: skip
    """Read everything that a board tells, now. The weight of a pocket that is counted blind is withheld.

    A change of weight never is: `from_here` begins one at 0, `since` tells it.
    """
    sight = board_of(technics, board)
    try:
        reading = await technics.read(BoardId(board))
    except DeviceFault as fault:
        raise fault_problem(fault) from fault
    if reading.weighing is not None and change == "from_here":
        floor.marks[visit.session, board] = reading.weighing.mass_mg
    return bench_view.reading_view(floor.core, sight, reading, floor.marks.get((visit.session, board)) if change else None)


@router.post("/boards/{board}/hearing")
async def hear(
    _visit: Technician, technics: Boards, board: str, wait_s: Annotated[float, Query(gt=0, le=30)] = 20
) -> bench_view.HearingView:  # fmt: skip
    """Wait for a badge at a reader, or a code at a scanner; meant for nobody at the kiosk, and no number of a badge is told."""
    sight = board_of(technics, board)
    if sight.kind not in LISTENED:
        raise Problem(Refusal("request.malformed", f"{board} is neither reader nor scanner"))
    try:
        return bench_view.hearing_view(sight, await technics.hear(BoardId(board), wait_s))
    except DeviceFault as fault:
        raise fault_problem(fault) from fault


@router.post("/locks/{lock}/pulse")
async def pulse(floor: Here, visit: Server, lock: str) -> PulseView:
    """Pulse one lock once, and answer when looking is over: what came of it, and which other doors moved meanwhile."""
    before = bench_view.doors(floor.core)
    await floor.reception.ask(visit, ServicePulseAsked(floor.now(), visit.session, lock))
    drawer = floor.core.state.drawers[lock]
    intent = drawer.intent
    with_slack_s = floor.world.timing.look_s + SLACK_S
    try:
        async with asyncio.timeout(with_slack_s):
            while intent is not None and drawer.intent == intent:
                await floor.controller.next_round()
    except TimeoutError:
        return PulseView(lock, "unknown", drawer.state, ())
    await asyncio.sleep(LOOK_S)
    return bench_view.pulse_view(floor.core, lock, before)


@router.post("/lights/{pocket}", status_code=status.HTTP_204_NO_CONTENT)
async def light(floor: Here, visit: Server, pocket: str, body: LightBody) -> None:
    """Light a guide light for some seconds."""
    await floor.reception.ask(visit, ServiceLightAsked(floor.now(), visit.session, PocketId(pocket), body.for_s))


@router.get("/pockets/{pocket}/count")
async def count(floor: Here, _visit: Technician, technics: Boards, pocket: str) -> bench_view.CountView:
    """Weigh a pocket and say what counting by weight makes of it; not where a blind count is due."""
    found = floor.world.layout.pockets.get(PocketId(pocket))
    if found is None:
        raise Problem(Refusal("pocket.unknown", pocket))
    if found.weighed is None:
        raise Problem(Refusal("service.no_scale", pocket))
    if not service.may_tell_weight(floor.core.scene, found):
        raise Problem(Refusal("service.count_blind", pocket))
    try:
        reading = await technics.read(found.weighed.scale)
    except DeviceFault as fault:
        raise fault_problem(fault) from fault
    return bench_view.count_view(found, reading)


@router.post("/lines/{bus}/probe/{address}")
async def probe(_visit: Technician, technics: Boards, bus: str, address: int) -> Probe:
    """See whether anybody answers at an address of a line, and what it seems to be."""
    line_of(technics, bus, address)
    try:
        return await technics.probe(bus, address)
    except DeviceFault as fault:
        raise fault_problem(fault) from fault


def line_of(technics: Technics, bus: str, *addresses: int) -> None:
    """See that a line and addresses on it exist. Raises Problem."""
    line = next((one for one in technics.lines() if one.bus == bus), None)
    if line is None:
        raise Problem(Refusal("service.no_board", bus))
    for address in addresses:
        if not line.lowest <= address <= line.highest:
            raise Problem(Refusal("request.malformed", f"addresses of {bus} are {line.lowest} to {line.highest}, not {address}"))


@router.post("/lines/{bus}/address")
async def move(floor: Here, visit: Technician, technics: Boards, bus: str, body: AddressBody) -> Probe:
    """Give the one board at an address another one, and see that it answers there; some take it with their next start."""
    if bus not in {board.bus for board in technics.boards() if board.kind in LISTENED}:
        line_of(technics, bus, body.source, body.target)
    try:
        found = await technics.move(bus, body.source, body.target)
    except AddressRefused as refused:
        raise Problem(Refusal("service.address", str(refused))) from refused
    except DeviceFault as fault:
        raise fault_problem(fault) from fault
    await floor.reception.ask(visit, AddressWasChanged(floor.now(), visit.session, bus, body.source, body.target))
    return found


@router.get("/trace")
async def trace(
    floor: Here, _visit: Server, technics: Boards, after: Annotated[int, Query(ge=-1, le=MOST_FRAMES)] = -1,
    wait_s: Annotated[float, Query(ge=0, le=30)] = 0,
) -> list[FrameView]:  # fmt: skip
    """The frames of all lines after a number (-1: only what comes from now on), waiting up to `wait_s` for one.

    What a line answers on which a pocket is weighed that is counted blind comes without its bytes.
    """
    if after < 0:
        newest = technics.heard(0)
        after = newest[-1].number if newest else 0
    until_s = asyncio.get_running_loop().time() + wait_s
    while not (frames := technics.heard(after)) and asyncio.get_running_loop().time() < until_s:  # noqa: ASYNC110 - kept, not told
        await asyncio.sleep(LOOK_S)
    blind = bench_view.blind_lines(floor.core, technics)
    return [bench_view.frame_view(frame, blind) for frame in frames]


@router.post("/selftest")
async def selftest(floor: Here, visit: Server, technics: Boards) -> list[str]:
    """Look at every board; sentences about what is not well."""
    findings = await technics.selftest()
    software = floor.core.state.software
    await floor.controller.ask(SelftestFinished(floor.now(), software, not findings, findings, visit.staff.id))
    return list(findings)


@router.post("/results", status_code=status.HTTP_201_CREATED)
async def keep(floor: Here, visit: Technician, technics: Boards, body: ResultBody) -> ResultView:
    """Sign the result of a walk, keep it in the state folder, and let the journal name it. One that passed leaves no channel out."""
    if body.scope:
        board_of(technics, body.scope)
    missing = walk_result.owed(floor.core, technics, body.scope) - {one.channel for one in body.channels}
    if missing and all(one.verdict == "passed" for one in body.channels):
        raise Problem(Refusal("request.malformed", f"no word of {', '.join(sorted(missing)[:SOME])}"))
    result = walk_result.signable(floor.core, technics, visit.staff, floor.now(), body)
    signed = technics.sign(result, f"{floor.now().utc:%Y-%m-%dT%H%M%SZ}")
    failed = [one.channel for one in body.channels if one.verdict != "passed"]
    fact = CabinetCommissioned(technics.wiring, body.scope, not failed, len(body.channels), failed, signed.sha256)
    await floor.reception.ask(visit, CommissioningDone(floor.now(), visit.session, fact))
    return ResultView(signed.name, signed.sha256, signed.signature, not failed, failed)
