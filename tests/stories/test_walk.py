"""The walk through a cabinet: a sound one passes, and each way of being wired wrongly is found and named."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cabinet.adapters.signing import NotSigned, check_signed
from cabinet.domain.facts import CabinetCommissioned, ReleaseIntended, ReleaseSettled
from cabinet.workbench.bench import Refused
from cabinet.workbench.proof.finding import REMEDIES
from cabinet.workbench.walk import Walk
from config.models import MODELS
from config.schema import Site
from firmware_sim.fault import Fault
from tests.stories.workshop import TECHNICIAN, Workshop, demo, open_workshop, readdressed, rewired
from tests.virtual import virtual

Rows = list[dict[str, Any]]


async def walked(shop: Workshop, scope: str = "") -> Rows:
    """A walk with the virtual cabinet's hands."""
    async with shop.bench() as bench, shop.hand() as hand:
        return await Walk(bench, hand, lambda _: None, scope).run()


READERS = {board.id for board in demo().site.boards if MODELS[board.model].kind == "reader"}
"""None is begun in virtual time, for libosdp keeps time by its own clock: each is silent, and a walk on real lines proves them."""


def failed(rows: Rows) -> dict[str, str]:
    """Channel -> code of what did not pass."""
    return {row["channel"]: row["code"] for row in rows if row["verdict"] == "failed" and row["channel"] not in READERS}


@virtual
async def test_the_demo_cabinet_passes_its_walk(tmp_path: Path) -> None:
    """Every lock, lid, light, photo-eye and scale is proven once, and every pulse is in the journal with its outcome."""
    async with open_workshop(tmp_path) as shop:
        rows = await walked(shop)
        assert failed(rows) == {}
        site = demo().site
        locks = {row["channel"] for row in rows if row["part"] == "lock"}
        assert locks == {d.lock for d in site.drawers} | {p.lock for d in site.drawers for p in d.pockets if p.lock is not None}
        assert {row["channel"] for row in rows if row["part"] == "board"} == {board.id for board in site.boards}
        lights = {p.light for d in site.drawers for p in d.pockets if p.light is not None}
        assert {row["channel"] for row in rows if row["part"] == "light"} == lights
        intents = [fact.intent for fact in shop.facts(ReleaseIntended)]
        assert len(intents) == len(locks)
        assert [fact.intent for fact in shop.facts(ReleaseSettled)] == intents
        assert shop.house.core.state.mode == "ready", "the cabinet is the ward's again"


def swapped(first: str, second: str, *keys: str) -> Site:
    """The demo cabinet with two channels wired to each other's places."""
    return rewired(demo().site, {first: second, second: first}, keys)


@virtual
async def test_two_contacts_that_are_swapped_are_found(tmp_path: Path) -> None:
    """The drawer that opens is not the one that reads open: a withdrawal would wait for the wrong one."""
    async with open_workshop(tmp_path, plant=swapped("lids-n1:0", "lids-n1:3", "lid")) as shop:
        found = failed(await walked(shop))
        assert found == {"lids-n1:0": "lock.swapped", "lids-n1:3": "lock.swapped"}


@virtual
async def test_two_locks_that_are_swapped_are_found(tmp_path: Path) -> None:
    """The wrong drawer springs open: another patient's medicine."""
    async with open_workshop(tmp_path, plant=swapped("locks-a:0", "locks-a:1", "lock")) as shop:
        rows = await walked(shop)
        assert {"locks-a:0", "locks-a:1"} <= set(failed(rows))
        assert {failed(rows)[lock] for lock in ("locks-a:0", "locks-a:1")} == {"lock.swapped"}


@virtual
async def test_a_contact_of_the_wrong_polarity_is_found(tmp_path: Path) -> None:
    """With it one public library says "opened" without ever sending an unlock; here nothing is pulsed, and it is said why."""
    async with open_workshop(tmp_path) as shop:
        shop.sim.faults.cause(Fault("input_stuck_off", "lids-n1:2"))
        rows = await walked(shop)
        assert failed(rows)["lids-n1:2"] == "lock.polarity"


@virtual
async def test_two_boards_at_one_address_are_found(tmp_path: Path) -> None:
    """All of them come with address 1, and setting it by broadcast gives it to both: then two drawers open at once."""
    async with open_workshop(tmp_path, plant=readdressed(demo().site, "lids-n1", 2)) as shop:
        found = failed(await walked(shop))
        assert found["locks-a"] == "board.duplicate"
        assert found["lids-n1"] == "board.silent"


@pytest.mark.parametrize(
    ("fault", "target", "channel", "code"),
    [
        ("latch_sticks", "m2", "locks-b:0", "lock.dead"),
        ("input_stuck_on", "locks-a:0", "locks-a:0", "lock.blind"),
        ("relay_dead", "bins-m1:3", "bins-m1:3", "light.dark"),
        ("bin_covered", "m1-02", "bins-m1:1", "bin.dead"),
        ("scale_frozen", "scale-2", "scale-2", "scale.off"),
    ],
)
@virtual
async def test_a_part_that_does_not_work_is_found(tmp_path: Path, fault: str, target: str, channel: str, code: str) -> None:
    """One broken part fails one channel, with a remedy."""
    async with open_workshop(tmp_path) as shop:
        shop.sim.faults.cause(Fault(fault, target))
        found = failed(await walked(shop))
        assert found.get(channel) == code
        assert REMEDIES[code]


