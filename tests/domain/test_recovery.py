"""A failed drawer comes back: freed, tried by one pulse, shut, counted; by whom policy lets."""

import pytest

from cabinet.domain.facts import FaultCleared, RecoveryFailed, ReleaseIntended, ReleaseSettled
from cabinet.domain.people import Role
from tests.domain.test_trouble import codes, jammed
from tests.domain.ward import Ward, granting, opened, world


def test_it_opens_and_closes_and_works_again() -> None:
    """One pulse with an intent of its own, named after nobody's access; what a hand could reach owes a count."""
    ward = jammed()
    step = ward.tries("locks:0")
    assert step.refusal is None
    assert ward.releases(step) == ["locks:0"]
    [intent] = [draft for draft in step.drafts if isinstance(draft.fact, ReleaseIntended)]
    assert (intent.fact.is_trial, intent.access, intent.staff) == (True, None, "nina")  # type: ignore[attr-defined]
    ward.opens("locks:0")
    assert ward.line("p1").owes == ["the drawer was recovered"]
    assert codes(ward) == {"drawer.jammed"}
    ward.closes("locks:0")
    assert (ward.lock("locks:0"), codes(ward)) == ("latched", set())
    assert ward.wants("withdraw", "p1", access="b").refusal is None


def test_it_does_not_open_and_is_for_the_technician() -> None:
    """The nurse is told plainly, and nobody waits for a fourth try."""
    ward = jammed()
    ward.tries("locks:0")
    ward.stays_shut("locks:0")
    assert ward.lock("locks:0") == "failed"
    assert ward.facts_of(RecoveryFailed) == [RecoveryFailed("locks:0", "it was looked for and did not open")]
    assert ward.state.faults["drawer.jammed@locks:0"].tries == 1


def test_while_it_is_tried_nobody_else_gets_it() -> None:
    """It has not closed yet: it may be stuck open."""
    ward = jammed()
    ward.tries("locks:0")
    ward.opens("locks:0")
    refusal = ward.wants("withdraw", "p1", access="b").refusal
    assert refusal is not None
    assert refusal.code == "drawer.failed"


@pytest.mark.parametrize("cut", ["loses", "restart"])
def test_a_trial_that_was_cut_brings_nothing_back(cut: str) -> None:
    """Nobody saw it close."""
    ward = jammed()
    ward.tries("locks:0")
    ward.opens("locks:0")
    if cut == "loses":
        ward.loses("locks")
        ward.regains("locks")
    else:
        ward.restart(is_ready=False)
    ward.closes("locks:0")
    assert ward.lock("locks:0") == "failed"


def test_it_is_pushed_home_before_it_is_tried() -> None:
    """A pulse into an open drawer tells nothing."""
    ward = opened("withdraw", "p1")
    ward.tick(15)
    ward.says_stuck("locks:0")
    for step in (ward.tries, ward.recovers):
        refusal = step("locks:0").refusal
        assert refusal is not None
        assert refusal.code == "drawer.not_shut"
    ward.closes("locks:0")
    assert ward.lock("locks:0") == "failed"
    assert ward.tries("locks:0").refusal is None


class TestWho:
    """Policy says who may bring a drawer back."""

    def refusal(self, rule: str, by: str) -> str | None:
        """What somebody is answered who wants to try the drawer that failed under nina's hands."""
        ward = jammed()
        own, every = ({Role.NURSE} if rule == name else set() for name in ("own", "any"))
        policy = granting(recover_own=own, recover_any={*every, Role.TECHNICIAN})
        ward.restart(world(policy=policy))
        ward.signs_in(by)
        refusal = ward.tries("locks:0", by=by).refusal
        return None if refusal is None else refusal.code

    @pytest.mark.parametrize(
        ("rule", "by", "code"),
        [
            ("own", "nina", None),
            ("own", "noor", "policy.recovery"),
            ("any", "noor", None),
            ("none", "nina", "policy.recovery"),
            ("own", "tom", None),
        ],
    )
    def test_their_own_or_all(self, rule: str, by: str, code: str | None) -> None:
        """A nurse frees the drawer in front of them; a technician every one."""
        assert self.refusal(rule, by) == code

    def test_where_nothing_is_said_it_is_their_own(self) -> None:
        """The pharmacist has no row in this ward's policy."""
        ward = jammed()
        ward.signs_in("pia")
        refusal = ward.recovers("locks:0", by="pia").refusal
        assert refusal is not None
        assert refusal.code == "policy.recovery"


