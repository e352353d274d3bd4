"""The manual, signing in: who is let in, what is written down of it, and what a person is told first."""

from dataclasses import replace

from cabinet.domain.facts import SessionOpened, SessionRefused
from cabinet.domain.people import Staff
from cabinet.domain.vocabulary import StaffId
from tests.stories.caller import screen, script, stranger
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, demo_world, open_desk
from tests.stories.manual import code, done, entries
from tests.virtual import virtual

PATIENT, OPIOID = "p-301", "oxycodone-5-tab"


@virtual
async def test_every_sign_in_good_or_bad_is_written_down_with_person_method_and_time() -> None:
    """Sign-in, record: who, by what, whether it was good, when, at which cabinet; and never a PIN."""
    async with open_desk() as desk, stranger(desk) as client:
        for body in (
            {"badge": f"badge-{NURSE}", "secret": PIN}, {"id": OTHER_NURSE, "secret": PIN}, {"badge": f"badge-{NURSE}", "secret": "135790"},
            {"badge": "found-on-the-floor", "secret": "135790"},
        ):  # fmt: skip
            await client.post("/api/v1/sessions", json=body)
        good = entries(desk, SessionOpened)
        assert [(entry.staff, entry.fact.factors) for entry in good] == [(NURSE, ["badge", "secret"]), (OTHER_NURSE, ["id", "secret"])]  # type: ignore[attr-defined]
        bad = entries(desk, SessionRefused)
        assert [entry.fact.claimed for entry in bad] == [NURSE, None]  # type: ignore[attr-defined]
        assert all(entry.at.tzinfo is not None for entry in good + bad)
        everything = str(list(desk.journal.entries(0)))
        assert "135790" not in everything
        assert PIN not in everything


@virtual
async def test_who_left_works_elsewhere_or_is_not_current_is_not_let_in_and_told_why() -> None:
    """Sign-in, checks: active, of this care area, not past the last day; each has its own sentence and its remedy."""
    world = demo_world()
    people = {**world.staff, **{StaffId(who): replace(world.staff[StaffId(NURSE)], id=StaffId(who), **changed) for who, changed in {  # type: ignore[arg-type]
        "left": {"is_active": False}, "visitor": {"areas": frozenset({"intensive-care"})}, "over": {"until": "2026-11-22T19:00:00.000Z"},
    }.items()}}  # fmt: skip
    assert isinstance(people[StaffId("left")], Staff)
    async with open_desk(replace(world, staff=people)) as desk, stranger(desk) as client:
        refused = {}
        for who in ("left", "visitor", "over"):
            answer = await client.post("/api/v1/sessions", json={"badge": f"badge-{who}", "secret": PIN})
            refused[who] = code(answer)
            assert answer.json()["remedy"], who
        assert refused == {"left": "session.revoked", "visitor": "session.area", "over": "session.expired"}


@virtual
async def test_the_first_screen_tells_a_nurse_what_she_owes_and_what_needs_attention() -> None:
    """Sign-in, notice: nobody has to look for what was left undone."""
    async with open_desk() as desk:
        async with script(desk, NURSE) as client:
            await done(desk, client, "e1", 1, kind="emergency", item=OPIOID, patient=PATIENT)
            await client.delete("/api/v1/sessions")
        async with screen(desk, NURSE) as page:
            shown = (await page.get("/")).text
            assert f'class="badge">{len(desk.core.state.debts)}<' in shown
            assert "Needs attention" in shown
