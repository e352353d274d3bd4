"""What "next" does for each move of the script, through the public APIs alone, whatever of it a visitor has done by hand already.

Alone knows: how each move is done, and which page of the kiosk shows it. Must not know: the words of the script.
"""

import asyncio
import contextlib

from cabinet.domain.facts import AccessRequested, DiscrepancyFound, PowerMoved, SheetClosed, SheetIssued
from cabinet.rehearsal.guide.cast import (
    ANTIDOTE,
    ANTIDOTE_TOO,
    AT_MIN,
    AT_ONCE,
    HALF,
    KIT,
    NURSE,
    ON_BATTERY,
    OPIOID,
    ORDERS,
    PHARMACIST,
    REFILLED,
    SEARCHED_FOR,
    SEDATIVE,
    SHORT,
    SUPPLY,
    TECHNICIAN,
    WITNESS,
    Home,
)  # fmt: skip
from cabinet.rehearsal.guide.look import Look
from cabinet.rehearsal.guide.move import Stage
from cabinet.rehearsal.guide.visitor import LOOK_AGAIN_S, OVER, PATIENCE_S, Json, Refused, TookTooLong

HOME = "/"


def _page(view: Json) -> str:
    return f"/accesses/{view['id']}"


async def _asked(stage: Stage, kind: str, home: Home) -> list[str]:
    """The accesses of this kind and item that were asked for, the newest first."""
    entries = (await stage.look()).entries
    requests = [(entry.access, entry.fact) for entry in reversed(entries) if isinstance(entry.fact, AccessRequested)]
    return [str(access) for access, fact in requests if (fact.kind, fact.item) == (kind, home.item)]


async def _under_way(stage: Stage, kind: str, home: Home) -> Json | None:
    """The access of this kind that the visitor began and has not ended."""
    for access in await _asked(stage, kind, home):
        with contextlib.suppress(Refused):
            view = await stage.visitor.look(access)
            return None if view["phase"] in OVER else view
    return None


async def _begin(stage: Stage, home: Home) -> Json:
    """A withdrawal by the patient's order, under way: the one that was begun by hand, or a new one."""
    return await _under_way(stage, "withdraw", home) or await stage.visitor.ask("withdraw", order=ORDERS[home.item])


# --- 0:00


async def sign_in(stage: Stage) -> str:
    """Badge and PIN."""
    await stage.visitor.become(NURSE)
    return HOME


async def open_due(stage: Stage) -> str:
    """Ask for the dose; wait until the lid stands open."""
    await stage.visitor.become(NURSE)
    view = await _begin(stage, OPIOID)
    return _page(await stage.visitor.until(view["id"], "count_before", "confirm"))


async def count_due(stage: Stage) -> str:
    """Count what lies there, rightly."""
    await stage.visitor.become(NURSE)
    view = await stage.visitor.until((await _begin(stage, OPIOID))["id"], "count_before", "confirm")
    if "count_before" in view["asks"]:
        await stage.visitor.count(view)
    return _page(view)


async def finish_due(stage: Stage) -> str:
    """Take it, say so, shut everything."""
    await stage.visitor.become(NURSE)
    return _page(await stage.visitor.finish((await _begin(stage, OPIOID))["id"]))


async def see_pharmacy(stage: Stage) -> str:
    """Wait until the pharmacy has heard."""
    await stage.visitor.wait_for_pharmacy()
    return HOME


# --- 0:40


async def search_override(stage: Stage) -> str:
    """Two letters."""
    await stage.visitor.become(NURSE)
    return f"/patients/{SEARCHED_FOR}/find?for=override&q=ve"


async def take_kit(stage: Stage) -> str:
    """Two touches, then what a person does with an open lid."""
    await stage.visitor.become(NURSE)
    view = await _under_way(stage, "emergency", KIT) or await stage.visitor.ask("emergency", item=KIT.item, units=1)
    return _page(await stage.visitor.finish(view["id"]))


# --- 1:10


async def jam(stage: Stage) -> str:
    """Something is stuck in the drawer."""
    await stage.visitor.break_("drawer_jammed", ANTIDOTE.drawer)
    return HOME


async def open_elsewhere(stage: Stage) -> str:
    """Ask for it; the drawer does not open; try again, until the cabinet gives it up and opens the other one."""
    await stage.visitor.become(NURSE)
    view = await _begin(stage, ANTIDOTE)
    for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
        view = await stage.visitor.look(view["id"])
        if view["pocket"] == ANTIDOTE_TOO.pocket and "confirm" in view["asks"]:
            return _page(view)
        if view["phase"] == "authorised" and "open" in view["asks"]:
            await stage.visitor.kiosk("POST", f"/accesses/{view['id']}/confirm", {"step": "open"})
        await asyncio.sleep(LOOK_AGAIN_S)
    raise TookTooLong(f"{ANTIDOTE_TOO.pocket} does not open either")


async def finish_elsewhere(stage: Stage) -> str:
    """Take it from the second pocket."""
    await stage.visitor.become(NURSE)
    return _page(await stage.visitor.finish((await _begin(stage, ANTIDOTE))["id"]))


async def recover(stage: Stage) -> str:
    """Free it, have it tried, push it shut."""
    visitor = stage.visitor
    await visitor.become(NURSE)
    await visitor.mend("drawer_jammed", ANTIDOTE.drawer)
    failed = next((fault["id"] for fault in await visitor.kiosk("GET", "/faults") if fault["code"] == "drawer.jammed"), None)
    if failed is None:
        return HOME
    await visitor.kiosk("POST", f"/faults/{failed}/trial")
    for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
        if not (await stage.look()).is_shut(ANTIDOTE.drawer):
            break
        await asyncio.sleep(LOOK_AGAIN_S)
    await visitor.shut(ANTIDOTE.pocket)
    return f"/drawers/{failed}/recovery"


