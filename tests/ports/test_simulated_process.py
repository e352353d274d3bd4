"""The simulator as others meet it: `adc sim`, its page's JSON, its plan, and what it leaves behind."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from firmware_sim.assembly import Bench, build
from firmware_sim.conversation import Tally
from firmware_sim.page import make_page
from firmware_sim.plan import BadPlan, follow, read_plan
from firmware_sim.scenery import Badge, Box, Scenery
from firmware_sim.store import restore, snapshot
from tests.simulated_site import small_site
from tests.virtual import virtual

ROOT = Path(__file__).parents[2]
ASPIRIN, ANA = Box("aspirin", "aspirin 100 mg", "tablet", "]d2ASPIRIN"), Badge("Ana Reyes", "nurse", "1001")


@pytest.fixture
async def bench() -> Bench:
    """A cabinet on the running loop."""
    return build(small_site(), 1)


@pytest.fixture
async def page(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its page."""
    app = make_page(bench, Scenery("Ward 1", {"aspirin": ASPIRIN}, (ANA,), ROOT / "cabinet/design"), {"locks": Tally()})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://virtual") as client:
        yield client


async def test_the_page_tells_the_truth_and_moves_it(page: httpx.AsyncClient, bench: Bench) -> None:
    """What the page shows is the plant itself, and its buttons are hands."""
    plant = (await page.get("/api/v1/plant")).json()
    assert {pocket["id"]: pocket["pieces"] for pocket in plant["pockets"]} == {"m1": 12, "m2": 40, "n1": 5, "n2": 0, "f1": 0}
    assert next(pocket for pocket in plant["pockets"] if pocket["id"] == "m1")["label"] == "aspirin 100 mg"
    refused = (await page.post("/api/v1/hands", json={"act": "take", "pocket": "m1", "units": 2})).json()
    assert (refused["is_possible"], refused["units"]) == (False, 0)
    bench.hand.force("m")
    done = (await page.post("/api/v1/hands", json={"act": "take", "pocket": "m1", "units": 2})).json()
    assert (done["is_possible"], done["units"]) == (True, 2)
    assert bench.plant.pieces("m1") == 10
    assert (await page.post("/api/v1/hands", json={"act": "push", "drawer": "m"})).json()["is_possible"]


async def test_a_wrong_item_lies_among_the_others_until_it_is_taken_out(page: httpx.AsyncClient, bench: Bench) -> None:
    """Whoever fills may err: the plant knows what lies where, and a scale feels it."""
    bench.hand.force("m")
    before_mg = bench.plant.pockets["m2"].pile.mass_mg
    put = {"act": "put", "pocket": "m2", "units": 1, "item": "aspirin", "lot": "A7"}
    assert (await page.post("/api/v1/hands", json=put)).json()["units"] == 1
    pocket = next(one for one in (await page.get("/api/v1/plant")).json()["pockets"] if one["id"] == "m2")
    assert (pocket["pieces"], pocket["strangers"]) == (41, [{"item": "aspirin", "label": "aspirin 100 mg", "pieces": 1}])
    assert bench.plant.pockets["m2"].pile.mass_mg > before_mg + 300
    kept = snapshot(bench.plant)
    taken = {"act": "take", "pocket": "m2", "units": 5, "item": "aspirin"}
    assert (await page.post("/api/v1/hands", json=taken)).json()["units"] == 1
    assert not bench.plant.pockets["m2"].pile.strangers
    restore(bench.plant, json.loads(json.dumps(kept)))
    assert bench.plant.pockets["m2"].pile.strangers == {"aspirin": 1}


async def test_what_is_dropped_into_the_return_bin_stays_there_until_it_is_emptied(page: httpx.AsyncClient) -> None:
    """Nothing senses the bin: only the plant knows what lies in it."""
    for _ in range(2):
        await page.post("/api/v1/hands", json={"act": "drop", "item": "aspirin"})
    assert (await page.get("/api/v1/plant")).json()["bin"] == [{"item": "aspirin", "label": "aspirin 100 mg", "pieces": 2}]
    assert (await page.post("/api/v1/hands", json={"act": "empty_bin"})).json()["units"] == 2
    assert (await page.get("/api/v1/plant")).json()["bin"] == []


async def test_a_scale_shows_its_weight_to_an_onlooker_without_being_asked(page: httpx.AsyncClient, bench: Bench) -> None:
    """A look must not wear out a fault's chances or change what the controller reads next."""

    async def face(board: str) -> tuple[str, str, str]:
        scales = (await page.get("/api/v1/plant")).json()["scales"]
        row = next(one for one in scales if one["id"] == board)
        return row["state"], row["digits"], row["unit"]

    state, digits, unit = await face("scale")
    assert (state, unit) == ("weight", "g")
    assert float(digits) == pytest.approx((bench.plant.pockets["m2"].pile.mass_mg + 5000) / 1000, abs=0.5)
    for kind, said in (("scale_cell_error", "broken"), ("scale_overloaded", "over"), ("board_silent", "off")):
        await page.post("/api/v1/faults", json={"kind": kind, "target": "scale"})
        assert (await face("scale"))[0] == said
        await page.delete("/api/v1/faults")
    assert set(bench.faults.fired) <= {"board_silent"}
    assert (await face("balance"))[0] == "weight"


