"""Badge readers through libosdp and their simulated twin, which share no code: on a pseudo-terminal, over TCP and in life's own time.

libosdp keeps time by its own clock, so none of this can run in virtual time; each test waits for what it expects, never for a while.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cabinet.app.hardware import real_lines
from cabinet.domain.vocabulary import BoardId
from cabinet.ports import DeviceFault, NoReply, ReaderKeyRefused
from config.schema import Site
from drivers.badge_reader import DEFAULT_KEY, BadgeReaders, ReaderFitting
from drivers.card import badge_text
from firmware_sim.assembly import Bench, build
from firmware_sim.fault import Fault
from firmware_sim.osdp import OsdpReader
from firmware_sim.process import serve
from tests.simulated_site import small_site
from tests.virtual import running

pytestmark = pytest.mark.real

KEY = bytes(range(100, 116))
DOOR, DESK = BoardId("door"), BoardId("desk")
ENDS = ("pty", "tcp")


class Ears:
    """Who listens, and can be waited on."""

    def __init__(self) -> None:
        self.badges: list[tuple[str, str]] = []
        self.lost: list[tuple[str, str]] = []
        self.back: list[str] = []
        self._news = asyncio.Event()

    def badge_shown(self, reader: BoardId, badge: str) -> None:
        self.badges.append((reader, badge))
        self._news.set()

    def reader_lost(self, reader: BoardId, fault: DeviceFault) -> None:
        self.lost.append((reader, fault.code))
        self._news.set()

    def reader_back(self, reader: BoardId) -> None:
        self.back.append(reader)
        self._news.set()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Return once it is so."""
        async with asyncio.timeout(20):
            while not is_so():
                self._news.clear()
                try:
                    async with asyncio.timeout(0.05):
                        await self._news.wait()
                except TimeoutError:
                    continue


def site_with(end: str, *readers: str) -> Site:
    """A cabinet with readers on a line of their own."""
    bus: dict[str, Any] = {"id": "badges", "kind": "tcp", "framing": "osdp", "port": 0}
    if end == "pty":
        bus = {"id": "badges", "kind": "serial", "framing": "osdp", "baud": 9600}
    site = small_site().model_dump(by_alias=True)
    boards = [{"id": name, "bus": "badges", "address": number, "model": "osdp_reader"} for number, name in enumerate(readers, 5)]
    return small_site(bus=[*site["bus"], bus], board=[*site["board"], *boards])


class Corner:
    """A line with its simulated readers, the driver, and who listens."""

    def __init__(self, bench: Bench, driver: BadgeReaders, ears: Ears) -> None:
        self.bench, self.driver, self.ears = bench, driver, ears

    def reader(self, name: str = DOOR) -> OsdpReader:
        """A simulated reader."""
        found = self.bench.devices[name]
        assert isinstance(found, OsdpReader)
        return found

    async def until(self, is_so: Callable[[], object]) -> None:
        """Return once it is so."""
        await self.ears.until(is_so)

    async def ready(self, name: str = DOOR) -> None:
        """Return once the reader is in service: the driver's own word is that it tells who it is."""
        await self.until(lambda: self._is_ready(name))

    def _is_ready(self, name: str) -> bool:
        try:
            self.driver.identify(BoardId(name))
        except DeviceFault:
            return False
        return self.reader(name).is_secure


@asynccontextmanager
async def corner(
    folder: Path, end: str = "pty", *readers: str, key: bytes | None = KEY, installs: bool = False, faults: tuple[str, ...] = ()
) -> AsyncIterator[Corner]:  # fmt: skip
    """Readers with `key` (None: as they come from the factory) on a line, and the driver that has KEY."""
    names = readers or (DOOR,)
    site = site_with(end, *names)
    bench = build(site)
    for kind in faults:
        bench.faults.cause(Fault(kind, names[0]))
    async with serve(bench, site, folder):
        for name in names:
            device = bench.devices[name]
            assert isinstance(device, OsdpReader)
            device.key = lambda: key
        ears = Ears()
        fittings = [ReaderFitting(BoardId(name), number, KEY, installs=installs) for number, name in enumerate(names, 5)]
        driver = BadgeReaders("badges", real_lines(folder)(site.buses[-1]), fittings, ears)
        async with running(driver.run()):
            yield Corner(bench, driver, ears)


