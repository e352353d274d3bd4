"""Another journal made of facts that were kept elsewhere: what a cabinet goes on from whose own journal is lost.

Alone knows: that a copy is checked fact by fact while it is written, and stands in the journal's place only when it is whole.
Must not know: where the facts come from.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from cabinet.adapters.journal_chain import ChainBroken, follow
from cabinet.adapters.journal_row import Head, Row
from cabinet.adapters.journal_schema import INSERT, connect_writer, prepare

BLOCK = 5000


class JournalThere(Exception):
    """A journal stands where the copy belongs; nothing was touched."""


def write_copy(path: Path, rows: Iterable[Row]) -> tuple[int, Head]:
    """Write a journal of these facts at `path`; returns how many there are, and the last.

    Raises JournalThere, ChainBroken (nothing stands at `path` then), OSError, sqlite3.Error.
    """
    if path.exists():
        raise JournalThere(f"{path} is there already: move it away first, and keep it")
    part = path.with_name(path.name + ".part")
    _remove(part)
    try:
        count, last = _write(part, rows)
    except BaseException:
        _remove(part)
        raise
    Path(part).rename(path)
    return count, last


def _write(part: Path, rows: Iterable[Row]) -> tuple[int, Head]:
    count, last = 0, None
    with closing(connect_writer(part)) as conn:
        prepare(conn, is_in_memory=False)
        whole = _whole(rows)
        while block := list(islice(whole, BLOCK)):
            conn.execute("begin immediate")
            conn.executemany(INSERT, [row for row, _ in block])
            conn.execute("commit")
            count, last = count + len(block), block[-1][1]
        conn.execute("pragma wal_checkpoint(truncate)")
    if last is None:
        raise ChainBroken(0, 1, "there is no fact at all")
    return count, last


def _whole(rows: Iterable[Row]) -> Iterator[tuple[Row, Head]]:
    """Each fact once it is proven to follow the one before."""
    seen: list[Row] = []

    def noted() -> Iterator[Row]:
        for row in rows:
            seen.append(row)
            yield row

    for head in follow(noted()):
        yield seen.pop(0), head


def _remove(part: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        part.with_name(part.name + ending).unlink(missing_ok=True)