# --- 1:40


async def miscount(stage: Stage) -> str:
    """One too few, twice; take one all the same."""
    await stage.visitor.become(NURSE)
    return _page(await stage.visitor.finish((await _begin(stage, SEDATIVE))["id"], off_by=-1))


def _discrepancy(look: Look) -> str:
    return str(next(entry.fact.discrepancy for entry in reversed(look.entries) if isinstance(entry.fact, DiscrepancyFound)))


async def see_discrepancy(stage: Stage) -> str:
    """Its page."""
    await stage.visitor.become(NURSE)
    return f"/discrepancies/{_discrepancy(await stage.look())}"


async def _waste(stage: Stage) -> Json:
    asked = await _under_way(stage, "waste", SEDATIVE)
    return asked or await stage.visitor.ask(
        "waste", withdrawal=(await _asked(stage, "withdraw", SEDATIVE))[0], amount=HALF, reason="Part of a dose"
    )  # fmt: skip


async def _sign(stage: Stage, view: Json, who: str) -> None:
    person = stage.visitor.staff[who]
    await stage.visitor.kiosk("POST", f"{_page(view)}/witness", {"badge": person.badge, "secret": person.pin})


async def witness_self(stage: Stage) -> str:
    """It is refused, and that is the point."""
    await stage.visitor.become(NURSE)
    view = await _waste(stage)
    try:
        await _sign(stage, view, NURSE)
    except Refused as refused:
        stage.visitor.heard = str(refused)
    return _page(view)


async def witness_other(stage: Stage) -> str:
    """A colleague signs."""
    await stage.visitor.become(NURSE)
    view = await _waste(stage)
    await _sign(stage, view, WITNESS)
    return _page(view)


# --- 2:10


def _sheet(look: Look, item: str) -> str | None:
    """The numbered sheet on which an item is on its way here."""
    closed = {entry.fact.sheet for entry in look.entries if isinstance(entry.fact, SheetClosed)}
    came = [entry.fact for entry in look.entries if isinstance(entry.fact, SheetIssued)]
    return next((fact.sheet for fact in came if fact.item == item and fact.is_inbound and fact.sheet not in closed), None)


async def send_sheet(stage: Stage) -> None:
    """The vault sends what is controlled on its way, on a numbered sheet."""
    if _sheet(await stage.look(), SHORT.item) is None:
        await stage.visitor.issue_sheet(SHORT.item, REFILLED[SHORT.item])


async def _refill(stage: Stage, home: Home, **carried: str) -> str:
    view = await _under_way(stage, "refill", home)
    view = view or await stage.visitor.ask("refill", pocket=home.pocket, units=REFILLED[home.item], **carried)
    return _page(await stage.visitor.finish(view["id"], units=REFILLED[home.item]))


async def refill_first(stage: Stage) -> str:
    """The first pocket of a technician's round."""
    await stage.visitor.become(TECHNICIAN)
    return await _refill(stage, AT_MIN)


async def interrupt(stage: Stage) -> str:
    """A nurse comes between two pockets: the technician does not sign out."""
    if stage.visitor.who != NURSE or not await stage.visitor.is_there():
        await stage.visitor.arrive(NURSE)
    view = await stage.visitor.finish((await _begin(stage, AT_ONCE))["id"])
    await stage.visitor.kiosk("DELETE", "/sessions")
    return _page(view)


async def resume(stage: Stage) -> str:
    """The technician proves who they are, and goes on."""
    await stage.visitor.become(TECHNICIAN)
    await send_sheet(stage)
    for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
        if (sheet := _sheet(await stage.look(), SHORT.item)) is not None:
            return await _refill(stage, SHORT, sheet=sheet)
        await asyncio.sleep(LOOK_AGAIN_S)
    raise TookTooLong("the cabinet does not hear of the sheet")


# --- 2:30


async def cut(stage: Stage) -> str:
    """Network and mains; the cabinet asks its supply now and then."""
    stage.pull_network()
    await stage.visitor.break_("mains_lost", SUPPLY)
    await _power_is(stage, "battery")
    return HOME


async def withdraw_on_battery(stage: Stage) -> str:
    """As on any other day."""
    await stage.visitor.become(NURSE)
    return _page(await stage.visitor.finish((await _begin(stage, ON_BATTERY))["id"]))


async def bring_back(stage: Stage) -> str:
    """Both again; wait until the pharmacy holds everything."""
    stage.plug_network()
    await stage.visitor.mend("mains_lost", SUPPLY)
    await _power_is(stage, "mains")
    await stage.visitor.wait_for_pharmacy()
    return HOME


async def _power_is(stage: Stage, source: str) -> None:
    for _ in range(round(PATIENCE_S / LOOK_AGAIN_S)):
        moved = [entry.fact for entry in (await stage.look()).entries if isinstance(entry.fact, PowerMoved)]
        if moved and moved[-1].target == source:
            return
        await asyncio.sleep(LOOK_AGAIN_S)
    raise TookTooLong(f"the cabinet does not notice that it is on {source}")


# --- 2:50


async def print_history(stage: Stage) -> str:
    """The report between the two counts."""
    discrepancy = _discrepancy(await stage.look())
    await stage.visitor.become(PHARMACIST)
    return f"/reports/pocket?discrepancy={discrepancy}"
