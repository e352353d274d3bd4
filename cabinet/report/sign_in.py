"""Who signed in, who was refused (a second person's signature, too), who was locked out, and when each left.

Alone knows: how these are listed. Must not know: any secret, or how somebody is recognised.
"""

from collections.abc import Iterable

from cabinet.domain.facts import (
    Entry,
    SessionClosed,
    SessionOpened,
    SessionRefused,
    StaffLocked,
    StaffUnlocked,
    WardSessionClosed,
    WardSessionOpened,
    WitnessRefused,
)
from cabinet.domain.person.memory import KIOSK, WARD
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Time", "Person", "Role", "Result", "By", "Left", "Why left", "~Person id", "~Session")


def sign_ins(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every sign-in of the interval, good or not."""
    del setting
    rows: list[list[Cell]] = []
    here: dict[str, list[Cell]] = {}
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if isinstance(fact, SessionClosed | WardSessionClosed):
            row = here.pop(fact.session, None)
            if row is not None:
                row[5:7] = [entry.at, fact.why]
            continue
        said = _said(telling, entry)
        if said is None:
            continue
        who, result, by, session = said
        if asked.covers(entry.at) and asked.person in {None, who}:
            row = [entry.at, telling.name(who) or "not known", telling.role(who), result, by, None, "", who, session]
            rows.append(row)
            here[session] = row
    return (Table("Sign-ins", _NAMES, tuple(tuple(row) for row in rows)),)


def _said(telling: Telling, entry: Entry) -> tuple[str | None, str, str, str] | None:
    """Who it is about, what came of it, by what or why, and the session."""
    fact = entry.fact
    match fact:
        case SessionOpened():
            return entry.staff, "signed in", " + ".join(fact.factors), fact.session
        case WardSessionOpened():
            return entry.staff, _at("signed in", WARD), " + ".join(fact.factors), fact.session
        case SessionRefused():
            result = "refused" if entry.access is None else "refused as second person"
            return fact.claimed, _at(result, fact.screen), f"{fact.why} ({fact.code})", ""
        case WitnessRefused():
            first = telling.name(entry.staff)
            return fact.claimed, "may not sign", f"{fact.act} of {telling.title(fact.item)} by {first} ({fact.code})", ""
        case StaffLocked():
            wait = "until unlocked" if fact.wait_s is None else f"for {fact.wait_s} s"
            return fact.person, _at("locked", fact.screen), f"{fact.failures} failures, {wait}", ""
        case StaffUnlocked():
            by = telling.name(entry.staff)
            return fact.person, _at("unlocked", fact.screen), f"{fact.why}, by {by}" if by else fact.why, ""
        case _:
            return None


def _at(result: str, screen: str) -> str:
    """What came of it, and where, if not at the cabinet."""
    return result if screen == KIOSK else f"{result} ({screen})"