@pytest.mark.parametrize("end", ENDS)
async def test_a_badge_comes_through_the_secure_channel(tmp_path: Path, end: str) -> None:
    """Two implementations that know nothing of one another agree on every key, code and cipher."""
    async with corner(tmp_path, end) as place:
        await place.ready()
        place.bench.hand.show_badge("1001")
        place.bench.hand.show_badge("3000000001")
        await place.until(lambda: len(place.ears.badges) == 2)
        assert place.ears.badges == [(DOOR, "1001"), (DOOR, "3000000001")]
        assert place.ears.lost == place.ears.back == []
        identity = place.driver.identify(DOOR)
        assert (identity.maker, identity.serial) == ("OUI FEBABE", "DEADBEAF")


async def test_a_reader_shows_green_for_a_good_sign_in_and_red_for_a_bad_one(tmp_path: Path) -> None:
    """Whoever holds a badge to it looks at the reader."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.driver.greet(DOOR, is_welcome=True)
        await place.until(lambda: (place.reader().light, place.reader().beeps) == ("green", 1))
        place.driver.greet(DOOR, is_welcome=False)
        await place.until(lambda: (place.reader().light, place.reader().beeps) == ("red", 4))


async def test_a_reader_that_knows_no_secure_channel_is_refused(tmp_path: Path) -> None:
    """What it says in the clear could be overheard and played again; a badge held to it is not heard."""
    async with corner(tmp_path, faults=("reader_plain",)) as place:
        place.bench.hand.show_badge("1001")
        await place.until(lambda: place.ears.lost)
        assert place.ears.lost == [(DOOR, "reader.plain")]
        with pytest.raises(NoReply):
            place.driver.identify(DOOR)
        place.bench.faults.mend()
        await place.until(lambda: place.ears.back == [DOOR])


@pytest.mark.parametrize("key", [None, bytes(16)])
async def test_a_reader_with_another_key_is_refused(tmp_path: Path, key: bytes | None) -> None:
    """One that was exchanged, or comes from the factory with the key that everybody knows."""
    async with corner(tmp_path, key=key) as place:
        await place.until(lambda: place.ears.lost)
        assert place.ears.lost == [(DOOR, "reader.key")]
        assert place.ears.badges == []


async def test_a_new_reader_is_given_its_key_in_install_mode(tmp_path: Path) -> None:
    """And is in service only with that key."""
    async with corner(tmp_path, key=None, installs=True) as place:
        await place.ready()
        place.bench.hand.show_badge("1001")
        await place.until(lambda: place.ears.badges)
        assert place.reader().own_key == KEY


@pytest.mark.parametrize("key", [DEFAULT_KEY, b"", bytes(15)])
def test_the_default_key_is_never_used(key: bytes) -> None:
    """Not even when somebody wrote it into the key file."""
    with pytest.raises(ReaderKeyRefused):
        BadgeReaders("badges", real_lines(Path())(site_with("pty").buses[-1]), [ReaderFitting(DOOR, 5, key)], Ears())


async def test_a_silent_reader_is_lost_and_comes_back(tmp_path: Path) -> None:
    """It is tried again every few seconds, not every few minutes."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.bench.faults.cause(Fault("board_silent", DOOR))
        await place.until(lambda: place.ears.lost)
        assert place.ears.lost == [(DOOR, "device.no_reply")]
        place.bench.faults.mend()
        await place.until(lambda: place.ears.back == [DOOR])
        place.bench.hand.show_badge("1001")
        await place.until(lambda: place.ears.badges)


async def test_an_unplugged_line_is_said_once_and_opened_again(tmp_path: Path) -> None:
    """Every reader on it is lost with it."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.bench.faults.cause(Fault("line_unplugged", "badges"))
        await place.until(lambda: place.ears.lost)
        assert place.ears.lost == [(DOOR, "bus.lost")]
        place.bench.faults.mend()
        await place.until(lambda: place.ears.back == [DOOR])
        assert place.ears.lost == [(DOOR, "bus.lost")]


async def test_an_opened_reader_is_reported_and_not_believed(tmp_path: Path) -> None:
    """Something may be sitting behind it."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.bench.faults.cause(Fault("reader_tamper", DOOR))
        await place.until(lambda: place.ears.lost)
        assert place.ears.lost == [(DOOR, "reader.tamper")]
        place.bench.hand.show_badge("1001")
        place.bench.faults.mend()
        await place.until(lambda: place.ears.back == [DOOR])
        assert place.ears.badges == []


