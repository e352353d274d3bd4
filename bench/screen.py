"""P9, P10, U3: what a finger waits for, on the whole demo ward on the wire, its pages in a real Chromium slowed four times.

A touch on a key is timed from its pointerdown to the paint that follows; a touch on a link or a button to the paint of what it led to,
which the page itself waits for, frame by frame; a sign-in from the touch on the button, PIN typed, to the paint of one's own page.
`bench/round.py` times a round of six items in the same way. Weight is what comes over the wire for a page that the browser never saw,
style and script included. A change at 20 screens is timed without browsers, which would time this machine's graphics: 20 listeners that
do what a page does, from the request that changes something to the last byte of the page that says so. Touch to coil ends where the
simulator says that a lock was pulsed; the fact of it is durable by then.

These are times that a person feels, so they are absolute; machines are shared, and Chromium draws without a graphics card here.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import CDPSession, Page, sync_playwright

import config
from bench.figure import Figure
from cabinet.rehearsal.company import Company, Ports
from cabinet.rehearsal.enrol import Enrolled, enrol
from config.load import load_site

CHROMIUM = "/usr/bin/chromium"
CONFIG = Path(config.__file__).parent
SLOWED, SIZE = 4, {"width": 1024, "height": 600}
TOUCHES, SIGN_INS, SCREENS, CHANGES, PULSES, HELPS = 24, 10, 20, 10, 20, 5
GOAL_TOUCH_MS, GOAL_SIGN_IN_MS, GOAL_KB, GOAL_LIVE_MS, GOAL_COIL_MS, GOAL_HELP_MS, GOAL_PAGE_MS = 100, 500, 150, 100, 100, 150, 100
PATIENT, DRAWER, POCKET = "p-301", "m1", "m1-01"
PAGES = ("/", f"/patients/{PATIENT}", "/shift", "/more")
OVER = {"settled", "disputed", "cancelled", "incomplete"}
HALF = 50

NOTE_TOUCHES = """addEventListener("pointerdown", (event) => {
  sessionStorage.setItem("touched", String(performance.timeOrigin + event.timeStamp));
  requestAnimationFrame(() => setTimeout(() => { window.painted = performance.timeOrigin + performance.now(); }));
}, true);"""
AWAIT = """(what) => {
  window.seen = null;
  const look = () => {
    const it = document.querySelector(what);
    if (it && it.checkVisibility()) setTimeout(() => { window.seen = performance.timeOrigin + performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Notes when a selector is first painted: a frame that has it is drawn before the next task begins."""
SEEN = "() => window.seen"
SINCE = "() => window.seen - Number(sessionStorage.getItem('touched'))"
MY_PAGE, A_PATIENT = f"[data-screen=home] a[href='/patients/{PATIENT}']", "[data-screen=patient] main .line"


def measure() -> list[Figure]:
    """About two minutes."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as told:
        weights, sign_ins, turns, keys = _by_finger(told)
        pages, technician = _pages(told), Technician(told)
        coils, live = technician.pulses(), asyncio.run(technician.changes(told["kiosk"]))
    return [
        _figure("U3", "touch on a link to paint, CPU slowed 4 ×, p95", turns, GOAL_TOUCH_MS),
        _figure("U3", "touch on a key to paint, CPU slowed 4 ×, p95", keys, GOAL_TOUCH_MS),
        _figure("U5", "PIN entered to my page, CPU slowed 4 ×, p95", sign_ins, GOAL_SIGN_IN_MS),
        *(_weight(page, heavy) for page, heavy in weights.items()),
        _figure("P9", "touch to coil, durable intent included, p99", coils, GOAL_COIL_MS, 99),
        _figure("P10", "a kiosk page, asked to last byte, p95", pages, GOAL_PAGE_MS),
        _figure("P10", f"{SCREENS} live screens after a change, p95", live, GOAL_LIVE_MS),
        _figure("P10", "adc --help, the middle one", _helps(), GOAL_HELP_MS, HALF),
    ]


def _by_finger(told: dict[str, Any]) -> tuple[dict[str, float], list[float], list[float], list[float]]:
    """Weights of pages in KB; sign-ins, turns to another page and keys in ms."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            glass = Glass(browser.new_context(viewport=SIZE, has_touch=True).new_page(), told)  # type: ignore[arg-type]
            weights = glass.weights()
            return weights, [glass.sign_in() for _ in range(SIGN_INS)], glass.turns(), glass.keys()
        finally:
            browser.close()


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, Any]]:
    """The demo ward in processes of its own, with no other ward beside it; where they answer, and the staff."""
    loaded, staff = load_site(CONFIG / "sites/demo.toml"), list[Enrolled]()
    with Ports.kept((0, 0, 0, 0, 0)) as free:
        ports = Ports(free.kiosk, free.pharmacy, free.virtual_cabinet, free.mqtt)
        company = Company(CONFIG / "sites/demo.toml", CONFIG / "central/demo.toml", folder, ports)
        with company.started(meanwhile=lambda: staff.extend(enrol(loaded, folder))):
            kiosk, plant = (f"http://127.0.0.1:{port}/" for port in (ports.kiosk, ports.virtual_cabinet))
            yield {"kiosk": kiosk, "virtual_cabinet": plant, "staff": [asdict(person) for person in staff]}


class Glass:
    """A kiosk's screen on a slow computer, and a nurse's finger."""

    def __init__(self, page: Page, told: dict[str, Any]) -> None:
        self.page, self._address = page, told["kiosk"].rstrip("/")
        self._nurse = next(one for one in told["staff"] if one["role"] == "nurse")
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.add_init_script(NOTE_TOUCHES)

    def weights(self) -> dict[str, float]:
        """Page -> kilobytes over the wire with nothing kept from before."""
        self._wire.send("Network.enable")
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        found, came = {}, [0.0]
        self._wire.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
        self.page.goto(self._address)
        self.signs_in()
        for name, path in (("my page", "/"), ("a patient", f"/patients/{PATIENT}"), ("a search", f"/patients/{PATIENT}/find?q=oxyco")):
            came.clear()
            self.page.goto(f"{self._address}{path}", wait_until="load")
            self.page.wait_for_timeout(100)
            found[name] = sum(came) / 1000
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": False})
        return found

    def sign_in(self) -> float:
        """Sign out, and in again. Returns ms from the touch on the button to one's own page."""
        self.page.goto(f"{self._address}/")
        self.leads("text=Sign out", "[name=badge]")
        return self.signs_in()

    def signs_in(self) -> float:
        """Badge and PIN. Returns ms from the touch on the button to one's own page."""
        self.page.locator("[name=badge]").fill(self._nurse["badge"])
        self.page.locator("[name=secret]").fill(self._nurse["pin"])
        return self.leads("form.sign-in button[type=submit]", MY_PAGE)

    def turns(self) -> list[float]:
        """From page to page."""
        took = []
        for _ in range(TOUCHES // 2):
            took += [self.leads(MY_PAGE, A_PATIENT), self.leads("header a.home", MY_PAGE)]
        return took

    def keys(self) -> list[float]:
        """Letters of a search, on the screen's own keys."""
        self.page.goto(f"{self._address}/patients/{PATIENT}/find")
        took = []
        for _ in range(TOUCHES // 4):
            for key in ("o", "x", "back", "back"):
                self.page.evaluate("window.painted = null")
                self._touch(f".pad:visible [data-key='{key}']")
                self.page.wait_for_function("() => window.painted")
                took.append(self.page.evaluate("() => window.painted - Number(sessionStorage.getItem('touched'))"))
        return took

    def _touch(self, what: str) -> None:
        self.page.locator(what).first.tap(no_wait_after=True)

    def leads(self, what: str, to: str) -> float:
        """Touch, and wait until what it leads to is painted. Returns the ms between."""
        self.page.evaluate(AWAIT, to)
        self._touch(what)
        self.page.wait_for_function(SEEN)
        return float(self.page.evaluate(SINCE))

    def follows(self, to: str, act: Callable[[], None]) -> float:
        """Do something elsewhere, and wait until the page follows by itself. Returns the ms from the end of what was done."""
        self.page.evaluate(AWAIT, to)
        act()
        done_ms = time.time() * 1000
        self.page.wait_for_function(SEEN)
        return max(0.0, float(self.page.evaluate(SEEN)) - done_ms)


class Technician:
    """Somebody who opens one pocket and shuts it again, over the kiosk's API and with the simulator's hands."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._kiosk, self._plant = (httpx.Client(base_url=f"{told[name]}api/v1", timeout=20) for name in ("kiosk", "virtual_cabinet"))
        self._who = next(one for one in told["staff"] if one["role"] == "technician")

    def opens(self) -> str:
        """Ask for the pocket. Returns the access."""
        access = str(uuid4())
        self._kiosk.post("/accesses", json={"id": access, "kind": "inspect", "pocket": POCKET}).raise_for_status()
        return access

    def signs_in(self) -> None:
        """With a session of one's own for each access, so that none runs out."""
        secrets = {"badge": self._who["badge"], "secret": self._who["pin"]}
        token = self._kiosk.post("/sessions", json=secrets).raise_for_status().json()["token"]
        self._kiosk.headers["authorization"] = f"Bearer {token}"

    def shuts(self, access: str) -> None:
        """Push the drawer until it holds, and wait for the end of the access."""
        while (phase := self._kiosk.get(f"/accesses/{access}").raise_for_status().json()["phase"]) not in OVER:
            if phase == "open":
                self._plant.post("/hands", json={"act": "push", "drawer": DRAWER}).raise_for_status()
            time.sleep(0.05)
        self._kiosk.delete("/sessions")

    def pulses(self) -> list[float]:
        """From the touch to the simulator's word that the lock was pulsed, in ms."""
        took = []
        for _ in range(PULSES):
            self.signs_in()
            with self._plant.stream("GET", "/events", timeout=20) as heard:
                lines = heard.iter_lines()
                next(lines)
                began = time.perf_counter()
                access = self.opens()
                next(line for line in lines if line.startswith("data:") and _is_released(json.loads(line[5:])))
                took.append((time.perf_counter() - began) * 1000)
            self.shuts(access)
        return took

    async def changes(self, kiosk: str) -> list[float]:
        """From a touch to the last byte of the page that says so, at every one of the listening screens, in ms."""
        took: list[float] = []
        async with httpx.AsyncClient(base_url=kiosk, timeout=20, limits=httpx.Limits(max_connections=None)) as screens:
            for _ in range(CHANGES):
                await asyncio.to_thread(self.signs_in)
                ready, began = asyncio.Barrier(SCREENS + 1), asyncio.get_running_loop().create_future()
                listening = [asyncio.create_task(_hears(screens, ready, began)) for _ in range(SCREENS)]
                await ready.wait()
                began.set_result(time.perf_counter())
                access = await asyncio.to_thread(self.opens)
                took += await asyncio.gather(*listening)
                await asyncio.to_thread(self.shuts, access)
        return took


async def _hears(screens: httpx.AsyncClient, ready: asyncio.Barrier, began: "asyncio.Future[float]") -> float:
    async with screens.stream("GET", "/live") as heard:
        lines = heard.aiter_lines()
        await anext(lines)
        await ready.wait()
        async for line in lines:
            if line.startswith("event: changed"):
                break
        await screens.get("/")
    return (time.perf_counter() - await began) * 1000


def _is_released(plant: dict[str, Any]) -> bool:
    return any(drawer["id"] == DRAWER and (drawer["is_released"] or drawer["is_open"]) for drawer in plant["drawers"])


def _pages(told: dict[str, Any]) -> list[float]:
    """What a nurse looks at, from the request to the last byte, in ms."""
    who = next(one for one in told["staff"] if one["role"] == "nurse")
    with httpx.Client(base_url=told["kiosk"], timeout=20, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        welcome = client.post("/sign-in", data={"badge": who["badge"], "secret": who["pin"]})
        client.headers["cookie"] = welcome.headers["set-cookie"].partition(";")[0]  # a client that is no browser keeps no secure one
        return [_ms(lambda path=path: client.get(path).raise_for_status()) for _ in range(15) for path in PAGES]  # type: ignore[misc]


def _helps() -> list[float]:
    adc = Path(sys.executable).with_name("adc")
    return [_ms(lambda: subprocess.run([adc, "--help"], check=True, capture_output=True)) for _ in range(HELPS)]


def _ms(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _figure(figure: str, what: str, took: list[float], goal_ms: float, percent: int = 95) -> Figure:
    high = median(took) if percent == HALF else quantiles(took, n=100, method="inclusive")[percent - 1]
    return Figure(
        figure, what, f"{high:.0f} ms, half {median(took):.0f} ms", f"{len(took)} times", None, f"≤ {goal_ms} ms", high <= goal_ms
    )


def _weight(page: str, heavy_kb: float) -> Figure:
    return Figure("U3", f"weight of {page}, never seen before", f"{heavy_kb:.0f} KB", "", None, f"≤ {GOAL_KB} KB", heavy_kb <= GOAL_KB)
