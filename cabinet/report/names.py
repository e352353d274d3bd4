"""Which reports there are, what each is for, what it may be narrowed by, and who may draw it.

Alone knows: the list. A new report is a function and a row here. Must not know: how a report is asked for or printed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches

from cabinet.domain.facts import Entry
from cabinet.domain.phrase import message
from cabinet.domain.term import Terms
from cabinet.report.activity import activity, controlled, single
from cabinet.report.asked import OPTIONS, Asked, NotAnswerable, Setting
from cabinet.report.climate_log import temperature
from cabinet.report.discrepancy import discrepancies
from cabinet.report.form_csv import csv_text
from cabinet.report.form_json import json_text
from cabinet.report.inventory import downtime, expiring, inventory, unused
from cabinet.report.key_use import key_use
from cabinet.report.loss import loss
from cabinet.report.override import overrides
from cabinet.report.owed import debts
from cabinet.report.pocket_history import pocket_history
from cabinet.report.quarantine import quarantines
from cabinet.report.reading import readings
from cabinet.report.recipient import recipients
from cabinet.report.sheets import sheets
from cabinet.report.sign_in import sign_ins
from cabinet.report.table import Heading, Sheet, Table
from cabinet.report.telling import Telling
from cabinet.report.transfers import transfers
from cabinet.report.waste import waste

Drawing = Callable[[Iterable[Entry], Setting, Asked, Telling], tuple[Table, ...]]

BETWEEN = frozenset({"start", "end"})
WHAT = frozenset({"pocket", "item", "schedule"})
WHO = frozenset({"person", "patient"})


@dataclass(frozen=True)
class Report:
    """One report. `takes`: the arguments that mean something to it; `act`: what a role must be allowed (`report` or `audit`)."""

    name: str
    title: str
    sentence: str
    draw: Drawing
    takes: frozenset[str]
    act: str
    is_as_of: bool = False
    interval: str = ""
    """What the heading says where no time is named."""
    names_people: bool = True
    """Whether people or patients are named in it: then that it was drawn up is on record."""


REPORTS = {
    report.name: report
    for report in (
        Report("controlled", message("Controlled activity"),
               message("Every transaction of a controlled item, by schedule, C-II apart."),
               controlled, BETWEEN | WHAT | WHO, "audit"),
        Report("inventory", message("Inventory"),
               message("What ought to be in each pocket at a moment, by schedule, C-II apart, with lines to sign."),
               inventory, frozenset({"end"}) | WHAT, "report", is_as_of=True, names_people=False),
        Report("overrides", message("Overrides"),
               message("What was taken on override or in an emergency, summed by area, item and person; linked or not."),
               overrides, BETWEEN | WHAT | WHO, "report"),
        Report("discrepancies", message("Discrepancies"),
               message("Where count and record disagreed: interval, age, explanation."),
               discrepancies, BETWEEN | WHAT, "report"),
        Report("debts", message("Owed"),
               message("What is still owed, with its age."), debts, frozenset({"end", "pocket", "item", "person"}), "report",
               is_as_of=True),
        Report("expiring", message("Expired and expiring"),
               message("What has expired or expires soon: within 30 days, or as many as you say."),
               expiring, frozenset({"end", "days"}) | WHAT, "report", is_as_of=True, names_people=False),
        Report("unused", message("Not taken"),
               message("What nobody took for 90 days, or as many as you say."), unused, frozenset({"end", "days"}) | WHAT, "report",
               is_as_of=True, names_people=False),
        Report("sign-ins", message("Sign-ins"),
               message("Who signed in, was refused or locked, and when they left."), sign_ins, BETWEEN | {"person"},
               "audit"),
        Report("pocket", message("Pocket history"),
               message("Who had a pocket open between two counts, and every trace of it; of a pocket, or of a discrepancy."),
               pocket_history, BETWEEN | {"pocket", "discrepancy"}, "audit", interval="between two counts"),
        Report("loss", message("Notice of significant loss"),
               message("A notice of loss and a worksheet for Form 106, drawn up from a discrepancy."),
               loss, frozenset({"end", "discrepancy"}), "audit", is_as_of=True),
        Report("temperature", message("Temperature log"),
               message("How cold the fridges were, excursions, and who decided about the contents."),
               temperature, BETWEEN, "report"),
        Report("keys", message("Openings with nobody named"),
               message("Openings by key, by force or unseen, and whether what lay within reach was counted."),
               key_use, BETWEEN | {"pocket"}, "audit"),
        Report("recipients", message("Recall list"),
               message("The patients who received an item or a lot."), recipients,
               BETWEEN | {"item", "lot", "pocket"}, "report"),
        Report("downtime", message("Last-known inventory"),
               message("One page in large print: where every item is, for a downtime."), downtime,
               frozenset({"end", "schedule"}), "report", is_as_of=True, names_people=False),
        Report("waste", message("Waste"),
               message("What was wasted: how much, out of which withdrawal, why, and before whose eyes."), waste,
               BETWEEN | {"item", "schedule"} | WHO, "report"),
        Report("sheets", message("Sheets"),
               message("Controlled lines between vault and cabinet: issued against received, late and missing."), sheets,
               BETWEEN | {"item", "schedule"}, "report"),
        Report("transfers", message("Transfers"),
               message("What went to other cabinets and what came from them, with sums to compare."), transfers,
               BETWEEN | {"item", "schedule"}, "report"),
        Report("quarantine", message("Quarantine and recall"),
               message("What is blocked, why, and the pockets that hold it."), quarantines, BETWEEN,
               "report"),
        Report("activity", message("Activity"),
               message("Every transaction, and what was asked for and refused. CSV and JSON hold every field."),
               activity, BETWEEN | WHAT | WHO, "audit"),
        Report("readings", message("Reports drawn up"),
               message("Who drew up which report with names, when, and of what span."), readings,
               BETWEEN | {"person"}, "audit"),
        Report("transaction", message("Transaction"),
               message("One transaction in full, by its id."), single, frozenset({"access"}), "audit",
               interval="one access"),
    )
}  # fmt: skip


FORMS = ("json", "csv", "pdf")
"""In what a report is handed over."""


def written(sheet: Sheet, form: str) -> bytes:
    """A report in one of FORMS; each library is imported when it is needed."""
    if form == "pdf":
        from cabinet.report.form_pdf import pdf_bytes  # noqa: PLC0415 - reportlab takes 0.2 s to import

        return pdf_bytes(sheet)
    return (csv_text(sheet) if form == "csv" else json_text(sheet)).encode()


def draw(name: str, entries: Iterable[Entry], setting: Setting, asked: Asked) -> Sheet:
    """Draw a report. `entries` may be read more than once. Raises NotAnswerable with what to ask instead."""
    report = REPORTS.get(name)
    if report is None:
        raise NotAnswerable(f"no report is called {name}; there are {', '.join(REPORTS)}")
    _check(report, setting, asked)
    telling = Telling(setting)
    tables = report.draw(entries, setting, asked, telling)
    _check_item(telling, asked)
    last, layout = telling.last, setting.world.layout
    title = setting.world.terms.retold(report.title)
    heading = Heading(
        report.name, title, layout.cabinet, layout.name, _interval(report, asked, setting.zone), setting.now, setting.zone,
        0 if last is None else last.epoch, 0 if last is None else last.seq, "" if last is None else last.hash, setting.drawn_by,
        setting.paper,
    )  # fmt: skip
    return Sheet(heading, tuple(_retold(setting.world.terms, table) for table in tables))


def _retold(terms: Terms, table: Table) -> Table:
    """A table's own words in the site's; what stands in its cells stays as it was recorded."""
    named = tuple(replace(column, title=terms.retold(column.title)) for column in table.columns)
    return replace(table, title=terms.retold(table.title), columns=named, notes=tuple(map(terms.retold, table.notes)))


def _check(report: Report, setting: Setting, asked: Asked) -> None:
    surplus = asked.named() - report.takes
    if surplus:
        words = ", ".join(sorted(OPTIONS[one] for one in report.takes))
        raise NotAnswerable(f"{report.name} takes {words}, and no {', '.join(sorted(OPTIONS[one] for one in surplus))}")
    if asked.start is not None and asked.end is not None and asked.start > asked.end:
        raise NotAnswerable("--from is later than --to")
    world = setting.world
    if asked.pocket is not None and asked.pocket not in world.layout.pockets:
        raise NotAnswerable(f"no pocket is called {asked.pocket} at this site{_nearest(asked.pocket, world.layout.pockets)}")


def _check_item(telling: Telling, asked: Asked) -> None:
    """Items may be added at the cabinet: which there are is known once the journal was read."""
    known = telling.scene.world.formulary
    if asked.item is not None and asked.item not in known:
        raise NotAnswerable(f"no item is called {asked.item} at this site{_nearest(asked.item, known)}")


def _nearest(named: str, known: Iterable[str]) -> str:
    near = get_close_matches(named, list(known), 3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _interval(report: Report, asked: Asked, zone: tzinfo) -> str:
    end = "now" if asked.end is None else _moment(asked.end, zone)
    if report.interval and asked.start is None and asked.end is None:
        return report.interval
    if report.is_as_of:
        return f"as of {end}"
    return f"{'the beginning' if asked.start is None else _moment(asked.start, zone)} to {end}"


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
