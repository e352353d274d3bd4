"""People who look in from the ward: when their sessions begin and end, and that nothing they can say moves a lock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cabinet.domain import events
from cabinet.domain.commands import ReleaseLock, StartTimer
from cabinet.domain.core import Step
from cabinet.domain.facts import WardSessionClosed
from cabinet.domain.people import Staff
from cabinet.domain.person import enrolment
from cabinet.domain.person.memory import KIOSK, WARD, lock_of, parted
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId, SessionId, StaffId, utc_text
from cabinet.ward.desk import Said
from tests.domain.kind_bench import code, ready
from tests.domain.ward import Ward, opened, turn_of, world

SEAT = SessionId("w1")


def arrives(ward: Ward, who: str = "nina", session: str = "w1") -> Step:
    """Somebody signs in on the ward."""
    return ward.happen(events.WardArrived(ward.tick(), SessionId(session), StaffId(who), ("id", "secret")))


def all_that_is_said(ward: Ward) -> list[Said]:
    """One of everything that the ward's listener may say, twice over, by somebody who is there and by somebody who is not."""
    said: list[Said] = []
    for who, session in (("nina", SEAT), ("noor", SessionId("gone")), ("nina", SessionId("nina"))):
        now = ward.tick()
        said += [
            events.WardArrived(now, session, StaffId(who), ("badge", "secret")),
            events.WardActive(now, session),
            events.StaffNotRecognised(now, StaffId(who), WARD),
            *(events.PickAsked(now, None, StaffId(who), AccessId(f"{who}-{one}"), OrderId(one)) for one in ("o1", "o2", "o3", "ghost")),
            events.PickAsked(now, None, StaffId(who), AccessId("a"), OrderId("o1"), ItemId("oxycodone"), "5 mg"),
            events.PickDropAsked(now, None, StaffId(who), AccessId(f"{who}-o1")),
            events.PickDropAsked(now, None, StaffId(who), AccessId("a")),
            events.WardLeft(now, session),
        ]
    return said


@pytest.mark.parametrize("what", ["nobody", "signed in", "open", "refill", "restarted"])
def test_nothing_that_is_said_on_the_ward_moves_a_lock(what: str) -> None:
    """Whatever the cabinet is doing meanwhile: timers are all that it orders, and no access of anybody is touched."""
    made = {"open": lambda: opened("withdraw", "p1"), "refill": lambda: opened("refill", "p1", by="tom"), "signed in": ready}
    ward = made.get(what, Ward)()
    if what == "restarted":
        ward.restart()
    phases = {access.id: access.phase for access in ward.state.accesses.values()}
    for _ in range(2):
        for event in all_that_is_said(ward):
            step = ward.happen(event)
            assert not [command for command in step.commands if isinstance(command, ReleaseLock)]
            assert {type(command).__name__ for command in step.commands} <= {"StartTimer", "StopTimer"}
    assert {access.id: access.phase for access in ward.state.accesses.values()} == phases


def test_a_ward_session_is_none_at_the_cabinet() -> None:
    """Its name opens nothing, witnesses nothing and keeps nobody's session alive."""
    ward = Ward()
    assert code(arrives(ward)) == ""
    assert not ward.state.sessions
    wish = events.AccessAsked(ward.tick(), SEAT, AccessId("a"), "withdraw", "order", 1, order=OrderId("o1"))  # type: ignore[arg-type]
    assert code(ward.happen(wish)) == "session.unknown"
    assert code(ward.happen(events.SessionActive(ward.tick(), SEAT))) == "session.unknown"


def test_a_touch_lets_the_idle_time_start_afresh_and_the_limit_stands() -> None:
    """Each page is a sign of life; none lasts for ever."""
    ward = ready()
    timing = ward.world.timing
    assert {StartTimer("ward:w1", timing.ward_idle_s), StartTimer("ward_limit:w1", timing.ward_limit_s)} <= set(arrives(ward).commands)
    step = ward.happen(events.WardActive(ward.tick(), SEAT))
    assert step.commands == [StartTimer("ward:w1", timing.ward_idle_s)]
    ward.due("ward_limit:w1")
    assert not ward.state.ward_sessions
    assert code(ward.happen(events.WardActive(ward.tick(), SEAT))) == "session.unknown"


def test_a_session_ends_with_the_account_that_it_stands_on() -> None:
    """A temporary nurse's phone goes dark at the end of the shift, to the second."""
    plain = world()
    ends = utc_text(Ward().now.utc + timedelta(seconds=600))
    nina = replace(plain.staff[StaffId("nina")], until=ends)
    ward = Ward(replace(plain, staff={**plain.staff, StaffId("nina"): nina}))
    step = arrives(ward)
    (limit,) = [command for command in step.commands if isinstance(command, StartTimer) and command.timer.startswith("ward_limit")]
    assert 590 <= limit.after_s <= 600


def test_a_changed_record_ends_every_session_of_that_person_and_no_other() -> None:
    """Within the round that hears of it."""
    plain = world()
    admin = Staff(StaffId("ada"), "Ada", plain.staff[StaffId("nina")].role)
    ward = Ward(replace(plain, staff={**plain.staff, StaffId("ada"): admin}))
    arrives(ward, "nina", "w1")
    arrives(ward, "nina", "w2")
    arrives(ward, "noor", "w3")
    gone = replace(plain.staff[StaffId("nina")], is_active=False)
    enrolment.receive(ward.core.scene, turn_of(ward.core, ward.tick()), gone)
    assert list(ward.state.ward_sessions) == ["w3"]
    assert code(arrives(ward, "nina", "w4")) == "session.revoked"


def test_wrong_secrets_are_counted_where_they_were_tried() -> None:
    """Three on the ward lock the ward alone; a good sign-in there forgets those there and not those at the cabinet."""
    ward = ready()
    for _ in range(3):
        step = ward.happen(events.StaffNotRecognised(ward.tick(), StaffId("nina"), WARD))
    assert code(step) == "session.locked"
    assert StartTimer("locked:ward/nina", 30) in step.commands
    assert code(ward.signs_in("nina")) == ""
    assert ward.state.people.is_locked("nina", WARD)
    assert code(arrives(ward)) == "session.locked"
    ward.restart()
    assert code(arrives(ward)) == "session.locked"
    ward.due("locked:ward/nina")
    assert code(arrives(ward)) == ""


def test_who_is_locked_at_the_cabinet_is_locked_everywhere() -> None:
    """The network is no second chance."""
    ward = ready()
    for _ in range(3):
        ward.fails_to_sign_in("nina")
    assert code(arrives(ward)) == "session.locked"


def test_a_lock_is_named_after_person_and_screen() -> None:
    """And read back as both."""
    assert [parted(lock_of("nina", screen)) for screen in (KIOSK, WARD)] == [("nina", KIOSK), ("nina", WARD)]


def test_how_long_visits_last_is_remembered() -> None:
    """The last twenty, by the journal's clock: a wait is guessed from them."""
    ward = ready()
    for number in range(22):
        ward.signs_in("nina")
        ward.tick(10 + number)
        ward.signs_out("nina")
    assert len(ward.state.people.visits_s) == 20
    assert ward.state.people.visits_s[-1] in {31, 32}


def test_a_restart_ends_them_all() -> None:
    """Tokens do not outlive the process."""
    ward = ready()
    arrives(ward)
    ward.restart()
    assert not ward.state.ward_sessions
    assert [fact.why for fact in ward.facts if isinstance(fact, WardSessionClosed)] == ["the controller restarted"]