async def test_a_reader_on_its_last_legs_is_told_of(tmp_path: Path) -> None:
    """A failing supply is no reason to lock anybody out."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.bench.faults.cause(Fault("reader_power", DOOR))
        await place.until(lambda: "supply is failing" in place.driver.identify(DOOR).detail)
        place.bench.hand.show_badge("1001")
        await place.until(lambda: place.ears.badges)


async def test_two_readers_share_a_line(tmp_path: Path) -> None:
    """Each has its own address and its own channel; the silence of one is not the other's."""
    async with corner(tmp_path, "pty", DOOR, DESK) as place:
        await place.ready(DOOR)
        await place.ready(DESK)
        place.bench.faults.cause(Fault("board_silent", DOOR))
        await place.until(lambda: place.ears.lost)
        place.bench.hand.show_badge("1002", DESK)
        await place.until(lambda: place.ears.badges)
        assert place.ears.badges == [(DESK, "1002")]
        assert place.ears.lost == [(DOOR, "device.no_reply")]


@pytest.mark.parametrize("fault", ["reply_garbled", "reply_lost", "reply_late", "reply_doubled", "reply_truncated"])
async def test_a_bad_line_loses_no_badge(tmp_path: Path, fault: str) -> None:
    """One reply in five comes to grief; a badge is said once or not at all, and never another one."""
    async with corner(tmp_path) as place:
        await place.ready()
        place.bench.faults.cause(Fault(fault, DOOR, probability=0.2, delay_ms=30))
        place.bench.hand.show_badge("1001")
        await asyncio.sleep(0)
        await place.until(lambda: place.bench.faults.fired.get(fault, 0) > 1)
        place.bench.faults.mend()
        await place.ready()
        place.bench.hand.show_badge("1002")
        await place.until(lambda: (DOOR, "1002") in place.ears.badges)
        assert set(place.ears.badges) <= {(DOOR, "1001"), (DOOR, "1002")}


@pytest.mark.parametrize(
    ("bits", "style", "has_parity", "text"),
    [
        ("0" + f"{1001:024b}" + "0", "decimal", True, "1001"),
        ("1" + f"{1001:024b}" + "0", "decimal", True, None),
        ("0" + f"{1001:024b}" + "1", "decimal", True, None),
        ("1" + f"{(1 << 16) + 1001:024b}" + "0", "decimal", True, "66537"),
        ("0" + f"{1001:024b}" + "0", "hex", True, "00007D2"),
        ("0" + f"{1001:024b}" + "0", "decimal", False, "2002"),
        (f"{0x04A1B2C3D4E5F6:056b}", "hex", False, "04A1B2C3D4E5F6"),
    ],
)
def test_a_cards_bits_are_the_number_on_it(bits: str, style: str, *, has_parity: bool, text: str | None) -> None:
    """Parity is checked and left out; a serial number keeps its zeros."""
    padded = bits + "0" * (-len(bits) % 8)
    assert badge_text(int(padded, 2).to_bytes(len(padded) // 8, "big"), len(bits), style, has_parity=has_parity) == text


@pytest.mark.parametrize(("data", "bits"), [(b"", 0), (b"\x01", 0), (b"", 26), (b"\x01", 64), (b"\x01" * 8, 65_535)])
def test_a_card_without_its_bits_is_none(data: bytes, bits: int) -> None:
    """A reader may say whatever it likes."""
    assert badge_text(data, bits, "decimal", has_parity=False) is None


async def test_a_card_in_a_format_that_is_none_is_passed_over(tmp_path: Path) -> None:
    """The polling ends with the cabinet where it has a bug, so no reader's answer may be one."""
    bugs: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, bug: bugs.append(bug))
    async with corner(tmp_path) as place:
        await place.ready()
        place.reader().tell(0x50, b"\x00\x02\x1a\x00" + bytes(4))
        place.bench.hand.show_badge("1002")
        await place.until(lambda: place.ears.badges)
        assert (place.ears.badges, bugs) == ([(DOOR, "1002")], [])
