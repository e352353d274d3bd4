"""The technician's bench in the core: maintenance, single pulses, lights, and what they owe."""

from dataclasses import replace

import pytest

from cabinet.domain import events, facts
from cabinet.domain.commands import ReleaseLock, SwitchLight
from cabinet.domain.core import Step
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import PocketId, SessionId, StaffId
from tests.domain.ward import POLICY, Ward, granting, opened, replayed, world

TOM = "tom"


def at_bench(setting: object = None) -> Ward:
    """A ward whose cabinet tom, the technician, has just taken into maintenance."""
    ward = Ward(setting)  # type: ignore[arg-type]
    ward.signs_in(TOM)
    assert takes(ward).refusal is None
    return ward


def takes(ward: Ward, by: str = TOM) -> Step:
    return ward.happen(events.MaintenanceAsked(ward.tick(), SessionId(by)))


def gives_back(ward: Ward, by: str = TOM) -> Step:
    return ward.happen(events.MaintenanceEndAsked(ward.tick(), SessionId(by)))


def pulses(ward: Ward, lock: str, by: str = TOM) -> Step:
    return ward.happen(events.ServicePulseAsked(ward.tick(), SessionId(by), lock))


def lights(ward: Ward, pocket: str, for_s: float = 5.0) -> Step:
    return ward.happen(events.ServiceLightAsked(ward.tick(), SessionId(TOM), PocketId(pocket), for_s))


def code(step: Step) -> str | None:
    return None if step.refusal is None else step.refusal.code


def test_maintenance_is_begun_and_ended_by_name() -> None:
    """Whoever wants a medicine meanwhile is told who has the cabinet, and the journal says for ever."""
    ward = at_bench()
    begun = next(draft for draft in ward.drafts if isinstance(draft.fact, facts.MaintenanceBegun))
    assert (ward.state.mode, begun.staff) == ("maintenance", TOM)
    ward.signs_in("nina")
    refusal = ward.wants("withdraw", "p1").refusal
    assert refusal is not None
    assert refusal.code == "cabinet.maintenance"
    assert "by " in refusal.detail
    assert "back at" in refusal.detail
    assert gives_back(ward).refusal is None
    assert ward.state.mode == "ready"
    assert ward.wants("withdraw", "p1").refusal is None


def test_the_cabinet_goes_back_by_itself() -> None:
    """A technician who is called away keeps nobody from a medicine."""
    ward = at_bench()
    ward.due("maintenance")
    assert (ward.state.mode, ward.state.maintenance) == ("ready", None)
    assert ward.facts_of(facts.MaintenanceEnded) == [facts.MaintenanceEnded("its time was over")]


def test_a_nurse_may_end_it() -> None:
    """A medicine comes before a repair, and the fact names who needed it."""
    ward = at_bench()
    ward.signs_in("nina")
    assert gives_back(ward, "nina").refusal is None
    ended = next(draft for draft in ward.drafts if isinstance(draft.fact, facts.MaintenanceEnded))
    assert (ended.staff, ward.state.mode) == ("nina", "ready")
    assert code(gives_back(ward, "nina")) == "service.not_in_maintenance"


def test_signing_out_gives_the_cabinet_back() -> None:
    """Who leaves is done."""
    ward = at_bench()
    ward.signs_out(TOM)
    assert ward.state.mode == "ready"


def test_a_session_at_the_bench_does_not_time_out() -> None:
    """A walk through a cabinet is done with both hands, far from the screen."""
    ward = at_bench()
    ward.due("limit:tom")
    ward.due("session:tom")
    assert TOM in ward.state.sessions
    ward.due("maintenance")
    ward.due("session:tom")
    assert TOM not in ward.state.sessions


def test_only_who_serves_may_take_it_and_never_from_under_a_hand() -> None:
    """An access that is under way is finished first; a role without the right is refused; badge and PIN are asked."""
    ward = opened("withdraw", "p1")
    ward.signs_in(TOM)
    assert code(takes(ward)) == "cabinet.in_use"
    assert code(takes(ward, "nina")) == "policy.role"
    assert code(takes(ward, "nobody")) == "session.unknown"
    ward.signs_in(TOM, ("id", "secret"), "by-id")
    assert code(takes(ward, "by-id")) == "policy.factors"
    starting = Ward(is_ready=False)
    starting.signs_in(TOM)
    assert code(takes(starting)) == "cabinet.not_ready"


def test_one_bench_has_one_technician() -> None:
    """Two people pulsing locks of one cabinet put fingers between drawers."""
    ward = at_bench(world(policy=granting(maintain={Role.TECHNICIAN, Role.PHARMACIST})))
    ward.signs_in("pia")
    assert code(takes(ward, "pia")) == "cabinet.maintenance"
    assert code(pulses(ward, "locks:0", "pia")) == "cabinet.maintenance"
    assert takes(ward).refusal is None, "whoever has it may ask for the whole time afresh"


