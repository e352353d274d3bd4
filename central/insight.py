"""The rooms that make something of what cabinets did: pars, figures, surveillance; put together over one database.

Alone knows: what each of them is plugged into. Must not know: what any of them does.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from central.database.place import Database
from central.diary import Diary, Rhythm
from central.document.process import REPORTS
from central.document.room import DocumentRoom
from central.document.shelf import EVERYBODY
from central.figure import pages as figure
from central.figure.room import FigureRoom, Span
from central.figure.sheet import as_pdf
from central.formulary.view import Chosen, Items, View
from central.patience import at_work
from central.plan import pages as plan
from central.plan.room import PlanRoom
from central.plug import Plug
from central.surveillance import pages as surveillance
from central.surveillance.room import SurveillanceRoom
from config.central import Central

WEEKLY = Rhythm("figures-{}.pdf", days=7, after=timedelta(hours=6), back=4, look_s=3600.0)


@contextlib.asynccontextmanager
async def insights(
    central: Central, database: Database, documents: DocumentRoom, items: Items, now: Callable[[], datetime]
) -> AsyncIterator[list[Plug]]:
    """Their plugs; each week's figures are drawn until left."""

    def staff() -> Mapping[str, Mapping[str, Any]]:
        return documents.office.shelf.whole("staff", EVERYBODY)

    shifts = central.surveillance.model_copy(update={"zone": central.surveillance.zone or central.restock.zone})
    controlled = Chosen(items, lambda item: item.control_class != "none")
    pars = PlanRoom(database, documents.office, central.pars, central.restock, View(items, lambda item: item), now)
    figures = FigureRoom(database, now, controlled, central.name)
    watch = SurveillanceRoom(database, shifts, staff, now, controlled)

    def draw(first: date, last: date) -> bytes | None:
        told = figures.tell(Span(first, last))
        return as_pdf(told, central.name, now(), called=figures.called()) if told.cabinets else None

    async with at_work("figures", Diary(Path(central.state) / REPORTS, WEEKLY, now, draw).run, figures.keeping.run):
        yield [plan.plug(pars), figure.plug(figures), surveillance.plug(watch)]
