"""From a fact that is committed at a cabinet to the number that changes on the pharmacy's screen, p95.

Alone knows: how a change is timed from the socket to the page. Must not know: how the server stores, or how its page follows.

A real mosquitto, `adc central` on SQLite and one Chromium, all on this machine. A cabinet publishes a movement; its moment is the write to
the socket, which follows the commit at once. In the page an observer notes when the number of the pocket is the new one.
"""

import json
import socket
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure
from bench.ingest import broker, central_words, program
from cabinet.courier.frame import publish
from cabinet.domain.facts import Account, Fact, PocketAssigned
from cabinet.domain.vocabulary import DrawerId, Units
from cabinet.messages import encode, topic
from central.database.place import url_of_file
from tests.post import CABINET, ITEM, POCKET, chain, moved

CHROMIUM = "/usr/bin/chromium"
CHANGES, EVERY_S = 60, 0.25
GOAL_MS = 250
NOTE = """() => {
  window.seen = {};
  const look = () => { window.seen[document.querySelector(".cup .units").textContent] ??= performance.timeOrigin + performance.now(); };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
}"""


def measure() -> list[Figure]:
    """About half a minute."""
    with (
        tempfile.TemporaryDirectory(prefix="adc-news-") as text,
        broker(Path(text)) as port,
        program(central_words(url_of_file(Path(text) / "ours.db"), Path(text), port)) as said,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        took = _took(chromium.new_page(bypass_csp=True), json.loads(said)["pharmacy"], port)
        chromium.close()
    p95 = quantiles(took, n=20)[18]
    what = f"fact published to number changed on the pharmacy's screen, p95 of {len(took)}"
    return [Figure("P10", what, f"{p95:.0f} ms (half in {median(took):.0f})", f"{GOAL_MS} ms", p95 / GOAL_MS, "<= 1", p95 <= GOAL_MS)]


def _took(page: Page, address: str, port: int) -> list[float]:
    stocked: tuple[Fact, ...] = (
        PocketAssigned(POCKET, DrawerId("d1"), ITEM, Units(900), Units(10), Units(5), "units"),
        moved(1000, Account.PHARMACY, Account.POCKET),
    )
    facts = chain(*stocked, *(moved(1, Account.POCKET, Account.PATIENT) for _ in range(CHANGES)), epoch=1_772_000_000_000)
    line = _line(port)
    known = len(stocked) + 1
    line.sendall(_packet(facts[:known]))
    while page.goto(f"{address}/cabinets/{CABINET}").status != 200 or page.locator(".cup .units").count() == 0:  # type: ignore[union-attr]
        time.sleep(0.1)
    page.locator("#line:has-text('live')").wait_for()
    page.evaluate(NOTE)
    took = []
    for fact, units in zip(facts[known:], count(999, -1), strict=False):
        time.sleep(EVERY_S)
        began_s = time.time()
        line.sendall(_packet([fact]))
        page.wait_for_function(f"window.seen['{units}'] !== undefined")
        took.append(page.evaluate(f"window.seen['{units}']") - 1000 * began_s)
    return took


def _line(port: int) -> socket.socket:
    """Connected as that cabinet, by MQTT 3.1.1."""
    line = socket.create_connection(("127.0.0.1", port))
    name = CABINET.encode()
    hello = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2) + name
    line.sendall(b"\x10" + bytes([len(hello)]) + hello)
    line.recv(4)
    return line


def _packet(facts: list[dict[str, object]]) -> bytes:
    report = encode({"epoch": facts[0]["epoch"], "first_seq": facts[0]["seq"], "facts": facts})
    return publish(topic(CABINET, "up/journal"), report, is_retained=False, has_properties=False)


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
