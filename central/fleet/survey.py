"""Questions about cabinets as a whole: one page of them with their counts and their health, and the areas that they stand in.

Alone knows: which rows say how a cabinet is. Must not know: how it is put in words, pages.

No question counts a fleet's pockets: totals are kept (`central/database/trigger.py`); only those that are empty by right are looked up.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, text

from central.database.place import Database
from central.database.table.pocket import EMPTY_BY_RIGHT
from central.fleet.mark import Counts, Health, Mark, marks

_HEAD = ("cabinet", "name", "area", "state", "mode", "since", "heard_at", "software", "seq", "held_at")
_FIELDS = ("failed", "quarantined", "expired", "out", "critical", "low", "ok", "over")
_COUNTS = ", ".join(f'coalesce(t."{name}", 0)' for name in _FIELDS)
_CALLED = """case when name = '' then cabinet
        when name in (select name from cabinet group by name having count(*) > 1) then name || ' (' || cabinet || ')' else name end"""
"""What people call a cabinet: its ward's name, with its id where another is called so too."""
_PAGE = f"""
    select k.cabinet, k.called, k.area, k.state, k.mode, k.since, k.heard_at,
        k.software, coalesce(h.seq, 0), coalesce(h.held_at, ''),
        (select count(*) from discrepancy d where d.cabinet = k.cabinet and d.resolved_at is null),
        (select count(*) from pocket p where p.cabinet = k.cabinet and p.epoch = k.newest and {EMPTY_BY_RIGHT}), {_COUNTS}
    from (
        select cabinet, area, state, mode, since, heard_at, software, newest, {_CALLED} as called
        from cabinet where (heard_at <> '' or newest > 0) {{chosen}}
    ) k left join total t on t.cabinet = k.cabinet and t.epoch = k.newest left join head h on h.cabinet = k.cabinet and h.epoch = k.newest
    order by k.area, k.called, k.cabinet"""  # noqa: S608 - a constant
"""What is counted for each cabinet is counted after the few of a page are chosen."""
_NAMES = f"select cabinet, {_CALLED} from cabinet"  # noqa: S608 - a constant
_AREAS = "select area, count(*) from cabinet where heard_at <> '' or newest > 0 group by area order by area"


@dataclass(frozen=True, slots=True)
class Tile:
    """One cabinet on the map. `silent_since` is empty while it is online."""

    cabinet: str
    name: str
    area: str
    state: str
    mode: str
    since: str
    heard_at: str
    software: str
    seq: int
    held_at: str
    counts: Counts
    health: Health
    marks: list[Mark]

    @property
    def silent_since(self) -> str:
        """Since when nothing was heard of it."""
        return "" if self.state == "online" else self.since or self.heard_at


class Survey:
    """Questions to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> dict[str, str]:
        """What people call each cabinet, of which no two are called alike."""
        with self._database.reading() as conn:
            return {str(cabinet): str(name) for cabinet, name in conn.execute(text(_NAMES))}

    def areas(self) -> dict[str, int]:
        """How many cabinets stand in each care area."""
        with self._database.reading() as conn:
            return {row[0]: int(row[1]) for row in conn.execute(text(_AREAS))}

    def tiles(self, *, area: str | None = None, limit: int, beyond: int = 0) -> list[Tile]:
        """Cabinets by area and name, leaving out the first `beyond`."""
        narrower = "" if area is None else "and area = :area"
        order = " order by area, called, cabinet limit :limit offset :beyond"
        return self._tiles(narrower + order, limit=limit, beyond=beyond, **({} if area is None else {"area": area}))

    def tile(self, cabinet: str) -> Tile | None:
        """One cabinet; None where it was never heard of."""
        found = self._tiles("and cabinet = :cabinet", cabinet=cabinet)
        return found[0] if found else None

    def _tiles(self, chosen: str, **values: str | int) -> list[Tile]:
        with self._database.reading() as conn:
            rows = list(conn.execute(text(_PAGE.format(chosen=chosen)), values))
            asked = text("select cabinet, report from report where kind = 'health' and cabinet in :known")
            known = [row[0] for row in rows] or [""]
            reports = dict(tuple(row) for row in conn.execute(asked.bindparams(bindparam("known", expanding=True)), {"known": known}))
        return [_tile(row, _health(reports.get(row[0]))) for row in rows]


def _tile(row: Row[Any], health: Health) -> Tile:
    values: tuple[Any, ...] = tuple(row)
    told, empty = dict(zip(_FIELDS, values[12:], strict=True)), values[11]
    counts = Counts(**told | {"out": told["out"] - empty, "ok": told["ok"] + empty}, discrepancies=values[10])
    head: dict[str, Any] = dict(zip(_HEAD, values[:10], strict=True))
    return Tile(**head, counts=counts, health=health, marks=marks(row.state, row.mode, counts, health))


def _health(report: str | None) -> Health:
    """What a newer or a broken cabinet says in another form shows nothing here, and takes no page down."""
    try:
        return Health() if report is None else msgspec.json.decode(report, type=Health)
    except msgspec.MsgspecError:
        return Health()
