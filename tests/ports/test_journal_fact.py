"""A fact on paper: canonical JSON as RFC 8785 has it, and the round trip of every fact of the alphabet.

Why it matters: a hash is only as good as the agreement on the bytes under it.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.adapters.journal_chain import rows_of_export, verify
from cabinet.adapters.journal_row import entry_of_row, envelope_of_row, row_of_envelope, seal_row
from cabinet.domain.facts import ALPHABET, Draft
from cabinet.domain.vocabulary import ZERO_HASH, AccessId, Instant, StaffId
from cabinet.messages import SAFE_INTEGER, JournalReport, Malformed, canonical, decode, entry_of, envelope_of, hash_of, seal
from tests.journal_tools import open_inline


def test_canonical_json_is_rfc_8785() -> None:
    """RFC 8785, sections 3.2.2 to 3.2.4, with the numbers left out, which no fact holds."""
    text = r"""{
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    octets = """7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c
        22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d"""
    assert canonical(json.loads(text)) == bytes.fromhex(octets)


def test_keys_are_sorted_as_rfc_8785_sorts_them() -> None:
    """RFC 8785, section 3.2.3: of its example, the two keys that are ASCII. The others are refused."""
    assert canonical({"1": "One", "\r": "Carriage Return"}) == rb'{"\r":"Carriage Return","1":"One"}'
    for key in ("\u20ac", "\ufb33", "\U0001f600", "\u0080", "\u00f6"):
        with pytest.raises(Malformed, match="ASCII"):
            canonical({key: ""})


@pytest.mark.parametrize(
    ("number", "text"), [(0, b"0"), (-1, b"-1"), (SAFE_INTEGER, b"9007199254740991"), (-SAFE_INTEGER, b"-9007199254740991")]
)
def test_whole_numbers_are_written_as_rfc_8785_writes_them(number: int, text: bytes) -> None:
    """RFC 8785, appendix B: what every reader of JSON holds exactly."""
    assert canonical([number]) == b"[" + text + b"]"


@pytest.mark.parametrize("value", [2**53, -(2**53), 1.0, float("nan"), "\udead", {"a": [0.5]}, b"bytes"])
def test_what_other_readers_may_read_differently_is_refused(value: object) -> None:
    """RFC 8785, appendix B and section 3.2.2.2 (lone surrogates): no fact holds it."""
    with pytest.raises(Malformed):
        canonical(value)


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_integers = st.integers(-SAFE_INTEGER, SAFE_INTEGER)


def _facts() -> st.SearchStrategy[Any]:
    st.register_type_strategy(str, _text)
    st.register_type_strategy(int, _integers)
    return st.sampled_from(sorted(ALPHABET)).flatmap(lambda name: st.from_type(ALPHABET[name]))


_moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)).map(lambda utc: Instant(utc, 0.0))  # noqa: DTZ001
_drafts = st.builds(
    Draft,
    at=_moments,
    fact=st.deferred(_facts),
    access=st.none() | _text.map(AccessId),
    staff=st.none() | _text.map(StaffId),
    witness=st.none() | _text.map(StaffId),
)


@given(st.lists(_drafts, max_size=5))
def test_any_drafts_come_back_as_they_went_in(drafts: list[Draft]) -> None:
    """Every fact of the alphabet, any text: memory, file, export and contract agree on the same entry and the same hash."""
    journal = open_inline(None)
    written = journal.write_now(drafts)
    assert [(entry.at, entry.fact, entry.access, entry.staff, entry.witness) for entry in written] == [
        (draft.at.utc, draft.fact, draft.access, draft.staff, draft.witness) for draft in drafts
    ]
    assert tuple(journal.entries(after_seq=1)) == written
    lines = [json.dumps(envelope) for envelope in journal.envelopes()]
    assert tuple(entry_of(json.loads(line)) for line in lines[1:]) == written
    assert [hash_of(envelope_of(entry)) for entry in written] == [entry.hash for entry in written]
    assert verify(rows_of_export(lines)) == journal.verify() == (len(drafts) + 1, journal.head)
    journal.close()


@given(_drafts)
def test_a_row_is_sealed_as_the_contract_seals(draft: Draft) -> None:
    """The fast way over text and the plain way over objects must never part."""
    row, entry = seal_row(draft, epoch=7, seq=1, fact_id="an id", prev_hash=ZERO_HASH)
    assert entry == seal(draft, epoch=7, seq=1, fact_id="an id", prev_hash=ZERO_HASH)
    assert entry_of_row(row) == entry
    assert row_of_envelope(envelope_of_row(row)) == row


def test_json_nested_too_deeply_is_malformed() -> None:
    """Three thousand brackets from one sender must not cost another's message."""
    with pytest.raises(Malformed):
        decode(b'{"epoch":1,"first_seq":1,"facts":[{"x":' + b"[" * 3000, JournalReport)
