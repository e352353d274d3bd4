"""The bench over the kiosk's own routes: who may do what, what is told and what is withheld, and what the ward sees meanwhile."""

import asyncio
from pathlib import Path

import httpx
import pytest

from cabinet.domain.facts import AddressChanged, MaintenanceEnded, Outcome, ReleaseIntended, ReleaseSettled, SelftestDone
from cabinet.workbench.bench import Refused
from cabinet.workbench.replacing import NotReplaced, take_in
from cabinet.workbench.scanning import identify_all, read_all, scan_line
from cabinet.workbench.tracing import follow, line_of
from config.schema import Site
from firmware_sim.fault import Fault
from tests.stories.workshop import NURSE, PIN, TECHNICIAN, Workshop, demo, open_workshop, readdressed
from tests.virtual import virtual


@virtual
async def test_a_nurse_serves_nothing_and_takes_the_cabinet_back(tmp_path: Path) -> None:
    """Reading what a board tells is for those who repair; giving the cabinet back to the ward is for whoever needs it."""
    async with open_workshop(tmp_path) as shop, shop.bench() as technician, shop.bench(NURSE) as nurse:
        for act in (nurse.picture(), nurse.take(), nurse.identify("locks-a"), nurse.pulse("locks-a:0"), nurse.selftest()):
            with pytest.raises(Refused, match=r"policy\.role"):
                await act
        await technician.take()
        with pytest.raises(Refused, match=r"cabinet\.maintenance"):
            await _withdraw(shop)
        await nurse.give_back()
        assert shop.house.core.state.mode == "ready"
        with pytest.raises(Refused, match=r"service\.not_in_maintenance"):
            await technician.pulse("locks-a:0")


async def _withdraw(shop: Workshop) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://localhost") as client:
        session = await client.post("/api/v1/sessions", json={"badge": f"badge-{NURSE}", "secret": PIN})
        client.headers["Authorization"] = f"Bearer {session.json()['token']}"
        wish = {"id": "a-1", "kind": "withdraw", "pocket": "m1-01", "units": 1, "order": "p-301-2"}
        answer = await client.post("/api/v1/accesses", json=wish)
        if not answer.is_success:
            raise Refused(answer.json()["code"], answer.json()["title"], "", answer.status_code)


@virtual
async def test_the_ward_reads_who_has_the_cabinet(tmp_path: Path) -> None:
    """Whoever comes for a medicine sees who has it, until when, and how to get it back."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="https://localhost") as client:
            page = (await client.get("/")).text
            assert "In maintenance" in page
            assert "by Farid Haddad since 07:00 UTC, back at 07:30 UTC at the latest" in page
            assert "/bench/give-back" not in page
            client.headers["Sec-Fetch-Site"] = "same-origin"
            client.follow_redirects = True
            page = (await client.post("/sign-in", data={"badge": f"badge-{NURSE}", "secret": PIN})).text
            assert "/bench/give-back" in page
            page = (await client.post("/bench/give-back")).text
            assert "In maintenance" not in page


@virtual
async def test_the_technicians_page_shows_what_was_found(tmp_path: Path) -> None:
    """The result of the night's self-test is for the technician's eyes in the morning."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        shop.sim.faults.cause(Fault("scale_unsteady", "scale-4"))
        findings = await bench.selftest()
        assert any("scale-4" in finding for finding in findings)
        (done,) = shop.facts(SelftestDone)
        assert (done.is_passed, done.findings) == (False, findings)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="https://localhost") as client:
            client.headers["Sec-Fetch-Site"] = "same-origin"
            client.follow_redirects = True
            await client.post("/sign-in", data={"badge": f"badge-{TECHNICIAN}", "secret": PIN})
            page = (await client.get("/bench")).text
            assert "Nobody has walked through this cabinet yet" in page
            assert "scale-4" in page


@virtual
async def test_a_sound_cabinet_passes_its_self_test(tmp_path: Path) -> None:
    """And nothing is opened for it."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        findings = await bench.selftest()
        assert [finding for finding in findings if "not begun" not in finding] == [], "readers are not begun in virtual time"
        assert shop.facts(ReleaseIntended) == []


@virtual
async def test_a_pulse_says_what_moved_and_is_in_the_journal(tmp_path: Path) -> None:
    """One intent, one outcome, by name; a jammed drawer is told as such."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        assert await bench.pulse("locks-a:0") == {"lock": "locks-a:0", "outcome": "opened", "state": "open", "others": []}
        shop.sim.hand.push("m1")
        await asyncio.sleep(1)
        shop.sim.faults.cause(Fault("drawer_jammed", "m2"))
        assert (await bench.pulse("locks-b:0"))["outcome"] == "not_opened"
        assert [fact.outcome for fact in shop.facts(ReleaseSettled)] == [Outcome.OPENED, Outcome.NOT_OPENED]
        assert all(entry.staff == TECHNICIAN for entry in shop.journal.entries() if isinstance(entry.fact, ReleaseIntended))


