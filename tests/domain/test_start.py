"""What a start means: opening stock, a changed site, and device losses that are said once."""

from dataclasses import replace

from cabinet.domain.core import World
from cabinet.domain.facts import (
    Account,
    CabinetStarted,
    DeviceFailed,
    DeviceRecovered,
    PocketAssigned,
    PocketUnassigned,
    SessionClosed,
    SessionRefused,
    UnitsMoved,
)
from cabinet.domain.layout import Levels
from cabinet.domain.vocabulary import Units
from tests.domain.ward import Ward, drawer, layout, opened, pocket, replayed, world


def one(name: str = "p1", holds: str | None = "paracetamol", units: int = 20) -> World:
    """A site of one drawer with one pocket."""
    return world(layout=layout(drawer("matrix", "locks:0", pocket(name, "matrix", holds, units=units))))


def taken_out(units: int = 20) -> Ward:
    """A ward of one pocket from which `units` were taken."""
    ward = opened("withdraw", "p1", setting=one())
    ward.states(units)
    ward.closes("locks:0")
    return ward


class TestOpeningStock:
    """What stands in the pockets on the first day."""

    def test_it_comes_from_the_pharmacy_once(self) -> None:
        """A second start must not fill the cabinet again."""
        ward = Ward(one())
        ward.restart()
        assert ward.facts_of(UnitsMoved) == [
            UnitsMoved("p1", "paracetamol", 20, Account.PHARMACY, Account.POCKET, "lot-0", "2027-01-31")
        ]  # fmt: skip
        assert len(ward.facts_of(PocketAssigned)) == 1
        assert len(ward.facts_of(CabinetStarted)) == 2

    def test_a_pocket_that_starts_empty_moves_nothing(self) -> None:
        """Zero units are no movement."""
        assert not Ward(one(units=0)).facts_of(UnitsMoved)


class TestAChangedSite:
    """The site file was edited between two starts."""

    def test_new_levels_are_a_fact(self) -> None:
        """Par is what the pharmacy sees; stock stays."""
        ward = taken_out(2)
        changed = replace(pocket("p1", "matrix", "paracetamol"), levels=Levels(Units(50), Units(12), Units(6)))
        ward.restart(world(layout=layout(drawer("matrix", "locks:0", changed))))
        assert (ward.line("p1").par, ward.line("p1").min, ward.line("p1").units) == (50, 12, 18)

    def test_an_empty_pocket_takes_its_new_item(self) -> None:
        """And no opening stock: that is for the first start of a pocket."""
        ward = taken_out()
        ward.restart(one(holds="insulin"))
        assert (ward.line("p1").item, ward.line("p1").units) == ("insulin", 0)

    def test_a_debt_outlives_the_change(self) -> None:
        """Empty by the books and in doubt: the doubt is about what lies there, whatever it is to be called."""
        ward = taken_out()
        ward.opens("locks:0")
        ward.closes("locks:0")
        ward.restart(one(holds="insulin"))
        assert ward.line("p1").owes == ["opened without a release"]

    def test_a_pocket_that_still_holds_the_old_item_keeps_it_and_owes_a_count(self) -> None:
        """A file does not turn paracetamol into insulin."""
        ward = taken_out(2)
        ward.restart(one(holds="insulin"))
        assert (ward.line("p1").item, ward.line("p1").units) == ("paracetamol", 18)
        assert ward.line("p1").owes == ["the site assigns insulin, but 18 of paracetamol are in it"]

    def test_an_empty_pocket_without_an_item_is_unassigned(self) -> None:
        """Whether the site lost the pocket or only its item."""
        for setting in (one(holds=None), one("other", "insulin")):
            ward = taken_out()
            ward.restart(setting)
            assert ward.facts_of(PocketUnassigned) == [PocketUnassigned("p1", "paracetamol")]
            assert "p1" not in ward.state.lines

    def test_a_pocket_that_the_site_lost_keeps_what_is_in_it(self) -> None:
        """Units do not vanish because a line of a file did; the pharmacy still sees them."""
        ward = taken_out(2)
        ward.restart(one("other", "insulin"))
        assert ward.line("p1").units == 18

    def test_an_access_to_a_pocket_that_is_gone_is_over(self) -> None:
        """A late tap on an old screen must not stop the cabinet."""
        ward = opened("withdraw", "p1", setting=one())
        ward.restart(one("other", "insulin"))
        ward.signs_in()
        for step in (ward.states(1), ward.counts(1), ward.cancels(), ward.asks_again()):
            assert step.refusal is not None
            assert step.refusal.code == "access.not_now"

    def test_a_drawer_that_is_gone_settles_its_pulse(self) -> None:
        """Exactly one outcome, whatever became of the furniture."""
        ward = Ward(one())
        ward.signs_in()
        ward.wants("withdraw", "p1")
        ward.restart(world(layout=layout(drawer("new", "lids:0", pocket("other", "new", "insulin")))), is_ready=False)
        assert ward.state.drawers["locks:0"].intent is None


