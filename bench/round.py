"""ROUND: six items for two patients by touch in a real Chromium, CPU slowed four times: what of it is waiting for software.

Every touch is timed to the paint of what it leads to (`bench/screen.py` says how), and the last page of each item from the drawer's
closing. Left out is what is nobody's software: reading, counting, taking, closing, and the drawer itself, from the order to the spring,
for which its page says "Pull it open". The demo ward runs in processes of its own, on the wire.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from bench.figure import Figure
from bench.screen import CHROMIUM, SIZE, Glass, demo

GOAL_S = 5.0
ROUND = (
    ("p-301", "p-301-2", "m1-01"), ("p-301", "p-301-3", "m1-07"), ("p-301", "p-301-1", "n1-01"),
    ("p-302", "p-302-2", "m1-02"), ("p-302", "p-302-1", "n1-02"), ("p-302", "p-302-3", "m1-05"),
)  # fmt: skip
"""Patient, order and pocket, as `config/people/demo.toml` and `config/sites/demo.toml` have them."""
STEP = "main[data-step^='{}']"
ASKS = ", ".join(STEP.format(step) for step in ("count", "verify", "confirm"))
HOME = "[data-screen=home] a[href='/patients/{}']"


class Nurse:
    """One round. `waited_ms` is what was waited for the software."""

    def __init__(self, glass: Glass, told: dict[str, Any]) -> None:
        self._glass, self.waited_ms = glass, 0.0
        self._plant = httpx.Client(base_url=f"{told['virtual_cabinet']}api/v1", timeout=20)

    def takes(self, patient: str, order: str, pocket: str) -> None:
        """One item, from the list of patients to its last page, and home."""
        self._touch(HOME.format(patient), "[data-screen=patient] main .line")
        button = f"form:has(input[value='{order}']) button.is-primary"
        self._touch(button, "[data-screen=access] main")
        self._glass.page.wait_for_selector(ASKS)  # the drawer springs open meanwhile
        if self._glass.page.locator(STEP.format("confirm")).count() == 0:
            self._glass.page.locator("[name=units]").last.fill(str(self._pieces(pocket)))
            self._touch("main form:has([name=units]) button[type=submit]:last-of-type", STEP.format("confirm"))
        self._hand("take", pocket=pocket, units=1)
        self._touch(".taken button.is-primary", STEP.format("close"))
        self.waited_ms += self._glass.follows(STEP.format("done"), lambda: self._shut(pocket))
        self._touch("header a.home", HOME.format(patient))

    def _touch(self, what: str, to: str) -> None:
        self.waited_ms += self._glass.leads(what, to)

    def _pieces(self, pocket: str) -> int:
        return next(int(one["pieces"]) for one in self._plant.get("/plant").json()["pockets"] if one["id"] == pocket)

    def _hand(self, act: str, **what: object) -> dict[str, Any]:
        done: dict[str, Any] = self._plant.post("/hands", json={"act": act, **what}).raise_for_status().json()
        return done

    def _shut(self, pocket: str) -> None:
        """Press the lid and push the drawer until both hold."""
        while True:
            plant = self._plant.get("/plant").json()
            found = next(one for one in plant["pockets"] if one["id"] == pocket)
            if not next(one for one in plant["drawers"] if one["id"] == found["drawer"])["is_open"]:
                return
            if found["lid"] == "open":
                self._hand("close_lid", pocket=pocket)
            else:
                self._hand("push", drawer=found["drawer"])
            time.sleep(0.05)


def measure() -> list[Figure]:
    """About half a minute."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            glass = Glass(browser.new_context(viewport=SIZE, has_touch=True).new_page(), told)  # type: ignore[arg-type]
            glass.page.goto(told["kiosk"])
            nurse = Nurse(glass, told)
            nurse.waited_ms += glass.signs_in()
            for patient, order, pocket in ROUND:
                nurse.takes(patient, order, pocket)
        finally:
            browser.close()
    waited_s = nurse.waited_ms / 1000
    what = f"waiting for software in a round of {len(ROUND)} items, CPU slowed 4 ×"
    return [Figure("ROUND", what, f"{waited_s:.1f} s", "sign-in and 5 touches an item", None, f"≤ {GOAL_S:.0f} s", waited_s <= GOAL_S)]