def test_a_lid_is_tried_in_its_open_drawer() -> None:
    """Under the drawer it has no room."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "keta")
    ward.opens("locks:1")
    for _ in range(3):
        ward.stays_shut("lids:0")
        ward.asks_again()
    assert ward.tries("lids:0").refusal is None
    ward.stays_shut("lids:0")
    ward.closes("locks:1")
    refusal = ward.tries("lids:0").refusal
    assert refusal is not None
    assert refusal.code == "drawer.lid_under_drawer"
    step = ward.recovers("lids:0")
    assert [draft.staff for draft in step.drafts if isinstance(draft.fact, FaultCleared)] == ["nina"], "whose word it was"
    assert ward.lock("lids:0") == "latched"


@pytest.mark.parametrize(("lock", "code"), [("locks:0", None), ("locks:1", "policy.factors"), ("lids:0", "policy.factors")])
def test_one_factor_tries_no_way_to_what_is_controlled(lock: str, code: str | None) -> None:
    """An id and a PIN open no narcotics drawer, and would otherwise open it as soon as it had failed."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1" if lock == "locks:0" else "keta")
    if lock == "lids:0":
        ward.opens("locks:1")
    for _ in range(3):
        ward.stays_shut(lock)
        ward.asks_again()
    ward.signs_in("tom", factors=("id", "secret"))
    refusal = ward.tries(lock, by="tom").refusal
    assert (refusal.code if refusal else None) == code
    assert code is None or ward.tries(lock).refusal is None


def test_a_forced_drawer_is_looked_at() -> None:
    """Somebody with the right to says that it was the key."""
    ward = Ward(world(policy=granting(recover_own=set(), recover_any={Role.TECHNICIAN})))
    ward.tick(60)
    ward.opens("locks:0")
    ward.closes("locks:0")
    ward.signs_in("tom")
    assert ward.recovers("drawer.forced@locks:0", by="tom").refusal is None
    assert ward.facts_of(FaultCleared) == [FaultCleared("locks:0", "drawer.forced", "looked at")]


def test_every_trial_has_one_outcome() -> None:
    """As every pulse."""
    ward = jammed()
    ward.tries("locks:0")
    ward.loses("locks")
    settled = [fact for fact in ward.facts_of(ReleaseSettled) if isinstance(fact, ReleaseSettled)]
    assert settled[-1].outcome == "unknown"
    assert ward.lock("locks:0") == "unknown"


def test_a_board_that_is_back_and_was_not_read_yet_shows_no_drawer_shut() -> None:
    """What its contact said before it was lost decides nothing; the reading follows in a moment."""
    ward = jammed()
    ward.loses("locks")
    ward.regains("locks")
    for step in (ward.tries("locks:0"), ward.recovers("locks:0")):
        assert step.refusal is not None
        assert step.refusal.code == "drawer.unknown"
    ward.closes("locks:0")
    assert ward.recovers("locks:0").refusal is None


def test_one_controlled_item_at_a_time_counts_a_trial_too() -> None:
    """A drawer that is tried gives its narcotics to whoever stands there: no other is released until it is shut."""
    ward = Ward()
    ward.signs_in()
    ward.signs_in("noor")
    ward.wants("withdraw", "syrup", 1)
    for _ in range(3):
        ward.stays_shut("locks:3")
        ward.asks_again()
    assert ward.tries("locks:3").refusal is None
    for _ in range(2):
        refusal = ward.wants("withdraw", "oxy", by="noor", access="b").refusal
        assert refusal is not None
        assert refusal.code == "cabinet.controlled_open"
        ward.opens("locks:3")
    ward.closes("locks:3")
    assert ward.wants("withdraw", "oxy", by="noor", access="b").refusal is None
