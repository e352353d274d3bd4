"""A notice of significant loss, drawn up from a discrepancy, and a worksheet with what DEA Form 106 asks for.

Alone knows: what such a notice holds. Must not know: whether a loss is significant: a person decides that and signs.

Content after 21 CFR 1301.76(b): notify the Field Division Office in writing within one business day of discovery, judged by the six
points listed there; complete and submit Form 106 within 45 days of discovery. Read the rule as it stands before relying on this page.
It names an interval and what was done in it. Whom to suspect is not a field.
"""

from collections.abc import Iterable
from datetime import timedelta

from cabinet.domain.facts import Entry
from cabinet.domain.sheet.carrying import TRANSIT
from cabinet.report.asked import Asked, NotAnswerable, Setting
from cabinet.report.discrepancy import Found, gather
from cabinet.report.strength import amount
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

BLANK = "________________"
TWO_YEARS = timedelta(days=730)


def loss(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The notice, the points to weigh and the worksheet for one discrepancy. Raises NotAnswerable where it is no loss."""
    if asked.discrepancy is None:
        raise NotAnswerable("name the discrepancy with --discrepancy ID; `adc report discrepancies` lists them")
    known = gather(entries, telling, asked.end)
    one = known.get(asked.discrepancy)
    if one is None:
        raise NotAnswerable(f"no discrepancy {asked.discrepancy} is in the journal; `adc report discrepancies` lists them")
    if one.difference is None or one.difference >= 0:
        raise NotAnswerable(f"discrepancy {asked.discrepancy} is not known to be a loss: nothing was counted short")
    return _notice(telling, setting, one), _points(telling, one, list(known.values())), _worksheet(telling, one, list(known.values()))


def _notice(telling: Telling, setting: Setting, one: Found) -> Table:
    fact, layout, zone, registration = one.fact, setting.world.layout, setting.zone, setting.world.registration
    since = "the beginning of the journal" if one.since_at is None else f"{one.since_at.astimezone(zone):%Y-%m-%d %H:%M}"
    explained = "not explained" if one.explained_at is None else f"{one.reason} ({one.explained_by}, witness {one.witness or 'none'})"
    found_at, where = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", f"pocket {fact.pocket}, {telling.drawer_name(fact.pocket)}"
    between = f"{since} and {found_at}, the counts around it"
    if fact.pocket == TRANSIT:
        where, between = "in transit on a numbered sheet, in no pocket", f"the issue of its sheet and {found_at}, when the sheet was closed"
    rows: tuple[tuple[Cell, ...], ...] = (
        ("To", "DEA Field Division Office: " + BLANK),
        ("Registrant, address", BLANK if registration is None else f"{registration.registrant}, {registration.address}"),
        ("DEA registration number", BLANK if registration is None else registration.dea_number),
        ("Place", f"{layout.name} ({layout.cabinet}), {layout.area}, {where}"),
        ("Substance", f"{telling.title(fact.item)}, {telling.schedule(fact.item)}"),
        ("Quantity lost or missing", _missing(telling, one)),
        ("Discovered", one.at),
        ("By the count of", one.found_by),
        ("Happened between", between),
        ("Accesses in that interval", len(one.accesses)),
        ("Explanation so far", explained),
        ("Discrepancy, fact of the journal", f"{fact.discrepancy}, fact {one.seq}"),
    )
    notes = (
        "Draft. 21 CFR 1301.76(b): a theft or significant loss is told to the Field Division Office in writing within a business day.",
        "Whether this loss is significant is for the registrant to decide; the points to weigh follow.",
    )
    return Table("Notice of theft or significant loss", columns("Field", "Value"), rows, notes, ("Name and title", "Signature", "Date"))


def _missing(telling: Telling, one: Found) -> str:
    assert one.difference is not None
    item = telling.item(one.fact.item)
    much = "" if item is None else amount(item, -1000 * one.difference)
    return f"{-one.difference} {'' if item is None else item.count_unit}".strip() + (f" ({much})" if much else "")


def _points(telling: Telling, one: Found, known: list[Found]) -> Table:
    """The points of 1301.76(b)(1) to (6), each with what the journal can say to it."""
    others = [other for other in known if other is not one and one.at - TWO_YEARS <= other.at <= one.at]
    same = [other for other in others if other.fact.item == one.fact.item]
    short = sum((other.difference or 0) < 0 for other in same)
    line = telling.state.lines.get(one.fact.pocket)
    par = "not known" if line is None else f"{line.par} at par in this pocket, {one.fact.expected} on record before the count"
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Actual quantity lost in relation to the type of business", f"{_missing(telling, one)}; {par}"),
        ("The specific substance lost", f"{telling.title(one.fact.item)}, {telling.schedule(one.fact.item)}"),
        ("Association with access by specific individuals, or unique activities",
         f"{len(one.accesses)} accesses in the interval: adc report pocket --discrepancy {one.fact.discrepancy}"),
        ("A pattern of losses over a time, and what was done about them",
         f"{len(same)} other discrepancies of this item in two years, {short} of them short; {len(others)} at this cabinet in all"),
        ("Likely candidate for diversion", BLANK),
        ("Local trends and other indicators of diversion", BLANK),
    )  # fmt: skip
    return Table("Points to weigh (21 CFR 1301.76(b))", columns("Point", "What the journal says"), rows)


def _worksheet(telling: Telling, one: Found, known: list[Found]) -> Table:
    item, missing = telling.item(one.fact.item), -(one.difference or 0)
    row = (
        "" if item is None else item.name, "" if item is None else item.ndc, "" if item is None else item.generic,
        "" if item is None else item.strength, "" if item is None else item.form, missing, "" if item is None else item.count_unit,
    )  # fmt: skip
    losses = sum((other.difference or 0) < 0 and one.at - TWO_YEARS <= other.at <= one.at for other in known)
    notes = (
        f"Date of theft or loss, or of its discovery: {one.at.astimezone(telling.setting.zone):%Y-%m-%d}.",
        f"Losses at this cabinet in the past 24 months by the journal, this one included: {losses}.",
        f"Kind (night break-in, armed robbery, employee, customer, lost in transit, other): {BLANK}",
        f"Purchase value to the registrant: {BLANK}   Reported to police, report number: {BLANK}",
        "Form 106 itself is filled in and sent in DEA's own system within 45 days of discovery. This is a worksheet for it.",
    )
    names = columns("Trade name", "NDC", "Name of substance", "Strength", "Form", "Quantity lost", "Unit")
    return Table("Worksheet for DEA Form 106", names, (row,), notes)