def test_a_technician_goes_from_the_kiosk_to_the_command_line() -> None:
    """The same person in another session takes their own bench along; the session that they left ends nothing."""
    ward = at_bench()
    ward.signs_in(TOM, session="again")
    assert code(pulses(ward, "locks:0", "again")) == "cabinet.maintenance"
    assert takes(ward, "again").refusal is None
    assert pulses(ward, "locks:0", "again").refusal is None
    ward.signs_out(TOM)
    assert ward.state.mode == "maintenance"


def test_a_restart_ends_it() -> None:
    """After a power cut the cabinet is the ward's: what was being repaired shows by itself."""
    ward = at_bench()
    ward.restart()
    assert (ward.state.mode, ward.state.maintenance) == ("ready", None)


def test_a_pulse_at_the_bench_is_an_intent_with_one_outcome_by_name() -> None:
    """The journal does not know two kinds of unlocking."""
    ward = at_bench()
    step = pulses(ward, "locks:0")
    assert step.refusal is None
    assert [command.coil.number for command in step.commands if isinstance(command, ReleaseLock)] == [0]
    assert code(pulses(ward, "locks:1")) == "access.looking"
    assert code(gives_back(ward)) == "access.looking"
    ward.opens("locks:0")
    kept = [draft for draft in ward.drafts if isinstance(draft.fact, facts.ReleaseIntended | facts.ReleaseSettled)]
    assert [(type(draft.fact).__name__, draft.access, draft.staff) for draft in kept] == [
        ("ReleaseIntended", None, TOM), ("ReleaseSettled", None, TOM),
    ]  # fmt: skip
    assert isinstance(kept[1].fact, facts.ReleaseSettled)
    assert kept[1].fact.outcome is facts.Outcome.OPENED
    ward.closes("locks:0")
    assert ward.lock("locks:0") == "latched"


def test_what_a_pulse_exposes_owes_a_count_unless_nothing_is_there() -> None:
    """Hands were inside that no access names; an empty pocket has nothing to miss."""
    ward = at_bench()
    pulses(ward, "locks:0")
    ward.opens("locks:0")
    owing = {pocket for pocket, line in ward.state.lines.items() if line.owes}
    exposed = {pocket.id for pocket in ward.world.layout.exposed_by(ward.world.layout.locks["locks:0"])}
    held = {pocket for pocket in exposed if pocket in ward.state.lines and ward.line(pocket).units}
    assert owing == {pocket for pocket in held if ward.line(pocket).count_mode != "bulk"}
    assert owing


def test_a_pulse_that_moves_nothing_is_settled_and_fails_no_drawer() -> None:
    """A technician tries what is broken, again and again; that is what the bench is for."""
    ward = at_bench()
    for _ in range(4):
        assert pulses(ward, "locks:0").refusal is None
        ward.stays_shut("locks:0")
    assert ward.lock("locks:0") == "latched"
    assert [fact.outcome for fact in ward.facts if isinstance(fact, facts.ReleaseSettled)] == [facts.Outcome.NOT_OPENED] * 4


def test_a_lock_that_cannot_be_looked_at_is_not_pulsed() -> None:
    """A contact that reads open, or cannot be read, would tell nothing of what the pulse did."""
    ward = at_bench()
    assert code(pulses(ward, "locks:99")) == "service.no_lock"
    ward.opens("locks:0")
    assert code(pulses(ward, "locks:0")) == "service.reads_open"
    ward.closes("locks:0")
    ward.loses("locks")
    assert code(pulses(ward, "locks:0")) == "drawer.unknown"


def test_a_failed_drawer_is_freed_before_it_is_pulsed() -> None:
    """Its recovery says that somebody looked."""
    ward = Ward()
    ward.signs_in("nina")
    ward.wants("withdraw", "p1")
    for _ in range(3):
        ward.stays_shut("locks:0")
        ward.asks_again()
    ward.signs_in(TOM)
    assert ward.lock("locks:0") == "failed"
    for access in list(ward.state.active()):
        ward.cancels(access=access.id)
    assert takes(ward).refusal is None
    assert code(pulses(ward, "locks:0")) == "service.failed_first"


def test_nothing_is_pulsed_or_lit_outside_maintenance() -> None:
    """While the cabinet serves the ward, a drawer opens for an access or not at all."""
    ward = Ward()
    ward.signs_in(TOM)
    assert code(pulses(ward, "locks:0")) == "service.not_in_maintenance"
    assert code(lights(ward, "p1")) == "service.not_in_maintenance"