@virtual
async def test_what_a_scale_says_of_a_pocket_that_is_counted_blind_is_withheld(tmp_path: Path) -> None:
    """A technician who reads 17.36 g knows how many tablets the journal ought to say."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        assert (await bench.read("scale-1"))["mass_mg"] is None
        assert (await bench.read("scale-4"))["mass_mg"] is not None
        await bench.take()
        with pytest.raises(Refused, match=r"service\.count_blind"):
            await bench.count("n1-01")
        with pytest.raises(Refused, match=r"service\.no_scale"):
            await bench.count("m1-01")
        told = await bench.count("n1-04")
        assert told["is_steady"]
        assert told["verdict"]


@virtual
async def test_who_everybody_is_and_what_they_tell(tmp_path: Path) -> None:
    """All boards at once; one that is silent says so, and the others are told all the same."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        assert [row["board"] for row in await identify_all(bench, ())] == [board.id for board in demo().site.boards]
        rows = {row["board"]: row for row in await read_all(bench, ("locks-a", "scale-4"))}
        assert rows["locks-a"]["inputs"][:3] == [True, True, False]
        shop.sim.faults.cause(Fault("board_silent", "scale-4"))
        (row,) = await read_all(bench, ("scale-4",))
        assert "fault" in row
        with pytest.raises(Refused, match=r"service\.no_board"):
            await read_all(bench, ("nobody",))


@virtual
async def test_a_scan_finds_who_is_there_and_who_is_not(tmp_path: Path) -> None:
    """Against the site: a board at another address is missing at its own and unknown at the other."""
    plant = readdressed(demo().site, "lids-n1", 5)
    async with open_workshop(tmp_path, plant=plant) as shop, shop.bench() as bench:
        picture = await bench.take()
        rows = {row["address"]: row async for row in scan_line(bench, picture, "locks", range(1, 8))}
        assert {address: row["is_wrong"] for address, row in rows.items()} == {2: False, 3: True, 5: True}
        assert "nobody answers" in rows[3]["verdict"]
        assert "waveshare_relay_d8" in rows[5]["models"]
        assert shop.house.core.state.failures.keys() <= {"lids-n1"}, "asking strangers makes nobody suspect"


@virtual
async def test_two_at_one_address_garble_each_other(tmp_path: Path) -> None:
    """What a scan can tell of twins; the walk tells the rest."""
    plant = readdressed(demo().site, "lids-n1", 2)
    async with open_workshop(tmp_path, plant=plant) as shop, shop.bench() as bench:
        picture = await bench.take()
        (row, *_) = [row async for row in scan_line(bench, picture, "locks", (2,))]
        assert (row["answer"], row["is_wrong"]) == ("garbled", True)
        assert "two boards at one address" in row["verdict"]


def _new_board(address: int = 1) -> Site:
    return readdressed(demo().site, "lids-n1", address)


@virtual
async def test_a_new_board_gets_its_address(tmp_path: Path) -> None:
    """One board at the factory's address, nobody at the target: written by name, read back, and in the journal."""
    async with open_workshop(tmp_path, plant=_new_board()) as shop, shop.bench() as bench:
        await bench.take()
        found = await bench.move("locks", 1, 3)
        assert found["answer"] == "answers"
        assert shop.facts(AddressChanged) == [AddressChanged("locks", 1, 3)]


@virtual
async def test_an_address_is_not_written_where_it_must_not(tmp_path: Path) -> None:
    """Not over somebody, not from nobody, not to an address that no site names, and never to everybody."""
    async with open_workshop(tmp_path, plant=_new_board()) as shop, shop.bench() as bench:
        with pytest.raises(Refused, match=r"service\.not_in_maintenance"):
            await bench.move("locks", 1, 3)
        await bench.take()
        for source, target, why in ((1, 2, "answers at 2 already"), (9, 3, "nobody answers at 9"), (1, 7, "names no board at 7")):
            with pytest.raises(Refused, match=why):
                await bench.move("locks", source, target)
        with pytest.raises(Refused, match=r"request\.malformed"):
            await bench.move("locks", 0, 3)
        shop.sim.faults.cause(Fault("board_silent", "scale-4"))
        with pytest.raises(Refused, match="set at the board itself"):
            await bench.move("scales", 10, 13)
        assert shop.facts(AddressChanged) == []


