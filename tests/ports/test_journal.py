"""The journal's port, run on every kind of journal there is: inline in memory, inline on a file, on a thread of its own.

Why it matters: the virtual world runs on the inline one, the ward on the thread; what is proved on the one must hold for the other.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cabinet.adapters.journal import SqliteJournal
from cabinet.domain.facts import Draft, JournalBegun, PocketWeighed
from cabinet.domain.vocabulary import ZERO_HASH, MassMg, PocketId
from cabinet.messages import Malformed, envelope_of, hash_of
from cabinet.ports import Journal
from tests.journal_tools import START, at, moved, open_inline, open_thread, owed


@pytest.fixture(params=["memory", "file", "thread"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteJournal]:
    """One kind of journal at a time, freshly begun."""
    path = tmp_path / "journal.db"
    opened: dict[str, Callable[[], SqliteJournal]] = {
        "memory": lambda: open_inline(None),
        "file": lambda: open_inline(path),
        "thread": lambda: open_thread(path),
    }
    made = opened[request.param]()
    yield made
    made.close()


def test_a_journal_is_a_journal(journal: SqliteJournal) -> None:
    """The shell knows the protocol alone."""
    port: Journal = journal
    assert port.epoch == journal.head.epoch


def test_a_new_journal_begins_with_its_own_beginning(journal: SqliteJournal) -> None:
    """Whoever finds a chain must see whose it is and that nothing stood before."""
    (begun,) = journal.entries()
    assert begun.fact == JournalBegun(str(begun.fact.journal), "ward-3", "0.1.0")  # type: ignore[attr-defined]
    assert (begun.seq, begun.prev_hash, begun.at) == (1, ZERO_HASH, START)
    assert journal.epoch == int(START.timestamp() * 1000)


async def test_what_append_returned_stands_in_the_journal(journal: SqliteJournal) -> None:
    """Acknowledged is durable (I7), in the order of asking, chained."""
    first = await journal.append([moved(units=1), owed("drawer forced")])
    second = await journal.append([moved(units=3)])
    written = list(journal.entries(after_seq=1))
    assert written == [*first, *second]
    assert [entry.seq for entry in written] == [2, 3, 4]
    assert [entry.prev_hash for entry in written[1:]] == [entry.hash for entry in written[:-1]]
    assert [hash_of(envelope_of(entry)) for entry in written] == [entry.hash for entry in written]
    assert journal.head == (written[-1].epoch, 4, written[-1].hash)
    journal.check_tail()


async def test_an_empty_round_writes_nothing(journal: SqliteJournal) -> None:
    """A round of events may come to no fact at all."""
    assert await journal.append([]) == ()
    assert journal.head.seq == 1


async def test_rounds_asked_for_at_once_keep_their_order(journal: SqliteJournal) -> None:
    """Two tasks may append; numbers, hashes and rows must agree on who was first."""
    rounds = await asyncio.gather(*(journal.append([moved(units=n), moved(units=n)]) for n in range(1, 21)))
    written = list(journal.entries(after_seq=1))
    assert written == [entry for entries in rounds for entry in entries]
    assert journal.verify()[0] == 41


async def test_a_draft_that_no_fact_may_hold_changes_nothing(journal: SqliteJournal) -> None:
    """A float or a lone surrogate is a bug upstream; the chain stays whole and goes on."""
    heavy = Draft(at(), PocketWeighed(PocketId("m1-01"), "after", MassMg(2**53), "steady", None, ""))  # type: ignore[arg-type]
    for bad in (heavy, owed("\ud800")):
        with pytest.raises(Malformed):
            await journal.append([moved(), bad])
    assert journal.head.seq == 1
    await journal.append([moved()])
    assert journal.verify()[0] == 2


async def test_facts_of_one_pocket_are_found(journal: SqliteJournal) -> None:
    """A pocket's history is asked for by that pocket's name and no other's, whatever the reasons say."""
    entries = await journal.append([moved("m1-01"), moved("m1-02"), owed('"pocket":"m1-01"', "m1-010"), owed("forced", "m1-01")])
    assert journal.of_pocket("m1-01") == (entries[0], entries[3])
    assert journal.of_pocket("m1-01", journal.epoch, after_seq=entries[0].seq) == (entries[3],)


async def test_envelopes_are_those_of_the_contract(journal: SqliteJournal) -> None:
    """What is exported and sent is what was sealed."""
    entries = await journal.append([moved(), owed("Füllstand unklar \u2028\x07")])
    assert list(journal.envelopes(journal.epoch, 1)) == [envelope_of(entry) for entry in entries]


async def test_the_acknowledged_place_is_kept_and_may_go_back(journal: SqliteJournal) -> None:
    """The pharmacy server may be put back from yesterday's copy."""
    assert journal.acked == (0, 0)
    await journal.keep_acked(journal.epoch, 7)
    await journal.keep_acked(journal.epoch, 3)
    assert journal.acked == (journal.epoch, 3)


def test_every_start_has_its_number(journal: SqliteJournal) -> None:
    """An old `offline` is told from a new `online` by the boot."""
    assert [journal.count_boot(), journal.count_boot()] == [1, 2]


async def test_a_snapshot_counts_for_its_own_chain_alone(journal: SqliteJournal) -> None:
    """A cache that is believed wrongly is worse than none."""
    assert journal.load_snapshot() is None
    await journal.append([moved()])
    journal.save_snapshot(2, b"folded\nstate")
    assert journal.load_snapshot() == (2, b"folded\nstate")
    with pytest.raises(ValueError, match="no fact"):
        journal.save_snapshot(3, b"ahead")
