"""Lists from elsewhere at a live server: the provider's token, and a task that asks the directory again and again.

Alone knows: when the directory is asked, and what is said when it cannot be. Must not know: LDAP, SCIM.

A directory that is silent, or whose answer would switch off too many, changes nothing: what was known goes on, and the log says why, once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from fastapi import FastAPI

from cabinet.messages import Malformed
from central.database.place import Database
from central.document.office import DocumentOffice, NotSound
from central.frame import Frame
from central.gate import Gate
from central.patience import at_work
from central.person.staff import StaffOffice
from central.roster import api, scim_api
from central.roster.difference import TooMany
from central.roster.line import DirectoryUnusable, Entry, NotALine, Words, record_of
from central.roster.room import RosterRoom
from config.central import Central
from config.document import StaffRecord
from config.roster import LdapTable, RosterTable

SOURCE = "ldap"
WHY = "as the directory says"
SHOWN = 3

log = structlog.get_logger()


def token_of(table: RosterTable) -> str:
    """What an identity provider bears; "" where none provisions."""
    return Path(table.scim_token_file).read_text(encoding="utf-8").strip() if table.scim_token_file else ""


def make_roster(central: Central, database: Database, documents: DocumentOffice, gate: Gate, now: Callable[[], datetime]) -> RosterRoom:
    """The room of one server."""
    table = central.roster
    assert gate.people is not None
    return RosterRoom(database, documents, StaffOffice(documents, now), gate.people, Words.of(table), table.most_leavers_percent)


def plug(room: RosterRoom, table: RosterTable) -> Callable[[FastAPI, Frame, Gate], None]:
    """The room's API, and SCIM's where the server's file names a token."""

    def add(app: FastAPI, _frame: Frame, gate: Gate) -> None:
        app.include_router(api.make_router(room, gate), prefix="/api/v1")
        token = token_of(table)
        if token:
            app.add_exception_handler(scim_api.Problem, scim_api.told)
            app.include_router(scim_api.make_router(room, token))

    return add


@contextlib.asynccontextmanager
async def asking(room: RosterRoom, table: RosterTable) -> AsyncIterator[None]:
    """Ask the directory at its pace, where the server's file names one."""
    if table.ldap is None:
        yield
        return
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-ldap") as thread:
        async with at_work("directory", partial(_ask_again, room, table.ldap, thread)):
            yield


async def _ask_again(room: RosterRoom, table: LdapTable, thread: ThreadPoolExecutor) -> None:
    from central.roster.ldap import ask  # noqa: PLC0415 - a tenth of a second that only a server with a directory takes

    said_last = ""
    while True:
        try:
            said = take(room, await asyncio.get_running_loop().run_in_executor(thread, ask, table))
        except DirectoryUnusable as problem:
            said = str(problem)
        if said and said != said_last:
            log.warning("directory", why=said)
        elif said_last and not said:
            log.info("directory is well")
        said_last = said
        await asyncio.sleep(table.every_s)


def take(room: RosterRoom, found: list[Entry]) -> str:
    """Make the staff list what a directory says of those whom it brought; returns what is wrong, "" where nothing is.

    Whom it brought and now calls by words that nobody here knows stays as they are.
    """
    people: dict[str, StaffRecord] = {}
    dns: dict[str, str] = {}
    flaws: list[str] = []
    brought = {row.key: row.person for row in room.brought(SOURCE)}
    for entry in found:
        try:
            record = record_of(entry.said, room.words)
            _ensure_one(record.id, entry.dn, dns)
        except NotALine as problem:
            flaws.append(f"{entry.dn}: {problem}")
            present = room.staff.person(brought.get(entry.dn, ""))
            if present is None:
                continue
            record = present
        people[record.id], dns[record.id] = record, entry.dn
    try:
        room.take(SOURCE, people, by=SOURCE, why=WHY, is_whole=True, keys={who: (dn, "") for who, dn in dns.items()})
    except (TooMany, NotSound, Malformed) as problem:
        return str(problem)
    return "; ".join(flaws[:SHOWN]) + (f" and {len(flaws) - SHOWN} more" if len(flaws) > SHOWN else "")


def _ensure_one(who: str, dn: str, dns: Mapping[str, str]) -> None:
    """No other entry has this id. Raises NotALine."""
    if dns.get(who, dn) != dn:
        raise NotALine(f"gives the id {who}, as {dns[who]} does: nobody is taken for another")
