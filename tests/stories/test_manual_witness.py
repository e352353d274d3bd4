"""The manual, the second person: signs one act, inside the first person's access, and nothing stays open after it."""

from dataclasses import replace

from cabinet.domain.facts import SessionRefused, WitnessSigned
from cabinet.domain.people import Role
from cabinet.domain.vocabulary import StaffId
from tests.stories.caller import asked, script
from tests.stories.desk import NURSE, OTHER_NURSE, TECHNICIAN, demo_world, open_desk
from tests.stories.manual import badge_of, begun, code, done, entries
from tests.virtual import virtual

PATIENT, OPIOID = "p-301", "oxycodone-5-tab"


@virtual
async def test_the_record_says_who_signed_for_what_by_which_factors_and_when() -> None:
    """Witness, record; 21 CFR 11.50: name, time and meaning of a signature; 11.70: it stands in the act's own facts."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", item=OPIOID, patient=PATIENT)
        await begun(desk, client, "x1", kind="waste", withdrawal="w1", units=1, reason="dropped", witness=OTHER_NURSE)
        [signed] = entries(desk, WitnessSigned)
        fact = signed.fact
        assert isinstance(fact, WitnessSigned)
        assert (signed.staff, signed.witness, signed.access) == (NURSE, OTHER_NURSE, "x1")
        assert (fact.act, fact.item, fact.said, fact.reason) == ("waste", OPIOID, "1 tablet", "dropped")
        assert fact.factors == ["badge", "secret"]


@virtual
async def test_two_students_do_not_witness_for_each_other_and_a_technician_not_for_a_nurse() -> None:
    """Witness, right: policy says which roles may witness for whom."""
    world = demo_world()
    student = {who: replace(world.staff[StaffId(who)], role=Role.STUDENT) for who in (StaffId(NURSE), StaffId(OTHER_NURSE))}
    async with open_desk(replace(world, staff={**world.staff, **student})) as desk, script(desk, NURSE) as client:
        answer = await asked(client, "w1", kind="withdraw", item=OPIOID, units=1, patient=PATIENT)
        assert (answer.json()["asks"], desk.hardware.pulses) == (["witness"], [])
        for who in (OTHER_NURSE, TECHNICIAN):
            refused = await client.post("/api/v1/accesses/w1/witness", json=badge_of(who))
            assert code(refused) == "witness.role", who
        alone = await client.post("/api/v1/accesses/w1/witness", json={"is_missing": True})
        assert code(alone) == "witness.needed"
        assert desk.hardware.pulses == []
        await client.post("/api/v1/accesses/w1/witness", json=badge_of("dev-patel"))
        await desk.calm()
        assert desk.hardware.pulses


@virtual
async def test_a_wrong_pin_where_a_colleague_signs_is_kept_with_the_access_it_was_for() -> None:
    """Witness, record: whose PIN was tried at whose waste is what an auditor asks; a refusal without its access says neither."""
    async with open_desk(demo_world()) as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", item=OPIOID, patient=PATIENT)
        await asked(client, "x1", kind="waste", withdrawal="w1", units=1, reason="dropped")
        refused = await client.post("/api/v1/accesses/x1/witness", json={"badge": f"badge-{OTHER_NURSE}", "secret": "135790"})
        assert code(refused) == "session.not_recognised"
        assert [(entry.access, entry.fact.claimed) for entry in entries(desk, SessionRefused)] == [("x1", OTHER_NURSE)]  # type: ignore[attr-defined]


@virtual
async def test_a_colleague_who_was_switched_off_signs_nothing_and_the_attempt_is_kept() -> None:
    """Witness, right: their PIN is still right, and they are not let in; "nothing was recorded" would hide that somebody uses it."""
    world = demo_world()
    gone = replace(world.staff[StaffId(OTHER_NURSE)], is_active=False)
    async with open_desk(replace(world, staff={**world.staff, gone.id: gone})) as desk, script(desk, NURSE) as client:
        await done(desk, client, "w1", 1, kind="withdraw", item=OPIOID, patient=PATIENT)
        await asked(client, "x1", kind="waste", withdrawal="w1", units=1, reason="dropped")
        refused = await client.post("/api/v1/accesses/x1/witness", json=badge_of(OTHER_NURSE))
        assert refused.json()["recorded"] == "The attempt was recorded."
        [kept] = entries(desk, SessionRefused)
        assert (kept.access, kept.fact.claimed) == ("x1", OTHER_NURSE)  # type: ignore[attr-defined]
