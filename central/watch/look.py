"""Looks at what is held of all cabinets, and says what of it somebody may want to know.

Alone knows: which rows tell of which condition. Must not know: rules, pages, who is told.

No look counts a fleet: what is short is found by its status, what expires, what is open and what is owed by an index of its own, and use
is summed for the cabinets that were asked for alone.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, TextClause, bindparam, text

from cabinet.domain.vocabulary import utc_text
from central.database.place import Database
from central.database.table.fact import OF_DEBTS
from central.fleet.survey import Survey, Tile
from central.watch.matter import Matter
from central.watch.prediction import hours_left

USE_DAYS = 7
OWED_DAYS = 30
FLEET = 10_000
LONGEST_H = 24 * 7
"""What runs out later is of no concern to anybody who watches."""
EXPIRES_DAYS = 60
AT_ONCE = 500
"""Cabinets of one question."""
NAMED = 4
"""So many pockets stand in a sentence."""

_SHORT = """
    select p.cabinet, p.pocket, p.item, coalesce(p.name, p.item) as name, p.units, p.status from pocket p
    join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch
    where p.status in ('out', 'critical', 'failed') and coalesce(p.par, 0) > 0"""
_EXPIRING = """
    select p.cabinet, p.pocket, p.item, coalesce(p.name, p.item) as name, p.units, p.expiry from pocket p
    join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch
    where p.expiry is not null and p.expiry <> '' and p.expiry <= :until and p.units > 0"""
_USE = """
    select cabinet, item, sum(units) as taken, count(*) as takings, min(at) as first from activity
    where cabinet in :cabinets and at >= :since and kind in ('withdraw', 'emergency') and phase in ('settled', 'disputed') and units > 0
    group by cabinet, item"""
_STOCK = """
    select p.cabinet, p.pocket, p.item, coalesce(p.name, p.item) as name, p.units from pocket p
    join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch
    where p.cabinet in :cabinets and p.item is not null and p.item <> '' and coalesce(p.par, 0) > 0"""
_OPEN = "select cabinet, discrepancy, pocket, item, expected, counted, at from discrepancy where resolved_at is null"
_OVERRIDES = """
    select cabinet, seq, access, item, staff, at from activity where cabinet in :cabinets and at >= :since
    and kind in ('withdraw', 'emergency') and authority in ('override', 'emergency') and phase in ('settled', 'disputed') and units > 0
    and is_linked = 0 and order_id = ''"""
_DEBTS = f"select cabinet, type, at, staff, body from fact where {OF_DEBTS} and at >= :since order by at"  # noqa: S608 - a constant


class Lookout:
    """Looks into one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._survey = Survey(database)
        self._kept: dict[str, list[Matter]] = {}
        """What follows from the facts of each cabinet, which is asked for anew when it sent some."""

    def matters(self, now: datetime, changed: Collection[str] | None = None) -> list[Matter]:
        """Everything that is so now; blocking. `changed`: the cabinets that sent facts since the last look; None: any may have."""
        tiles = {tile.cabinet: tile for tile in self._survey.tiles(limit=FLEET)}
        with self._database.reading() as conn:
            found = [
                *_states(tiles),
                *_short(conn, tiles),
                *_expiring(conn, tiles, now),
                *_discrepancies(conn, tiles),
                *_owed(conn, tiles, now),
            ]
            asked = [one for one in tiles if changed is None or one in changed or one not in self._kept]
            for some in (asked[place : place + AT_ONCE] for place in range(0, len(asked), AT_ONCE)):
                self._kept |= {cabinet: [] for cabinet in some}
                for one in (*_running_out(conn, tiles, some, now), *_overrides(conn, tiles, some, now)):
                    self._kept[one.cabinet].append(one)
        return [*found, *(one for cabinet in tiles for one in self._kept[cabinet])]


def _states(tiles: dict[str, Tile]) -> Iterator[Matter]:
    """What a cabinet reports of itself. A silent one may be anything by now, so that nothing else of its state is told."""
    for tile in tiles.values():
        if tile.state != "online":
            sentence = f"{tile.name} has not been heard; its last mode was {tile.mode or 'not told'}"
            yield Matter("silent", tile.cabinet, tile.area, "", sentence, since=tile.since or tile.heard_at)
            continue
        if tile.health.power.state in {"battery", "low"}:
            low = ", and it is low" if tile.health.power.state == "low" else ""
            yield Matter("on_battery", tile.cabinet, tile.area, "", f"{tile.name} runs on battery{low}", since=tile.health.power.since)
        for fridge in tile.health.fridges:
            if fridge.state in {"out", "excursion"}:
                degrees = "" if fridge.milli_c is None else f", {fridge.milli_c / 1000:.1f} °C"
                yield Matter(
                    "fridge", tile.cabinet, tile.area, fridge.drawer, f"{tile.name}, fridge {fridge.drawer}: out of range{degrees}"
                )


