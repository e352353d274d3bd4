"""The person before a drawer that failed says so and is not kept: it did not open, and help is called."""

from cabinet.domain import events
from cabinet.domain.facts import FaultRaised
from cabinet.domain.vocabulary import AccessId, SessionId
from tests.domain.kind_bench import code, ready
from tests.domain.ward import Ward


def says_no(ward: Ward, access: str = "a") -> str:
    """It did not open, says the nurse."""
    return code(ward.happen(events.NotOpenedSaid(ward.tick(), SessionId("nina"), AccessId(access))))


def calls(ward: Ward, lock: str = "locks:0", *, by: str = "nina") -> str:
    """Help is called."""
    return code(ward.happen(events.HelpAsked(ward.tick(), SessionId(by), lock)))


def missed(pocket: str = "p3") -> Ward:
    """A nurse asked once, and the drawer did not open."""
    ward = ready("nina")
    ward.wants("withdraw", pocket, 1)
    ward.stays_shut("locks:0")
    return ward


def test_whoever_saw_it_not_open_waits_for_no_further_pulse() -> None:
    """One pulse, one word: the drawer is out of use, nothing was taken, and who said it may bring it back."""
    ward = missed()
    assert (ward.access().phase, says_no(ward)) == ("authorised", "")
    assert (ward.access().phase, ward.lock("locks:0")) == ("cancelled", "failed")
    (fault,) = [fact for fact in ward.facts if isinstance(fact, FaultRaised)]
    assert (fault.code, fault.is_failing, fault.detail) == ("drawer.jammed", True, "said at the cabinet not to have opened, at pulse 1")
    assert ward.state.faults["drawer.jammed@locks:0"].staff == "nina"
    assert ward.tries("locks:0").refusal is None


def test_before_it_was_tried_and_while_it_is_looked_for_nobody_can_say_so() -> None:
    """The pulse is given; three seconds decide."""
    ward = ready("nina")
    ward.wants("withdraw", "p3", 1)
    assert says_no(ward) == "access.looking"
    ward.opens("locks:0")
    assert says_no(ward) == "access.not_now"


def test_help_is_called_once_and_is_over_when_it_is_seen_to() -> None:
    """On the list of faults, across a restart, and gone by the word of somebody who may mend."""
    ward = missed()
    assert (calls(ward), calls(ward)) == ("", "")
    assert [fact.detail for fact in ward.facts if isinstance(fact, FaultRaised)] == ["called by nina"]
    ward.restart()
    assert "help.called@locks:0" in ward.state.faults
    assert ward.lock("locks:0") == "latched"
    ward.signs_in("tom")
    assert code(ward.happen(events.RecoveryAsked(ward.tick(), SessionId("tom"), "help.called@locks:0"))) == ""
    assert "help.called@locks:0" not in ward.state.faults


def test_a_drawer_that_works_again_needs_no_help() -> None:
    """Whoever brought it back has nothing more to say."""
    ward = missed()
    calls(ward)
    says_no(ward)
    ward.tries("locks:0")
    ward.opens("locks:0")
    ward.closes("locks:0")
    assert not ward.state.faults


def test_help_is_called_by_whoever_is_there_to_a_drawer_that_is() -> None:
    """Whatever their role."""
    ward = missed()
    assert calls(ward, "nowhere") == "drawer.not_failed"
    assert calls(ward, by="nobody") == "session.unknown"
    ward.signs_in("tom")
    assert calls(ward, by="tom") == ""
