"""One look at one screen: all that is asked of every screen, at three sizes, light and dark; and its picture for the manual.

Alone knows: the measures (targets, reach, overlap, WCAG 2.2 AA, the contrast of names) and where pictures go. Must not know: any page.
"""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

HERE = Path(__file__).parent
SIZES = ((1024, 600), (800, 480), (1920, 1080))
"""Width and height in CSS px, as quality.md's cabinets have them; the first is what the walks are done at."""
PICTURES = os.environ.get("ADC_PICTURES")
"""A folder for the pictures of the manual; unset: none are taken."""
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
"""The rules that another scheme of colours may break."""

FINGERS = (HERE / "fingers.js").read_text()

CONTRAST = (HERE / "contrast.js").read_text()

FINGER_PX = 48
NAME_CONTRAST = 7


async def faults_of(page: Page) -> list[str]:
    """What is wrong with the screen that `page` shows, at every size, light and dark; the page is left as it was found."""
    said = []
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        said += [f"{width}x{height}: {fault}" for fault in await page.evaluate(FINGERS, FINGER_PX)]
    for scheme, rules in (("dark", COLOURS), ("light", WCAG)):
        await page.emulate_media(color_scheme=scheme)
        said += [f"{scheme}: {fault}" for fault in await page.evaluate(CONTRAST, NAME_CONTRAST)]
        said += [f"{scheme}: {fault}" for fault in await violations(page, rules)]
    width, height = SIZES[0]
    await page.set_viewport_size({"width": width, "height": height})
    return said


async def violations(page: Page, rules: dict[str, Any] = WCAG) -> list[str]:
    """What axe-core finds, by default against WCAG 2.2 AA: the rule, and the first place."""
    found = (await Axe().run(page, options=rules)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]} ({one['nodes'][0]['failureSummary'][:160]})" for one in found]


async def picture(page: Page, name: str) -> None:
    """The screen at three sizes as `<name>-<width>.png` in the folder of pictures, where one is asked for."""
    if PICTURES is None:
        return
    for width, height in (*SIZES[1:], SIZES[0]):
        await page.set_viewport_size({"width": width, "height": height})
        await page.screenshot(path=f"{PICTURES}/{name}-{width}.png")


async def shot(page: Page, name: str) -> None:
    """The screen as it is, as `<name>.png` in the folder of pictures, where one is asked for: of pages with one size."""
    if PICTURES is not None:
        await page.screenshot(path=f"{PICTURES}/{name}.png")