def _short(conn: Connection, tiles: dict[str, Tile]) -> Iterator[Matter]:
    failed: dict[str, list[str]] = {}
    for row in conn.execute(text(_SHORT)):
        tile = tiles.get(row.cabinet)
        if tile is None:
            continue
        if row.status == "failed":
            failed.setdefault(row.cabinet, []).append(row.pocket)
        elif row.status == "out":
            yield Matter("stock_out", tile.cabinet, tile.area, row.pocket, f"{tile.name}, {row.pocket}: {row.name} is out", row.item)
        else:
            sentence = f"{tile.name}, {row.pocket}: {row.units} left of {row.name}"
            yield Matter("critical_low", tile.cabinet, tile.area, row.pocket, sentence, row.item)
    for cabinet, pockets in failed.items():
        tile = tiles[cabinet]
        named = ", ".join(sorted(pockets)[:NAMED]) + (", …" if len(pockets) > NAMED else "")
        sentence = f"{tile.name}: {len(pockets)} pockets are out of reach ({named})"
        yield Matter("drawer_failed", cabinet, tile.area, "", sentence)


def _expiring(conn: Connection, tiles: dict[str, Tile], now: datetime) -> Iterator[Matter]:
    """An expiry is a day: what expires on it may be used until it is over."""
    until = (now + timedelta(days=EXPIRES_DAYS)).date().isoformat()
    for row in conn.execute(text(_EXPIRING), {"until": until}):
        tile = tiles.get(row.cabinet)
        if tile is None:
            continue
        over = datetime.fromisoformat(row.expiry).replace(tzinfo=now.tzinfo) + timedelta(days=1)
        hours = (over - now) / timedelta(hours=1)
        words = "expired on" if hours < 0 else "expires on"
        sentence = f"{tile.name}, {row.pocket}: {row.units} of {row.name}, the first {words} {row.expiry}"
        yield Matter("expiring", tile.cabinet, tile.area, row.pocket, sentence, row.item, due_h=max(hours, 0.0))


def _discrepancies(conn: Connection, tiles: dict[str, Tile]) -> Iterator[Matter]:
    for row in conn.execute(text(_OPEN)):
        tile = tiles.get(row.cabinet)
        if tile is not None:
            counted = "empty or not" if row.counted is None else f"{row.counted} counted"
            sentence = f"{tile.name}, {row.pocket}: {counted}, {row.expected} expected of {row.item}"
            yield Matter("discrepancy", tile.cabinet, tile.area, row.discrepancy, sentence, row.item, row.at)


def _running_out(conn: Connection, tiles: dict[str, Tile], cabinets: Sequence[str], now: datetime) -> Iterator[Matter]:
    """Of an item in two pockets both count; what is out already is told by its status."""
    use = {(row.cabinet, row.item): row for row in conn.execute(_of(_USE), {"cabinets": cabinets, "since": _since(now)})}
    users = sorted({cabinet for cabinet, _ in use})
    held: dict[tuple[str, str], tuple[str, str, int]] = {}
    for row in conn.execute(_of(_STOCK), {"cabinets": users}) if users else ():
        pocket, name, units = held.get((row.cabinet, row.item), (row.pocket, row.name, 0))
        held[row.cabinet, row.item] = (pocket, name, units + max(row.units, 0))
    for (cabinet, item), (pocket, name, units) in held.items():
        used, tile = use.get((cabinet, item)), tiles[cabinet]
        hours = None if used is None or not units else hours_left(units, int(used.taken), int(used.takings), USE_DAYS)
        if used is not None and hours is not None and hours <= LONGEST_H:
            sentence = f"{tile.name}, {pocket}: {units} left of {name}, {used.taken} were taken in {USE_DAYS} days"
            yield Matter("runs_out", tile.cabinet, tile.area, item, sentence, item, due_h=hours)


def _overrides(conn: Connection, tiles: dict[str, Tile], cabinets: Sequence[str], now: datetime) -> Iterator[Matter]:
    for row in conn.execute(_of(_OVERRIDES), {"cabinets": cabinets, "since": _since(now)}):
        tile = tiles[row.cabinet]
        sentence = f"{tile.name}: {row.staff} took {row.item} on override, and no order was found for it"
        yield Matter("override_without_order", tile.cabinet, tile.area, row.access or str(row.seq), sentence, row.item, row.at)


def _of(question: str) -> TextClause:
    """A question about several cabinets."""
    return text(question).bindparams(bindparam("cabinets", expanding=True, type_=String))


def _since(now: datetime) -> str:
    return utc_text(now - timedelta(days=USE_DAYS))


def _owed(conn: Connection, tiles: dict[str, Tile], now: datetime) -> Iterator[Matter]:
    """Waste that is owed and was not settled since."""
    owed: dict[tuple[str, str], Matter] = {}
    for row in conn.execute(text(_DEBTS), {"since": utc_text(now - timedelta(days=OWED_DAYS))}):
        body, tile = json.loads(row.body), tiles.get(row.cabinet)
        key = (row.cabinet, str(body.get("debt")))
        if row.type == "debt_settled":
            owed.pop(key, None)
        elif tile is not None and body.get("kind") == "waste":
            sentence = f"{tile.name}: {row.staff} owes a waste of {body.get('item')}"
            owed[key] = Matter("waste_owed", tile.cabinet, tile.area, key[1], sentence, str(body.get("item")), row.at)
    yield from owed.values()
