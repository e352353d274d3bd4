"""What the kiosk lets in at all: whose name it answers to, how long a body may be, how often one person may try at once.

Why it matters: all of this is met before anybody has signed in, by whatever runs on the machine or in its browser.
"""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from cabinet.adapters.directory import Credential, StaffDirectory
from cabinet.adapters.secrets import ArgonSecrets
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk.gate import BODY_BYTES
from cabinet.kiosk.guard import Framed
from tests.stories.caller import script, stranger
from tests.stories.desk import NURSE, OTHER_NURSE, PIN, open_desk
from tests.virtual import virtual


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80:80", "[", "127.0.0.2"]
)
@virtual
async def test_a_request_by_another_name_is_not_let_in(host: str) -> None:
    """A page from elsewhere that points its own name here would be of the same origin to a browser."""
    async with open_desk() as desk, stranger(desk) as client:
        for path in ("/", "/healthz", "/api/v1/stock", "/design/tokens.css"):
            answer = await client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (421, 421, "request.elsewhere")
            assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:8080", "[::1]", "[::1]:8080"])
@virtual
async def test_this_machines_own_names_are_let_in(host: str) -> None:
    """However somebody types the address of the machine that they stand at."""
    async with open_desk() as desk, stranger(desk) as client:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://localhost]", "://", "http://\x00"])
@virtual
async def test_an_origin_that_is_no_address_is_foreign(origin: str) -> None:
    """What cannot be read is not one's own."""
    async with open_desk() as desk, stranger(desk) as client:
        answer = await client.post("/sign-in", data={"badge": f"badge-{NURSE}", "secret": PIN}, headers={"Origin": origin})
        assert answer.status_code == 403


async def _pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 4096):
        yield b" " * 4096


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/accesses", "/sign-in"])
@virtual
async def test_a_body_that_is_too_long_is_refused_before_it_is_parsed(path: str) -> None:
    """Parsing 50 MB of JSON stops the loop that watches the doors for seconds; announced or in pieces, it is not read."""
    async with open_desk() as desk, stranger(desk) as client:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        if path == "/sign-in":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        announced = await client.post(path, content=b" " * (BODY_BYTES + 1), headers=headers)
        assert (announced.status_code, announced.json()["status"], announced.json()["code"]) == (413, 413, "request.malformed")
        assert (await client.post(path, content=_pieces(2 * BODY_BYTES), headers=headers)).status_code == 413
        assert (await client.post(path, content=b" " * BODY_BYTES, headers=headers)).status_code != 413


@virtual
async def test_the_status_in_a_body_is_the_answers_own() -> None:
    """Problem details (RFC 9457, 3.1.2): a script may read either."""
    async with open_desk() as desk, script(desk, NURSE) as client:
        as_json = {"Content-Type": "application/json"}
        answers = [
            await client.post("/api/v1/accesses", content=b"{", headers=as_json),
            await client.post("/api/v1/accesses", content=b"\xff", headers=as_json),
            await client.post("/api/v1/accesses", content=_pieces(2 * BODY_BYTES), headers=as_json),
            await client.put("/api/v1/accesses", json={}),
            await client.get("/api/v1/nowhere"),
        ]
        assert [answer.status_code for answer in answers] == [422, 400, 413, 405, 404]
        assert [answer.json()["status"] for answer in answers] == [answer.status_code for answer in answers]


async def test_four_hundred_wrong_pins_keep_nobody_else_waiting() -> None:
    """Checking a PIN is made slow, so a flood of attempts on one badge must not be a queue for all; it is not recorded 400 times."""
    secrets = ArgonSecrets(b"p" * 32)
    try:
        async with open_desk() as desk, stranger(desk) as client:
            digest = await secrets.digest(PIN)
            people = [Credential(staff, secrets.mark(f"badge-{staff}"), digest) for staff in map(StaffId, (NURSE, OTHER_NURSE))]
            desk.app.state.floor.reception.directory = StaffDirectory(people, secrets)
            wrong = [{"badge": badge, "secret": "000000"} for badge in (f"badge-{NURSE}", "badge-nobody") for _ in range(200)]
            flood = [asyncio.create_task(client.post("/api/v1/sessions", json=body)) for body in wrong]
            await asyncio.sleep(0)
            before, began_s = desk.core.state.seq, time.monotonic()
            good = await client.post("/api/v1/sessions", json={"badge": f"badge-{OTHER_NURSE}", "secret": PIN})
            took_s = time.monotonic() - began_s
            answers = await asyncio.gather(*flood)
            assert good.status_code == 201
            assert took_s < 8
            refused = [answer.json() for answer in answers if answer.status_code == 429]
            assert len(refused) >= 390
            assert (refused[0]["code"], refused[0]["recorded"]) == ("session.too_many", "Nothing was recorded.")
            assert desk.core.state.seq - before <= 12
    finally:
        secrets.close()


@pytest.mark.parametrize("origin", ["http://192.0.2.7:8083", "https://127.0.0.1.example.org", "http://127.0.0.1", "*"])
@virtual
async def test_no_page_from_elsewhere_can_be_let_to_frame_the_kiosk(origin: str) -> None:
    """The demo's guide stands on this machine; a frame of anybody else would be a screen that somebody laid over ours."""
    async with open_desk() as desk:
        with pytest.raises(ValueError, match="not on loopback"):
            Framed(desk.app, origin)