@virtual
async def test_what_lies_behind_a_drawer_that_did_not_open_is_said_to_be_left_out(tmp_path: Path) -> None:
    """Lids, eyes and scales that nobody could reach are not proven, and a result that is silent of them would not say so."""
    async with open_workshop(tmp_path) as shop:
        shop.sim.faults.cause(Fault("drawer_jammed", "n1"))
        shop.sim.faults.cause(Fault("latch_sticks", "m1"))
        rows = await walked(shop)
        site = demo().site
        behind = {
            channel for drawer in site.drawers if drawer.id in {"n1", "m1"} for pocket in drawer.pockets
            for channel in (pocket.lock, pocket.bin, pocket.light, pocket.weighed and pocket.weighed.scale) if channel is not None
        }  # fmt: skip
        left_out = {row["channel"] for row in rows if row["verdict"] == "skipped"}
        assert left_out == behind
        assert set(failed(rows)) == {drawer.lock for drawer in site.drawers if drawer.id in {"n1", "m1"}}


@pytest.mark.parametrize(
    ("fault", "code"),
    [("scanner_no_prefix", "scanner.set_wrongly"), ("scanner_drops_gs", "scanner.set_wrongly"),
     ("scanner_no_suffix", "scanner.set_wrongly"), ("board_silent", "scanner.deaf")],
)  # fmt: skip
@virtual
async def test_a_scanner_that_is_set_wrongly_is_found_before_it_is_used(tmp_path: Path, fault: str, code: str) -> None:
    """A lot that swallowed its serial would otherwise be found by the first refill, or by nobody."""
    async with open_workshop(tmp_path) as shop:
        shop.sim.faults.cause(Fault(fault, "scanner-1"))
        assert failed(await walked(shop, "scanner-1")) == {"scanner-1": code}


@virtual
async def test_two_photo_eyes_that_are_swapped_are_found(tmp_path: Path) -> None:
    """Each would look into the other's pocket and call it empty."""
    async with open_workshop(tmp_path, plant=swapped("bins-m1:0", "bins-m1:1", "bin")) as shop:
        found = failed(await walked(shop))
        assert {found.get("bins-m1:0"), found.get("bins-m1:1")} == {"bin.swapped"}


@virtual
async def test_only_the_channels_of_one_board_are_walked_after_it_was_replaced(tmp_path: Path) -> None:
    """A new board is proven without opening the rest of the cabinet."""
    async with open_workshop(tmp_path) as shop:
        rows = await walked(shop, "bins-f1")
        assert failed(rows) == {}
        assert {row["channel"].partition(":")[0] for row in rows if row["part"] != "lock"} == {"bins-f1"}
        opened = {fact.lock for fact in shop.facts(ReleaseIntended)}
        assert opened == {"locks-b:1"}, "the fridge's door, behind which its channels are, and no other"


@virtual
async def test_the_result_is_signed_kept_and_named_in_the_journal(tmp_path: Path) -> None:
    """Whoever asks in a year what was proven, by whom and of which wiring, can check it with a public key alone."""
    async with open_workshop(tmp_path) as shop:
        rows: Rows = []
        async with shop.bench() as bench, shop.hand() as hand:
            rows = await Walk(bench, hand, lambda _: None, "bins-f1").run()
            kept = await bench.keep("bins-f1", rows, is_unattended=True)
        path = tmp_path / "commissioning" / kept["file"]
        checked = check_signed(path)
        assert (checked.result["staff"], checked.result["is_passed"]) == (TECHNICIAN, True)
        assert checked.result["wiring"] == shop.technics.wiring
        (fact,) = shop.facts(CabinetCommissioned)
        assert (fact.sha256, fact.wiring, fact.is_passed) == (kept["sha256"], shop.technics.wiring, True)
        whole = json.loads(path.read_text())
        whole["result"]["is_passed"] = False
        path.write_text(json.dumps(whole))
        with pytest.raises(NotSigned):
            check_signed(path)


@virtual
async def test_a_walk_accuses_no_scale(tmp_path: Path) -> None:
    """Hands were in every pocket, and everything there owes a count: that the weights differ from before says nothing new."""
    async with open_workshop(tmp_path) as shop:
        await walked(shop)
        await asyncio.sleep(20)
        assert {fault.code for fault in shop.house.core.state.faults.values()} == set()
        owing = {pocket for pocket, line in shop.house.core.state.lines.items() if line.owes}
        held = {pocket for pocket, line in shop.house.core.state.lines.items() if line.units and line.count_mode != "bulk"}
        assert owing == held


@virtual
async def test_a_walk_that_passed_leaves_nothing_out(tmp_path: Path) -> None:
    """The journal would call a cabinet proven of which one channel was seen."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        row = {"channel": "bins-f1:0", "part": "bin", "place": "Fridge", "verdict": "passed"}
        for scope, code in (("", "request.malformed"), ("bins-f1", "request.malformed"), ("no-board", "service.no_board")):
            with pytest.raises(Refused, match=code):
                await bench.keep(scope, [row], is_unattended=False)
        assert not (await bench.keep("", [row | {"verdict": "failed"}], is_unattended=False))["is_passed"]


@virtual
async def test_the_result_of_the_largest_walk_is_kept(tmp_path: Path) -> None:
    """An hour's walk is not lost for the length of what it found."""
    async with open_workshop(tmp_path) as shop, shop.bench() as bench:
        await bench.take()
        row = {"channel": "bins-m1:0", "part": "bin", "place": "Drawer 1, pocket m1-01", "verdict": "skipped", "code": "", "detail": ""}
        assert not (await bench.keep("", [row] * 2000, is_unattended=False))["is_passed"]
