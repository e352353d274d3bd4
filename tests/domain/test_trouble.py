"""Each fault of a lock is its own: jammed, forced, left open, slipping, dead, welded, worn."""

import pytest

from cabinet.domain.facts import CountOwed, DrawerMoved, FaultCleared, FaultRaised
from cabinet.domain.layout import Lock
from cabinet.domain.vocabulary import Channel
from tests.domain.ward import Ward, drawer, layout, opened, pocket, shut, world


def codes(ward: Ward, place: str = "locks:0") -> set[str]:
    """What is wrong at a lock."""
    return {fault.code for fault in ward.state.faults_at(place)}


def jammed() -> Ward:
    """A ward whose matrix drawer was pulsed three times by nina and did not open."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1")
    for _ in range(3):
        ward.stays_shut("locks:0")
        ward.asks_again()
    return ward


def test_a_jam_is_a_fault_with_who_met_it_and_when() -> None:
    """The list says since when, and the one who stood there may bring it back."""
    ward = jammed()
    fault = ward.state.faults["drawer.jammed@locks:0"]
    assert (fault.staff, fault.is_failing, fault.detail) == ("nina", True, "3 pulses and it did not open")
    assert fault.raised_at > "2026-03-02T07:00:0"


def test_left_open_is_a_fault_until_it_moves() -> None:
    """It calls, and falls silent when it is shut."""
    ward = opened("withdraw", "p1")
    ward.due("call:locks:0")
    assert codes(ward) == {"drawer.left_open"}
    ward.closes("locks:0")
    assert not codes(ward)


def test_forced_stands_until_the_cabinet_itself_opened_it() -> None:
    """A crowbar mark is looked at; that somebody pushed the drawer shut again is no explanation."""
    ward = Ward()
    ward.tick(60)
    ward.opens("locks:0")
    assert codes(ward) == {"drawer.forced"}
    ward.closes("locks:0")
    assert codes(ward) == {"drawer.forced"}
    ward.signs_in()
    ward.wants("withdraw", "p1")
    ward.opens("locks:0")
    assert not codes(ward)


def test_opening_just_after_it_was_shut_is_a_bolt_that_slips() -> None:
    """Nobody forced it: it never caught."""
    ward = opened("withdraw", "p1")
    ward.states(1)
    ward.closes("locks:0")
    ward.opens("locks:0")
    assert codes(ward) == {"drawer.latch"}
    ward.closes("locks:0")
    ward.tick(3)
    ward.due("held:locks:0")
    assert not codes(ward)
    assert ward.lock("locks:0") == "latched"


@pytest.mark.parametrize("apart_s", [1, 50])
def test_twice_by_itself_is_a_contact_that_sticks(apart_s: int) -> None:
    """Hardware, failure table: opens again, or unlocks without a command. The channel is left alone from now on."""
    ward = Ward()
    ward.tick(60)
    for _ in range(2):
        ward.opens("locks:0")
        ward.closes("locks:0")
        ward.tick(apart_s)
    assert "relay.welded" in codes(ward)
    assert ward.lock("locks:0") == "failed"
    ward.signs_in()
    refusal = ward.wants("withdraw", "p1").refusal
    assert refusal is not None
    assert refusal.code == "drawer.failed"


def test_a_ward_that_works_by_key_keeps_its_drawers() -> None:
    """Without power the key opens them again and again, some minutes apart: nothing is out of use when the power is back."""
    ward = Ward()
    for _ in range(3):
        ward.tick(120)
        ward.opens("locks:0")
        ward.tick(20)
        ward.closes("locks:0")
    assert (ward.lock("locks:0"), codes(ward)) == ("latched", {"drawer.forced"})


def test_a_late_opening_is_no_crime() -> None:
    """The nurse pulled at it a second too late."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1")
    ward.stays_shut("locks:0")
    ward.opens("locks:0")
    assert not codes(ward)
    assert ward.line("p1").owes


def test_a_lid_that_opens_under_a_shut_drawer_proves_the_drawers_contact_dead() -> None:
    """A lid has no room there: what says that the drawer is shut is wrong."""
    ward = Ward()
    ward.tick(60)
    ward.opens("lids:0")
    assert "sensor.dead" in codes(ward, "locks:1")
    assert ward.lock("locks:1") == "failed"


def test_a_lid_that_springs_while_the_drawer_is_being_shut_proves_nothing() -> None:
    """Two contacts on two boards are read one after the other."""
    ward = opened("withdraw", "keta")
    ward.closes("locks:1")
    ward.closes("lids:0")
    ward.opens("lids:0")
    assert not codes(ward, "locks:1")


