"""The page of what is watched: alerts by what they are about, who sees to each, the rules, and what was told of them.

Alone knows: what the page shows, and in which order. Must not know: rows, how a letter travels.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from central.feed import Feed
from central.frame import Frame
from central.gate import Gate
from central.person.person import Person
from central.plug import Plug, plugged
from central.watch import api
from central.watch.watcher import Watcher
from config.watch import Watch

TITLES = {
    "silent": "Silent cabinets", "fridge": "Fridges out of range", "on_battery": "On battery", "drawer_failed": "Drawers out of reach",
    "stock_out": "Out of stock", "critical_low": "Critically low", "runs_out": "Running out", "expiring": "Expiring",
    "discrepancy": "Discrepancies nobody explained", "override_without_order": "Overrides without an order", "waste_owed": "Waste owed",
}  # fmt: skip
"""Headings by condition, in the order of the page."""
SHOWN = 40
OVER_SHOWN = 10


def plug(watcher: Watcher, feed: Feed, now: Callable[[], datetime]) -> Plug:
    """API and page over one watcher."""
    desk = api.Desk(watcher.book, feed, now)
    return plugged(lambda gate: api.make_router(desk, gate), lambda gate, frame: make_router(desk, watcher.settings, gate, frame))


def make_router(desk: api.Desk, settings: Watch, gate: Gate, frame: Frame) -> APIRouter:
    """The page over one desk."""
    router = APIRouter(include_in_schema=False)
    may = gate.may("alerts")

    @router.get("/watch")
    async def watch(request: Request) -> HTMLResponse:
        letters = desk.book.letters(OVER_SHOWN)
        return frame.show(request, "watch.html", settings=settings, letters=letters, titles=TITLES, **_alerts(desk, settings))

    @router.get("/parts/watch")
    async def alerts(request: Request) -> HTMLResponse:
        return frame.show(request, "watch_alerts.html", **_alerts(desk, settings))

    @router.post("/watch/{number}")
    async def take(number: int, person: Annotated[Person, Depends(may)], note: Annotated[str, Form(max_length=200)] = "") -> Response:
        desk.take(number, person.answers_for(), note.strip())
        return RedirectResponse("/watch", 303)

    return router


def _alerts(desk: api.Desk, settings: Watch) -> dict[str, Any]:
    counts = desk.book.counts()
    when = {rule.id: rule.when for rule in settings.rules}
    groups = [(title, [rule for rule in counts if when.get(rule) == kind]) for kind, title in TITLES.items()]
    groups.append(("By a rule that is no more", [rule for rule in counts if rule not in when]))
    return {
        "groups": [
            (title, desk.book.lasting(rules, limit=SHOWN), sum(counts[rule][0] for rule in rules)) for title, rules in groups if rules
        ],
        "open": sum(untaken for _, untaken in counts.values()), "lasting": sum(number for number, _ in counts.values()),
        "over": desk.book.over(OVER_SHOWN),
    }  # fmt: skip