async def test_badges_and_boxes_lie_about_where_the_site_tells_of_them(page: httpx.AsyncClient) -> None:
    """A visitor holds somebody's badge to the reader without knowing its number; no PIN is known here."""
    assert (await page.get("/api/v1/badges")).json() == [{"name": "Ana Reyes", "role": "nurse", "badge": "1001"}]
    assert (await page.get("/api/v1/boxes")).json() == [
        {"id": "aspirin", "label": "aspirin 100 mg", "form": "tablet", "code": "]d2ASPIRIN"}
    ]
    assert (await page.get("/api/v1/packages")).json() == {"aspirin 100 mg tablet": "]d2ASPIRIN"}


async def test_the_page_breaks_and_mends(page: httpx.AsyncClient, bench: Bench) -> None:
    """Faults are one table, named in the page's own answer."""
    kinds = {row["kind"] for row in (await page.get("/api/v1/faults")).json()["kinds"]}
    assert {"latch_sticks", "reply_lost", "line_unplugged"} <= kinds
    answer = await page.post("/api/v1/faults", json={"kind": "latch_sticks", "target": "m"})
    assert [fault["kind"] for fault in answer.json()["faults"]] == ["latch_sticks"]
    await page.delete("/api/v1/faults", params={"kind": "latch_sticks"})
    assert bench.faults.active() == ()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("hands", {"act": "take"}, 422),
        ("hands", {"act": "take", "pocket": "m1", "units": 0}, 422),
        ("hands", {"act": "unlock", "drawer": "m"}, 422),
        ("hands", {"act": "pull", "drawer": "nowhere"}, 404),
        ("faults", {"kind": "latch_stick"}, 422),
        ("faults", {"kind": "latch_sticks", "probability": 2}, 422),
    ],
)
async def test_the_page_refuses_what_makes_no_sense(page: httpx.AsyncClient, path: str, body: dict[str, object], status: int) -> None:
    """A typing error in a script must not pass for a cabinet that withstood it."""
    assert (await page.post(f"/api/v1/{path}", json=body)).status_code == status


async def test_the_page_wears_the_styles_that_it_is_handed(page: httpx.AsyncClient) -> None:
    """The simulator brings no look of its own house."""
    assert "Ward 1" in (await page.get("/")).text
    assert (await page.get("/design/tokens.css")).status_code == 200
    assert (await page.get("/web/page.js")).status_code == 200


def test_a_plan_comes_about_in_time(tmp_path: Path) -> None:
    """Faults and hands strike when the plan says so, in virtual time as in life."""
    path = tmp_path / "plan.toml"
    path.write_text(
        """
        [[step]]
        at_s = 9
        mend = { kind = "latch_sticks" }
        hand = { act = "force", drawer = "m" }
        [[step]]
        at_s = 5
        cause = { kind = "latch_sticks", target = "m" }
        """
    )

    @virtual
    async def scene() -> None:
        bench = build(small_site(), 1)
        following = asyncio.create_task(follow(read_plan(path), bench))
        await asyncio.sleep(7)
        assert [fault.kind for fault in bench.faults.active()] == ["latch_sticks"]
        assert not bench.plant.is_open("m")
        await following
        assert asyncio.get_running_loop().time() == pytest.approx(9)
        assert bench.faults.active() == ()
        assert bench.plant.is_open("m")

    scene()


@pytest.mark.parametrize("text", ["step = 3", "[[step]]\nat_s = -1", '[[step]]\nat_s = 1\ncause = { kind = "nonsense" }', "]"])
def test_a_plan_with_a_mistake_is_refused(tmp_path: Path, text: str) -> None:
    """A plan that is silently half read would test nothing."""
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(BadPlan, match=r"plan\.toml"):
        read_plan(path)


@pytest.mark.real
def test_adc_sim_says_where_its_lines_are_and_ends_when_asked(tmp_path: Path) -> None:
    """A script reads one line for each bus from stdout, and finds what it names."""
    words = [
        sys.executable,
        "-m",
        "cabinet.cli",
        "sim",
        "--site",
        "config/sites/demo.toml",
        "--state",
        str(tmp_path),
        "--page-port",
        "0",
        "--json",
    ]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(4)]
        by_bus = {line["bus"]: line for line in lines}
        assert set(by_bus) == {"locks", "bins", "scales", "bench"}
        locks = by_bus["locks"]
        assert (locks["framing"], locks["baud"], locks["parity"]) == ("rtu", 19200, "none")
        assert Path(locks["pty"]).readlink().is_char_device()
        assert {unit["address"]: unit["board"] for unit in locks["units"]} == {2: "waveshare_relay_d8", 3: "waveshare_relay_d8"}
        ports = json.loads((tmp_path / "ports.json").read_text())
        assert by_bus["bins"]["tcp"] == f"127.0.0.1:{ports['bins']}"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "")
    assert not (tmp_path / "lines/locks").is_symlink()
    assert (tmp_path / "plant.json").exists()