def test_a_jam_that_is_opened_by_key_stays_a_jam() -> None:
    """The key opened it, not the lock."""
    ward = jammed()
    ward.opens("locks:0")
    assert "drawer.forced" in codes(ward)
    ward.closes("locks:0")
    assert ward.lock("locks:0") == "failed"
    assert "drawer.jammed" in codes(ward)


def test_a_condemned_drawer_that_was_out_of_sight_is_still_condemned() -> None:
    """A loose cable mends no bolt."""
    ward = jammed()
    ward.opens("locks:0")
    ward.loses("locks")
    ward.regains("locks")
    ward.closes("locks:0")
    assert ward.lock("locks:0") == "failed"


class TestThePersonInFrontOfIt:
    """What no contact shows, a person says."""

    def test_it_did_open(self) -> None:
        """A dead contact must not keep the drug: it is taken, stated and counted, and the drawer is looked at."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "p1")
        ward.stays_shut("locks:0")
        assert ward.saw_it_open().refusal is None
        assert codes(ward) == {"sensor.dead"}
        assert (ward.lock("locks:0"), ward.access().phase, ward.asks()) == ("failed", "closed", ("confirm",))
        ward.states(2)
        assert ward.access().phase == "settled"
        assert ward.line("p1").units == 18
        assert ward.line("p1").owes == ["it opened unseen"]

    def test_a_controlled_pocket_is_counted_blind_all_the_same(self) -> None:
        """Custody takes it as open."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.opens("locks:1")
        ward.stays_shut("locks:2")
        ward.saw_it_open()
        assert ward.asks() == ("count_before",)

    def test_the_outer_drawer_of_a_lid_leads_nowhere(self) -> None:
        """Its lid was never released: the person goes elsewhere."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "oxy")
        ward.stays_shut("locks:1")
        ward.saw_it_open()
        assert ward.access().phase == "cancelled"
        assert codes(ward, "locks:1") == {"sensor.dead"}

    def test_nobody_says_so_of_a_drawer_that_was_not_released(self) -> None:
        """A word opens nothing."""
        ward = opened("withdraw", "p1")
        refusal = ward.saw_it_open().refusal
        assert refusal is not None
        assert refusal.code == "access.not_now"

    def test_while_it_is_looked_for_it_is_too_early(self) -> None:
        """Three seconds."""
        ward = Ward()
        ward.signs_in()
        ward.wants("withdraw", "p1")
        refusal = ward.saw_it_open().refusal
        assert refusal is not None
        assert refusal.code == "access.looking"


class TestItWillNotClose:
    """A drawer that cannot be shut holds nobody and nothing else up."""

    def test_the_person_goes_on_and_the_pocket_owes(self) -> None:
        """What was stated stands; the rest is for the technician."""
        ward = opened("withdraw", "p1")
        ward.states(2)
        ward.tick(15)
        assert ward.says_stuck("locks:0").refusal is None
        assert (ward.lock("locks:0"), codes(ward), ward.access().phase) == ("failed", {"drawer.latch"}, "settled")
        assert ward.line("p1").owes == ["it was said not to close"]
        assert ward.signs_out().refusal is None

    def test_what_is_not_stated_yet_is_still_asked(self) -> None:
        """Saying so is no way around the count."""
        ward = opened("withdraw", "syrup")
        ward.tick(15)
        ward.says_stuck("locks:3")
        assert (ward.access().phase, ward.asks()) == ("closed", ("count_before",))

    def test_another_controlled_item_can_be_had_after_that(self) -> None:
        """One stuck drawer must not stop all controlled items for ever."""
        ward = opened("withdraw", "syrup")
        ward.signs_in("noor")
        assert ward.wants("withdraw", "oxy", by="noor", access="b").refusal is not None
        ward.tick(15)
        ward.says_stuck("locks:3", by="noor")
        assert ward.state.faults["drawer.latch@locks:3"].detail == "said not to close, by noor", "who cut nina's access short"
        assert (ward.access().phase, ward.line("syrup").owes != []) == ("incomplete", True)
        assert ward.wants("withdraw", "oxy", by="noor", access="b").refusal is None

    def test_shut_and_shown_as_open_is_a_dead_contact(self) -> None:
        """The technician brings another part."""
        ward = opened("withdraw", "p1")
        ward.states(2)
        ward.tick(15)
        ward.says_stuck("locks:0", is_shut=True)
        assert codes(ward) == {"sensor.dead"}

    def test_not_in_the_first_seconds(self) -> None:
        """Push first."""
        ward = opened("withdraw", "p1")
        refusal = ward.says_stuck("locks:0").refusal
        assert refusal is not None
        assert refusal.code == "drawer.just_opened"
        assert ward.lock("locks:0") == "open"

    @pytest.mark.parametrize(("lock", "code"), [("locks:1", "drawer.not_open"), ("nonsense", "drawer.not_failed")])
    def test_only_of_what_is_open(self, lock: str, code: str) -> None:
        """A latched drawer is not condemned by a word."""
        ward = opened("withdraw", "p1")
        ward.tick(15)
        refusal = ward.says_stuck(lock).refusal
        assert refusal is not None
        assert refusal.code == code

    def test_a_stuck_lid_lets_the_drawer_close(self) -> None:
        """The access ends when the drawer itself is shut."""
        ward = opened("withdraw", "keta")
        ward.counts(20)
        ward.states(1)
        ward.tick(15)
        ward.says_stuck("lids:0")
        assert ward.access().phase == "open"
        ward.closes("locks:1")
        assert ward.access().phase == "settled"

    def test_it_calls_no_more(self) -> None:
        """Nobody can do what it asks for."""
        ward = opened("withdraw", "p1")
        ward.tick(15)
        ward.says_stuck("locks:0")
        ward.due("call:locks:0")
        assert codes(ward) == {"drawer.latch"}


class TestASwitchAtHome:
    """A site may have a second switch: pushed home, latched or not."""

    def ward(self) -> Ward:
        """A ward whose only drawer has one."""
        plain = drawer("one", "locks:0", pocket("p1", "one", "paracetamol"))
        lock = Lock(plain.lock.coil, plain.lock.closed, Channel.parse("eyes:7"))
        ward = Ward(world(layout=layout(type(plain)(plain.id, plain.name, lock, plain.pockets))))
        ward.edge("eyes:7", is_on=True)
        ward.signs_in()
        ward.wants("withdraw", "p1")
        return ward

    def test_home_and_not_latched_is_a_bolt_that_does_not_hold(self) -> None:
        """Within three seconds, and without a word from anybody."""
        ward = self.ward()
        ward.edge("eyes:7", is_on=False)
        ward.opens("locks:0")
        ward.states(1)
        ward.edge("eyes:7", is_on=True)
        ward.due("home:locks:0")
        assert codes(ward) == {"drawer.latch"}
        assert ward.access().phase == "open"
        ward.closes("locks:0")
        ward.due("held:locks:0")
        assert not codes(ward)

    def test_away_from_home_and_shown_as_latched_is_a_dead_contact(self) -> None:
        """It opened: the person takes what they came for, and custody knows."""
        ward = self.ward()
        ward.edge("eyes:7", is_on=False)
        ward.stays_shut("locks:0")
        ward.due("home:locks:0")
        assert codes(ward) == {"sensor.dead"}
        assert ward.asks() == ("confirm",)
        assert ward.facts_of(CountOwed)

    def test_agreeing_switches_say_nothing(self) -> None:
        """An ordinary day."""
        ward = self.ward()
        ward.edge("eyes:7", is_on=False)
        ward.opens("locks:0")
        ward.edge("eyes:7", is_on=True)
        ward.closes("locks:0")
        ward.due("home:locks:0")
        assert not ward.facts_of(FaultRaised, FaultCleared)


def test_a_stale_timer_settles_no_newer_pulse() -> None:
    """Looking belongs to one intent: what runs out late must not end the next one's three seconds."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1")
    ward.opens("locks:0")
    ward.states(0)
    shut(ward, "p1")
    ward.wants("withdraw", "p1", access="b")
    ward.due("look:a-1")
    assert ward.access("b").phase == "released"
    assert [fact for fact in ward.facts_of(DrawerMoved) if isinstance(fact, DrawerMoved)][-1].target == "releasing"


def test_a_lost_board_is_a_fault_with_its_moment_until_it_is_back() -> None:
    """One list for drawers and devices."""
    ward = Ward()
    ward.loses("lids")
    assert ward.state.faults["device.no_reply@lids"].raised_at
    ward.regains("lids")
    assert not ward.state.faults


def test_what_opened_late_and_was_seen_needs_nobody_s_word() -> None:
    """The person says that it did open while the contact already shows it: the access goes on, and nothing is put out of use."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "p1")
    ward.stays_shut("locks:0")
    ward.opens("locks:0")
    step = ward.saw_it_open()
    assert (step.refusal, ward.releases(step), ward.access().phase) == (None, [], "open")
    assert not codes(ward)
