"""The chain: every kind of tampering is found and named, by the command and by the page that an auditor is handed.

Why it matters: an auditor believes the record because nobody can change it unseen (S15, I9, I10).
"""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cabinet.adapters.journal_chain import ChainBroken, rows_of_export, verify
from cabinet.adapters.journal_reader import read_journal
from cabinet.adapters.journal_row import Head
from cabinet.domain.vocabulary import ZERO_HASH
from tests.journal_tools import moved, open_inline, owed

PAGE = Path(__file__).parents[2] / "docs" / "journal.md"
FACTS = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of twelve facts, closed, with its triggers taken away: what somebody with the disk in hand may do."""
    journal = open_inline(tmp_path / "journal.db")
    journal.write_now([moved(units=n, seconds=n) for n in range(2, FACTS + 1)])
    journal.close()
    with _opened(tmp_path / "journal.db") as conn:
        for name in ("facts_no_update", "facts_no_delete", "facts_follow"):
            conn.execute(f"drop trigger {name}")
    return tmp_path / "journal.db"


class _opened:  # noqa: N801 - used as a statement
    def __init__(self, path: Path) -> None:
        self._conn = sqlite3.connect(path)

    def __enter__(self) -> sqlite3.Connection:
        return self._conn

    def __exit__(self, *_: object) -> None:
        self._conn.commit()
        self._conn.close()


def _first_bad(path: Path, known: Head | None = None) -> int:
    reader = read_journal(path)
    try:
        with pytest.raises(ChainBroken) as found:
            reader.verify(known)
    finally:
        reader.close()
    return found.value.seq


def _swap(conn: sqlite3.Connection) -> None:
    conn.execute("update facts set seq = 1000 where seq = 5")
    conn.execute("update facts set seq = 5 where seq = 8")
    conn.execute("update facts set seq = 8 where seq = 1000")


def _insert(conn: sqlite3.Connection) -> None:
    for seq in range(FACTS, 5, -1):
        conn.execute("update facts set seq = ? where seq = ?", (seq + 1, seq))
    conn.execute("insert into facts select epoch, 6, 'new', at, type, access, staff, witness, body, hash, hash from facts where seq = 5")


def _shift(conn: sqlite3.Connection) -> None:
    conn.execute("delete from facts where seq = 5")
    for seq in range(6, FACTS + 1):
        conn.execute("update facts set seq = ? where seq = ?", (seq - 1, seq))


COLUMN_EDITS = {
    "id": "'another'",
    "at": "'2026-03-04T05:06:08.000000Z'",
    "type": "'count_owed'",
    "access": "null",
    "staff": "'nurse-2'",
    "witness": "'nurse-2'",
    "body": "replace(body, '\"units\":5', '\"units\":1')",
    "prev_hash": f"'{ZERO_HASH}'",
    "hash": f"'{ZERO_HASH}'",
}


@pytest.mark.parametrize("column", COLUMN_EDITS)
def test_an_edited_column_is_found_and_named(path: Path, column: str) -> None:
    """Every field is under the hash, the absent ones too."""
    with _opened(path) as conn:
        conn.execute(f"update facts set {column} = {COLUMN_EDITS[column]} where seq = 5")  # noqa: S608
    assert _first_bad(path) == 5


TAMPERING: dict[str, tuple[Callable[[sqlite3.Connection], object], int]] = {
    "deleted": (lambda conn: conn.execute("delete from facts where seq = 5"), 5),
    "first deleted": (lambda conn: conn.execute("delete from facts where seq = 1"), 1),
    "deleted and the rest moved up": (_shift, 5),
    "swapped": (_swap, 5),
    "inserted": (_insert, 6),
    "another epoch": (lambda conn: conn.execute("update facts set epoch = epoch + 1 where seq >= 5"), 5),
    "everything deleted": (lambda conn: conn.execute("delete from facts"), 1),
    "body no JSON": (lambda conn: conn.execute("update facts set body = '{' where seq = 5"), 5),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found_and_the_first_bad_fact_named(path: Path, kind: str) -> None:
    """Edit, delete, swap, insert: the first fact that cannot be believed is where an investigation starts."""
    act, seq = TAMPERING[kind]
    with _opened(path) as conn:
        act(conn)
    assert _first_bad(path) == seq


def test_a_cut_off_end_is_found_with_a_head_kept_elsewhere(path: Path) -> None:
    """The chain alone cannot know that it was longer; the head at the pharmacy server does."""
    reader = read_journal(path)
    known = reader.head
    assert reader.verify(known) == (FACTS, known)
    reader.close()
    with _opened(path) as conn:
        conn.execute("delete from facts where seq > 9")
    assert _first_bad(path, known) == 10


def test_a_chain_written_anew_is_found_with_a_head_kept_elsewhere(path: Path) -> None:
    """Whoever holds the disk can make a chain that verifies; not one that ends in the published hash."""
    reader = read_journal(path)
    known = reader.head
    reader.close()
    forged = open_inline(None)
    forged.write_now([moved(units=1, seconds=n) for n in range(2, FACTS + 1)])
    rows = list(forged.rows())
    forged.close()
    verify(rows)
    with pytest.raises(ChainBroken, match="written anew"):
        verify(rows, known=known)


def test_the_end_of_an_earlier_epoch_cannot_be_cut_off(tmp_path: Path) -> None:
    """The first fact of the next epoch names it."""
    before = open_inline(tmp_path / "journal.db")
    before.write_now([moved(), moved()])
    before.close()
    after = open_inline(tmp_path / "journal.db", new_epoch=True)
    rows = list(after.rows())
    after.close()
    assert verify(rows)[0] == 4
    with pytest.raises(ChainBroken, match="missing, or changed") as found:
        verify([rows[0], rows[1], rows[3]])
    assert found.value.seq == 3
    with pytest.raises(ChainBroken):
        verify([*rows[:3], (rows[3][0], 2, *rows[3][2:])])


def test_a_damaged_page_is_named_by_the_first_fact_that_cannot_be_read(tmp_path: Path) -> None:
    """A flipped bit may hit the database's own structure as well as a fact (F8)."""
    journal = open_inline(tmp_path / "journal.db")
    journal.write_now([owed("x" * 300) for _ in range(500)])
    whole = list(journal.rows())
    journal.close()
    leaf = 20  # one of a hundred pages of facts
    content = bytearray((tmp_path / "journal.db").read_bytes())
    content[(leaf - 1) * 4096 : leaf * 4096] = bytes(4096)
    (tmp_path / "journal.db").write_bytes(content)
    bad = _first_bad(tmp_path / "journal.db")
    assert 1 < bad < len(whole)