def test_a_light_burns_for_a_while_and_no_longer() -> None:
    """Nothing at the bench holds anything on."""
    plain = world()
    first, *others = plain.layout.drawers
    unlit = replace(first, pockets=(replace(first.pockets[0], light=None), *first.pockets[1:]))
    ward = at_bench(replace(plain, layout=replace(plain.layout, drawers=(unlit, *others))))
    dark, lit = unlit.pockets[0], unlit.pockets[1]
    assert SwitchLight(lit.light, True) in lights(ward, lit.id, 500).commands  # type: ignore[arg-type]
    assert SwitchLight(lit.light, False) in ward.due(f"dark:{lit.id}").commands  # type: ignore[arg-type]
    assert code(lights(ward, dark.id)) == "service.no_light"
    assert code(lights(ward, "ghost")) == "pocket.unknown"


def test_results_of_the_bench_are_facts_by_name() -> None:
    """What a cabinet was commissioned as, and by whom, outlives everybody's memory."""
    ward = at_bench()
    result = facts.CabinetCommissioned("w" * 64, "", False, 12, ["locks:1"], "a" * 64)
    assert ward.happen(events.CommissioningDone(ward.tick(), SessionId(TOM), result)).refusal is None
    assert ward.state.commissioning is not None
    assert (ward.state.commissioning.staff, ward.state.commissioning.failed) == (TOM, ["locks:1"])
    assert ward.happen(events.AddressWasChanged(ward.tick(), SessionId(TOM), "locks", 1, 4)).refusal is None
    ward.happen(events.SelftestFinished(ward.tick(), "adc 9", False, ("scale-1 is silent",), StaffId(TOM)))
    assert ward.state.selftest is not None
    assert (ward.state.selftest.software, ward.state.selftest.findings) == ("adc 9", ["scale-1 is silent"])
    part = replace(result, scope="lids", wiring="v" * 64, is_passed=True, failed=[])
    assert ward.happen(events.CommissioningDone(ward.tick(), SessionId(TOM), part)).refusal is None
    assert ward.state.commissioning.wiring == "w" * 64, "one board that passed vouches for no wire of another"


def test_replay_knows_what_life_knew() -> None:
    """Maintenance, pulses and results come out of the journal as they went in."""
    ward = at_bench()
    pulses(ward, "locks:0")
    ward.opens("locks:0")
    assert replayed(ward.world, ward.drafts).state == ward.state


@pytest.mark.parametrize("role", [Role.NURSE, Role.PHARMACIST])
def test_the_policy_says_who_serves(role: Role) -> None:
    """Which roles repair is the hospital's to say."""
    ward = Ward(world(policy=granting(maintain={role})))
    ward.signs_in(TOM)
    assert code(takes(ward)) == "policy.role"


def test_who_never_fills_a_controlled_pocket_opens_none_at_the_bench() -> None:
    """Service of the maker repairs a lid that nothing lies behind, and calls the pharmacy for the others (T15)."""
    ward = at_bench(world(policy=replace(POLICY, may={**POLICY.may, Role.TECHNICIAN: frozenset({"count", "maintain"})})))
    assert pulses(ward, "locks:1").refusal is None
    ward.opens("locks:1")
    assert code(pulses(ward, "locks:2")) == "service.controlled"
    ward.closes("locks:1")
    assert pulses(ward, "locks:0").refusal is None


def test_a_lid_is_pulsed_only_in_an_open_drawer() -> None:
    """Under a shut one it has no room, and to show open there would put a good drawer out of use."""
    ward = at_bench()
    takes(ward)
    assert code(pulses(ward, "locks:2")) == "service.drawer_first"
    assert code(pulses(ward, "locks:1")) is None
    ward.opens("locks:1")
    assert code(pulses(ward, "locks:2")) is None


def test_an_emergency_ends_maintenance_by_itself() -> None:
    """Nobody stands before a dying patient and looks for the button that gives the cabinet back."""
    ward = at_bench(world(policy=granting(emergency={Role.NURSE}, maintain={Role.TECHNICIAN})))
    ward.signs_in("nina")
    assert code(ward.wants("withdraw", "p1", access="w")) == "cabinet.maintenance"
    assert code(ward.wants("emergency", "p1", 1, authority="emergency")) is None
    assert ward.state.mode == "ready"
    ended = next(draft for draft in ward.drafts if isinstance(draft.fact, facts.MaintenanceEnded))
    assert (ended.staff, ended.fact) == ("nina", facts.MaintenanceEnded("an emergency"))
    ward.opens("locks:0")
    assert ward.access().phase == "open"


def test_who_may_not_open_in_an_emergency_ends_no_maintenance() -> None:
    """The word alone is nobody's key."""
    ward = at_bench(world(policy=granting(emergency={Role.NURSE}, maintain={Role.TECHNICIAN})))
    ward.signs_in("pia")
    assert code(ward.wants("emergency", "p1", 1, by="pia", authority="emergency")) == "cabinet.maintenance"
    assert ward.state.maintenance is not None