async def yes(_question: str) -> bool:
    """A technician who has done as asked."""
    return True


async def no(_question: str) -> bool:
    """A technician who has not."""
    return False


@virtual
async def test_a_replaced_board_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """It comes with the factory's address; what it is not, is said."""
    said: list[str] = []
    async with open_workshop(tmp_path, plant=_new_board()) as shop, shop.bench() as bench:
        await take_in(bench, "lids-n1", said.append, yes)
        assert any("its address is 3 now" in sentence for sentence in said)
        with pytest.raises(NotReplaced, match="nothing was done"):
            await take_in(bench, "lids-n1", said.append, no)
        with pytest.raises(Refused, match=r"service\.no_board"):
            await take_in(bench, "nobody", said.append, yes)


@virtual
async def test_a_trace_tells_both_sides_with_their_timing(tmp_path: Path) -> None:
    """What is asked and what is answered, in words, as it goes over the line."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        said = [one async for one in follow(bench, ("locks",), 1.5)]
        assert {one["bus"] for one in said} == {"locks"}
        ours = [one for one in said if one["is_ours"]]
        theirs = [one for one in said if not one["is_ours"]]
        assert any("unit 2: read inputs 0000, 8 of them" in one["meaning"] for one in ours)
        assert any("unit 2: read inputs: 03" in one["meaning"] for one in theirs)
        assert all(one["after_ms"] is None or one["after_ms"] >= 0 for one in said)
        assert "->" in line_of(ours[0])


@virtual
async def test_a_trace_tells_no_weight_that_is_withheld(tmp_path: Path) -> None:
    """Whoever may count a blind pocket would otherwise read its balance off the line."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.read("scale-1")
        said = [one async for one in follow(bench, ("scales",), 0.5)]
        frames = [frame for frame in await bench.trace(0, 0) if frame["bus"] == "scales"]
        assert {frame["is_ours"] for frame in frames} == {True, False}
        assert all(bool(frame["data"]) is frame["is_ours"] for frame in frames)
        assert all(one["meaning"].startswith("withheld") for one in said if not one["is_ours"])


@virtual
async def test_a_trace_from_nowhere_is_refused(tmp_path: Path) -> None:
    """No number of a frame is as large as that."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        with pytest.raises(Refused, match=r"request\.malformed"):
            await bench.trace(10**20, 0)


@virtual
async def test_a_trace_is_followed_for_longer_than_a_session_lasts_untouched(tmp_path: Path) -> None:
    """Whoever waits for a fault that comes now and then touches nothing meanwhile."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        assert [one async for one in follow(bench, ("climate",), shop.house.loaded.site.timing.session_idle_s + 10)]
        await bench.picture()


@virtual
async def test_a_screen_that_was_left_in_maintenance_serves_nobody(tmp_path: Path) -> None:
    """No session ends at the bench: whoever passes the screen meanwhile must not go on under the technician's name."""
    async with (
        open_workshop(tmp_path) as shop,
        httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="https://localhost", follow_redirects=True) as page,
    ):
        page.headers["Sec-Fetch-Site"] = "same-origin"
        known = {"badge": f"badge-{TECHNICIAN}", "secret": PIN}
        await page.post("/sign-in", data=known)
        await page.post("/bench/take")
        await asyncio.sleep(30)
        assert 'action="/sign-in"' not in (await page.get("/bench")).text
        await asyncio.sleep(90)
        for way, path in (("GET", "/"), ("GET", "/bench"), ("POST", "/bench/give-back"), ("GET", "/scales")):
            shown = await page.request(way, path)
            assert 'action="/sign-in"' in shown.text, path
        assert shop.house.core.state.mode == "maintenance"
        await page.post("/sign-in", data=known)
        await page.post("/bench/give-back")
        assert shop.house.core.state.mode == "ready"


@virtual
async def test_in_an_emergency_nobody_gives_the_cabinet_back_first(tmp_path: Path) -> None:
    """A nurse at a cabinet in maintenance finds the emergency list as ever; her touch opens, and the technician's turn is over."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://localhost") as client:
            session = await client.post("/api/v1/sessions", json={"badge": f"badge-{NURSE}", "secret": PIN})
            client.headers["Authorization"] = f"Bearer {session.json()['token']}"
            answer = await client.post("/api/v1/accesses", json={"id": "e-1", "kind": "emergency", "item": "naloxone-0-4-vial", "units": 1})
            assert answer.status_code == 201, answer.text
        (ended,) = shop.facts(MaintenanceEnded)
        assert ended.why == "an emergency"