def _mutations(rng: random.Random, lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    at = rng.randrange(len(lines))
    other = rng.randrange(len(lines))
    letter = rng.randrange(len(lines[at]))
    flipped = lines[at][:letter] + chr(ord(lines[at][letter]) ^ 1) + lines[at][letter + 1 :]
    swapped = list(lines)
    swapped[at], swapped[other] = swapped[other], swapped[at]
    yield "edit", [*lines[:at], flipped, *lines[at + 1 :]]
    yield "delete", [*lines[:at], *lines[at + 1 :]]
    yield "swap", swapped
    yield "insert", [*lines[:at], lines[other], *lines[at:]]
    yield "truncate", lines[:at]
    yield "splice", [*lines[:at], *lines[other:]]


def test_random_tampering_with_an_export_is_always_found() -> None:
    """2,400 mutations of an export, checked against the head kept elsewhere: what verifies says what was written."""
    journal = open_inline(None)
    journal.write_now([moved(units=n) if n % 3 else owed(f"reason {n}") for n in range(1, 20)])
    lines = [json.dumps(envelope, ensure_ascii=False) for envelope in journal.envelopes()]
    head = journal.head
    journal.close()
    for seed in range(400):
        for kind, mutated in _mutations(random.Random(seed), lines):
            found = _first_bad_line(mutated, head)
            if found is None:
                assert [json.loads(line) for line in mutated] == [json.loads(line) for line in lines], f"seed {seed}, {kind}"
                continue
            changed = (n for n, (was, now) in enumerate(zip(lines, mutated, strict=False), 1) if was != now)
            assert found == next(changed, min(len(lines), len(mutated)) + 1), f"seed {seed}, {kind}"


def _first_bad_line(lines: list[str], head: Head) -> int | None:
    try:
        verify(rows_of_export(lines), known=head)
    except ChainBroken as found:
        return found.seq
    return None


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{}", "nonsense", '{"epoch":1}', '"' + "[" * 100_000, "[" * 100_000, "9" * 5000],
    ids=["empty", "list", "object", "words", "short", "open text", "deep", "long number"],
)
def test_a_line_that_is_no_fact_is_named_by_its_place(line: str) -> None:
    """An export comes from outside: nothing in it may stop the check without a word."""
    journal = open_inline(None)
    lines = [json.dumps(envelope) for envelope in journal.envelopes()]
    journal.close()
    with pytest.raises(ChainBroken) as found:
        verify(rows_of_export([line, *lines] if line else []))
    assert found.value.seq == 1


def test_a_float_in_an_export_is_no_fact() -> None:
    """2.0 equals 2 in Python and is another text in JSON."""
    journal = open_inline(None)
    journal.write_now([moved(units=2)])
    lines = [json.dumps(envelope).replace('"units": 2', '"units": 2.0') for envelope in journal.envelopes()]
    journal.close()
    with pytest.raises(ChainBroken) as found:
        verify(rows_of_export(lines))
    assert found.value.seq == 2


def _program() -> str:
    blocks = PAGE.read_text(encoding="utf-8").split("```python\n")[1:]
    (program,) = [block.split("```")[0] for block in blocks]
    return program


def test_the_verifier_in_the_page_shares_no_code_and_is_short() -> None:
    """An auditor must be able to read all of it, and to type it in (S17)."""
    program = _program()
    assert len(program.splitlines()) <= 40
    assert "cabinet" not in program


@pytest.mark.parametrize(("tamper", "status"), [(None, 0), (("nurse-1", "nurse-2"), 3)])
def test_the_verifier_in_the_page_agrees(tmp_path: Path, tamper: tuple[str, str] | None, status: int) -> None:
    """It runs as it stands, on the standard library alone, in a folder where nothing of ours can be imported."""
    journal = open_inline(tmp_path / "journal.db")
    journal.write_now([moved(), owed('Füllstand unklar \u2028 \x07 \U0001f600 "')])
    journal.close()
    journal = open_inline(tmp_path / "journal.db", new_epoch=True)
    journal.write_now([moved()])
    lines = [msgspec.json.encode(envelope).decode() for envelope in journal.envelopes()]
    head = journal.head
    journal.close()
    export, program, known = tmp_path / "export.jsonl", tmp_path / "check.py", tmp_path / "head.json"
    export.write_text("".join(line.replace(*tamper) if tamper else line for line in (f"{line}\n" for line in lines)), encoding="utf-8")
    program.write_text(_program(), encoding="utf-8")
    known.write_text(json.dumps(head._asdict()))
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(export), str(known)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == status, done.stderr
    assert ("whole: 5 facts" if tamper is None else "/2: changed") in done.stdout
    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(lines[:-1]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(cut), str(known)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 3
