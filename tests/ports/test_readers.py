"""Readers and scanners of a site, put together: who is begun, who stands at the kiosk, and how the keys are kept."""

import asyncio
import stat
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cabinet.app.readers import KeyFolder, Readers
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault, LineLost, NoReply, ReaderKeyRefused
from config.schema import Site
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from firmware_sim.gesture import Gesture
from firmware_sim.plan import Plan, follow
from firmware_sim.scanner import package_code
from tests.simulated_site import small_site
from tests.virtual import virtual

CODE = package_code("0591036901", "AB12C", "310630", "SN0001")


class Watcher:
    """The watcher of a cabinet's boards."""

    def __init__(self) -> None:
        self.news: list[str] = []

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        self.news.append(f"lost {board}: {fault.code}")

    def board_back(self, board: BoardId) -> None:
        self.news.append(f"back {board}")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"neither has {name}")


def site_with(**kiosk: str) -> Site:
    """A cabinet with two readers on one line and two scanners."""
    site = small_site().model_dump(by_alias=True)
    buses = [{"id": name, "kind": "serial", "framing": framing} for name, framing in (("b", "osdp"), ("s1", "scanner"), ("s2", "scanner"))]
    boards = [{"id": f"badge-{number}", "bus": "b", "address": number, "model": "osdp_reader"} for number in (5, 6)]
    boards += [{"id": f"gun-{number}", "bus": f"s{number}", "model": "serial_scanner"} for number in (1, 2)]
    return small_site(bus=[*site["bus"], *buses], board=[*site["board"], *boards], kiosk=kiosk)


class Set:
    """Readers, their bench, and all that came of them."""

    def __init__(self, site: Site) -> None:
        self.bench: Bench = build(site, refuse=LineLost)
        self.readers = Readers(site, lambda bus: self.bench.cables[bus.id])
        self.watcher = Watcher()
        self.codes: list[str | Refusal] = []
        self.readers.on_code = self.codes.append


@asynccontextmanager
async def begun(site: Site, keys: KeyFolder | None = None) -> AsyncIterator[Set]:
    """The readers of a site on their simulated lines."""
    here, tasks = Set(site), list[asyncio.Task[Any]]()

    def spawn(work: Coroutine[Any, Any, Any]) -> None:
        tasks.append(asyncio.ensure_future(work))

    here.readers.keys = keys
    here.readers.start(here.watcher, spawn)
    await asyncio.sleep(0.1)
    try:
        yield here
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@virtual
async def test_without_keys_no_reader_is_begun() -> None:
    """As in virtual time, where libosdp's own clock stands still; the scanners are all the same."""
    async with begun(site_with()) as here:
        here.bench.hand.scan(CODE, "gun-2")
        await asyncio.sleep(10)
        assert here.codes == [CODE]
        assert here.watcher.news == []
        assert sorted(here.readers.devices) == ["gun-1", "gun-2"]
        assert (await here.readers.devices[BoardId("gun-1")].identify()).model == "serial scanner"
        await here.readers.devices[BoardId("gun-1")].start()


@virtual
async def test_only_the_scanner_beside_the_screen_fills_it() -> None:
    """Another one at the back of the cabinet is somebody else's."""
    async with begun(site_with(scanner="gun-1")) as here:
        here.bench.hand.scan(CODE, "gun-2")
        await asyncio.sleep(1)
        assert here.codes == []
        here.bench.faults.cause(Fault("reply_truncated", "gun-1"))
        here.bench.hand.scan(CODE, "gun-1")
        await asyncio.sleep(1)
        assert here.codes == [Refusal("scan.unreadable")]


@virtual
async def test_a_lost_line_is_a_lost_board() -> None:
    """So that it stands among the faults, as any other."""
    async with begun(site_with()) as here:
        here.bench.faults.cause(Fault("line_unplugged", "s1"))
        await asyncio.sleep(1)
        here.bench.faults.mend()
        await asyncio.sleep(10)
        assert here.watcher.news == ["lost gun-1: bus.lost", "back gun-1"]
        here.readers.greet(BoardId("badge-5"), is_welcome=True)


@virtual
async def test_a_plan_and_a_page_can_show_and_scan() -> None:
    """Whatever a hand does at the virtual cabinet, a file can do again."""
    async with begun(site_with()) as here:
        step = {"at_s": 1.0, "hand": {"act": "scan", "code": CODE, "device": "gun-1"}}
        badge = {"at_s": 2.0, "hand": {"act": "show_badge", "badge": "1001"}}
        await follow(Plan.model_validate({"step": [step, badge]}), here.bench)
        await asyncio.sleep(1)
        assert here.codes == [CODE]
        for bad in ({"act": "scan"}, {"act": "show_badge"}, {"act": "show_badge", "badge": "x"}):
            with pytest.raises(ValueError, match=r"act|badge|code"):
                Gesture.model_validate(bad)
        with pytest.raises(KeyError):
            Gesture(act="scan", code=CODE, device="nobody").perform(here.bench.hand)
        with pytest.raises(ValueError, match="card"):
            Gesture(act="show_badge", badge="9999999999").perform(here.bench.hand)


def test_a_key_is_drawn_once_and_kept_for_our_eyes(tmp_path: Path) -> None:
    """Each reader has its own."""
    keys = KeyFolder(tmp_path / "keys")
    key = keys.key("badge-5")
    assert len(key) == 16
    assert keys.key("badge-5") == key != keys.key("badge-6")
    path = tmp_path / "keys/badge-5.scbk"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o640)
    with pytest.raises(ReaderKeyRefused, match="others may read it"):
        keys.key("badge-5")
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(ReaderKeyRefused, match="no key to be had"):
        keys.key("badge-5")


@virtual
async def test_a_bad_key_file_loses_the_reader_and_not_the_cabinet(tmp_path: Path) -> None:
    """A typing slip, the key that everybody knows, or no file to be had must not keep the drawers shut."""
    path = tmp_path / "badge-5.scbk"
    path.touch(mode=0o600)
    path.write_text(bytes(range(0x30, 0x40)).hex())
    async with begun(site_with(), KeyFolder(tmp_path)) as here:
        assert here.watcher.news == ["lost badge-5: reader.key", "lost badge-6: reader.key"]
        with pytest.raises(NoReply):
            await here.readers.devices[BoardId("badge-5")].identify()
        here.bench.hand.scan(CODE)
        await asyncio.sleep(1)
        assert here.codes == [CODE]


@virtual
async def test_an_unreadable_key_folder_loses_the_reader_and_not_the_cabinet(tmp_path: Path) -> None:
    """A state folder on a disk that is full or broken."""
    (tmp_path / "keys").write_text("no folder")
    async with begun(site_with(), KeyFolder(tmp_path / "keys")) as here:
        assert here.watcher.news == ["lost badge-5: reader.key", "lost badge-6: reader.key"]
