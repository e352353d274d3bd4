"""What holds for all kinds of access: a purpose stands for a patient, all of them replay, and what is over is forgotten."""

from cabinet.domain.facts import Account
from cabinet.domain.vocabulary import AccessId
from tests.domain.kind_bench import code, moved, ready, through, withdrawn


def test_a_purpose_stands_for_a_patient() -> None:
    """Dropped, broken, for the code tray: what leaves for no patient says why (ward: items)."""
    ward = ready()
    assert code(ward.wants("withdraw", "p1", 1, patient=None)) == "access.purpose"
    assert code(ward.wants("withdraw", "p1", 1, patient=None, purpose="because")) == "access.purpose"
    through(ward, "withdraw", "p1", 1, access="w", patient=None, purpose="dropped")
    assert moved(ward, "paracetamol")[-1] == (1, 0, Account.POCKET, Account.PURPOSE)
    ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
    assert moved(ward, "paracetamol")[-1] == (1, 0, Account.PURPOSE, Account.WASTE)


def test_old_withdrawals_are_forgotten_and_what_is_owed_is_not() -> None:
    """Three days on a busy ward must not fill the memory; a debt keeps its withdrawal."""
    ward = withdrawn("p1", 1)
    through(ward, "emergency", "p2", 1, access="e", authority="emergency")
    ward.tick(73 * 3600)
    ward.signs_in("nina")
    through(ward, "withdraw", "insulin", 1, access="later")
    assert set(ward.state.withdrawals) == {"e", "later"}


def test_every_kind_replays() -> None:
    """Live state is replayed state."""
    ward = withdrawn("oxy", 2, "noor", "tom")
    ward.wants("waste", None, 1, access="x", withdrawal=AccessId("w"), reason="dropped")
    ward.is_witnessed("noor", access="x")
    through(ward, "unload", "p2", 20, by="tom", access="u")
    ward.restart(is_ready=False)
    assert ward.access("x").witness == "noor"
