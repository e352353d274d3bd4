"""Stories of a technician who changes how much a pocket holds, and sees beforehand what that comes to."""

import asyncio

from cabinet.domain.facts import LevelsChanged
from tests.stories.caller import screen, script
from tests.stories.desk import NURSE, PHARMACIST, TECHNICIAN, Desk, demo_world, open_desk
from tests.stories.manual import code, done, facts
from tests.virtual import virtual

PATIENT, PLAIN = "p-301", "acetaminophen-325-tab"
DAY_S = 86_400


async def lived(desk: Desk, days: int, units: int = 4) -> str:
    """So many days on which a nurse took something; the pocket that it came from."""
    pocket = desk.pocket_of(PLAIN)
    for day in range(days):
        async with script(desk, NURSE) as client:
            await done(
                desk,
                client,
                f"day-{day}",
                kind="withdraw",
                pocket=pocket,
                units=units,
                patient=PATIENT,
                authority="override",
                reason="Emergency",
            )
        await asyncio.sleep(DAY_S)
    return pocket


@virtual
async def test_levels_are_typed_looked_at_and_then_set() -> None:
    """Nothing changes before the effect was on the screen; then one fact with its person, and the refill list follows."""
    async with open_desk(demo_world({PLAIN: 400})) as desk:
        pocket = await lived(desk, 16)
        async with screen(desk, TECHNICIAN) as page:
            assert f"/pockets/{pocket}/levels" in (await page.get(f"/pockets/{pocket}")).text
            now = (await page.get(f"/pockets/{pocket}/levels")).text
            assert "By 16 days of use of this pocket" in now
            assert "Set these levels" not in now
            typed = {"par": "20", "min": "6", "critical_low": "2"}
            then = (await page.get(f"/pockets/{pocket}/levels", params=typed)).text
            assert "Set these levels" in then
            assert not facts(desk, LevelsChanged)
            assert (await page.post(f"/pockets/{pocket}/levels", data=typed)).url.path == f"/pockets/{pocket}"
            (changed,) = facts(desk, LevelsChanged)
            assert (changed.par, changed.min, changed.critical_low) == (20, 6, 2)
            refused = (await page.get(f"/pockets/{pocket}/levels", params=typed | {"min": "30"})).text
            assert "levels.order" in refused
            assert "Set these levels" not in refused


@virtual
async def test_three_days_of_use_are_too_little_to_predict() -> None:
    """A figure would be believed."""
    async with open_desk(demo_world({PLAIN: 400})) as desk:
        pocket = await lived(desk, 3)
        async with screen(desk, TECHNICIAN) as page:
            assert "3 days of use: too little to predict." in (await page.get(f"/pockets/{pocket}/levels")).text


@virtual
async def test_scripts_ask_what_levels_would_come_to() -> None:
    """Fewer refill trips with a higher par, by the same days of use; a nurse's role changes none."""
    async with open_desk(demo_world({PLAIN: 400})) as desk:
        pocket = await lived(desk, 16)
        async with script(desk, PHARMACIST) as client, script(desk, NURSE) as nurse:
            path = f"/api/v1/pars/{pocket}/forecast"
            low, high = [(await client.get(path, params={"par": par, "min": 5})).json()["forecast"] for par in (12, 60)]
            assert (low["days"], low["per_day"], low["trips"] > 3 * high["trips"]) == (16, 4.0, True)
            assert code(await client.get(path, params={"par": 5, "min": 9})) == "levels.order"
            assert code(await nurse.get(path)) == "policy.role"