class TestDevices:
    """Boards come and go."""

    def test_a_loss_is_said_once_and_a_return_once(self) -> None:
        """Log once when lost, once when back."""
        ward = Ward()
        for _ in range(2):
            ward.loses("locks")
        for _ in range(2):
            ward.regains("locks")
        assert len(ward.facts_of(DeviceFailed)) == len(ward.facts_of(DeviceRecovered)) == 1

    def test_a_start_begins_without_losses(self) -> None:
        """What does not answer now will say so itself."""
        ward = Ward()
        ward.loses("locks")
        ward.restart()
        assert not ward.state.failures


class TestSessions:
    """Who is at the cabinet."""

    def test_somebody_who_was_not_recognised_is_recorded_without_a_secret(self) -> None:
        """Repeated failures raise an alarm; they refuse nobody else."""
        ward = Ward()
        step = ward.fails_to_sign_in("nina")
        assert step.refusal is not None
        assert step.refusal.code == "session.not_recognised"
        assert ward.facts_of(SessionRefused) == [SessionRefused("nina", "badge or id and secret do not match")]

    def test_leaving_ends_the_session_once(self) -> None:
        """And a second time there is nothing to end."""
        ward = Ward()
        ward.signs_in()
        assert ward.signs_out().refusal is None
        refusal = ward.signs_out().refusal
        assert refusal is not None
        assert refusal.code == "session.unknown"
        assert len(ward.facts_of(SessionClosed)) == 1

    def test_a_touch_starts_the_idle_time_afresh(self) -> None:
        """The screen is being read."""
        ward = Ward()
        ward.signs_in()
        step = ward.touches()
        assert [str(command) for command in step.commands if "session:nina" in str(command)]
        refusal = ward.touches("ghost").refusal
        assert refusal is not None
        assert refusal.code == "session.unknown"

    def test_a_timer_that_outlived_its_session_does_nothing(self) -> None:
        """It was already ringing when they signed out."""
        ward = Ward()
        ward.signs_in()
        ward.signs_out()
        assert not ward.due("session:nina").drafts


def test_a_stop_switches_everything_off() -> None:
    """Fail-secure: no coil outlives the controller."""
    step = Ward().stops()
    assert [type(command).__name__ for command in step.commands] == ["SwitchAllOff"]


def test_only_so_many_finished_accesses_are_remembered() -> None:
    """A year of withdrawals fits into memory; the journal has them all, and an unfinished one is never forgotten."""
    ward = Ward()
    ward.signs_in()
    ward.wants("withdraw", "insulin", access="unfinished")
    for number in range(300):
        ward.wants("withdraw", "p1", 1, access=f"n{number}")
        ward.opens("locks:0")
        ward.states(0, access=f"n{number}")
        ward.closes("locks:0")
    assert len(ward.state.accesses) == 256
    assert ward.access("unfinished").phase == "released"
    assert replayed(ward.world, ward.drafts).state == ward.state
