"""The ward's listener on a real socket: enciphered, counted, and no reason for a cabinet to end.

Why it matters: it is the one door of the machine that a network can knock at, on the loop that watches the drawers.
"""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from structlog.testing import capture_logs

from cabinet.app.house import House
from cabinet.app.listener import CONNECTIONS
from cabinet.app.ward import CONNECTIONS_AT_ONCE, Doorway, WardPart, guard_of, names_of
from config.load import LoadedSite, load_site
from config.problem import SiteProblems
from config.schema import WardTable
from tests.ports.test_courier_tls import OPENSSL
from tests.stories.desk import DEMO, NURSE, PIN, Desk, open_desk

needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def loaded_with(folder: Path, **keys: Any) -> LoadedSite:
    """The demo ward with this table, its file in `folder`."""
    loaded = load_site(DEMO)
    return replace(loaded, path=folder / "site.toml", site=loaded.site.model_copy(update={"ward": WardTable(**keys)}))


def certified(folder: Path) -> dict[str, str]:
    """A certificate for loopback, and the keys of the table that name it."""
    assert OPENSSL is not None
    words = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=ward")
    names = ("-addext", "subjectAltName=IP:127.0.0.1,DNS:ward.example")
    subprocess.run([OPENSSL, *words, *names, "-keyout", "w.key", "-out", "w.crt"], cwd=folder, check=True, capture_output=True)
    return {"cert_file": "w.crt", "key_file": "w.key"}


@asynccontextmanager
async def listening(desk: Desk, loaded: LoadedSite) -> AsyncIterator["asyncio.Task[None]"]:
    """The part of a cabinet that serves the ward, beside a cabinet in memory."""
    house = cast("House", SimpleNamespace(loaded=loaded, controller=desk.controller))
    part = asyncio.create_task(WardPart().run(house, desk.app))
    try:
        await asyncio.sleep(0)
        yield part
    finally:
        part.cancel()
        with suppress(asyncio.CancelledError):
            await part


async def answers(client: httpx.AsyncClient, path: str = "/healthz") -> httpx.Response:
    """What it says, once it is there."""
    for _ in range(200):
        with suppress(httpx.ConnectError):
            return await client.get(path)
        await asyncio.sleep(0.02)
    raise AssertionError("it does not answer")


@needs_openssl
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_what_leaves_the_machine_is_enciphered_and_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path) -> None:
    """PINs and patients' names go over this wire; plain HTTP gets no answer at the same port."""
    port = free_port()
    loaded = loaded_with(tmp_path, port=port, names=("ward.example",), **certified(tmp_path))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "w.crt"))
    async with (
        open_desk() as desk,
        listening(desk, loaded),
        httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=trusting) as client,
    ):
        assert (await answers(client)).json() == {"status": "ok"}
        assert (await client.get("/", headers={"Host": f"ward.example:{port}"})).status_code == 200
        assert (await client.get("/", headers={"Host": "other.example"})).status_code == 421
        session = await client.post("/api/v1/sessions", json={"id": NURSE, "secret": PIN})
        assert session.status_code == 201
        old = ssl.create_default_context(cafile=str(tmp_path / "w.crt"))
        old.set_ciphers("DEFAULT:@SECLEVEL=0")  # what this end would speak, so that it is the other one that does not
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=old)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as plain:
            with pytest.raises(httpx.HTTPError):
                await plain.get("/healthz")


async def test_a_port_that_is_taken_is_told_and_the_cabinet_goes_on(tmp_path: Path) -> None:
    """Whatever keeps the ward from looking in keeps nobody from a medicine."""
    with socket.create_server(("127.0.0.1", 0)) as taken, capture_logs() as said:
        async with open_desk() as desk, listening(desk, loaded_with(tmp_path, port=taken.getsockname()[1])) as part:
            for _ in range(50):
                await asyncio.sleep(0.01)
            assert not part.done()
    assert "nobody can look in from the ward" in [one["event"] for one in said]


async def test_without_the_table_nothing_listens(tmp_path: Path) -> None:
    """Off by default: a site that does not name it has one listener."""
    loaded = load_site(DEMO)
    bare = replace(loaded, path=tmp_path, site=loaded.site.model_copy(update={"ward": None}))
    async with open_desk() as desk, listening(desk, bare) as part:
        await desk.calm()
        assert not part.done()
        assert [task for task in asyncio.all_tasks() if "Server" in repr(task)] == []


async def test_so_many_connections_are_open_at_once_and_no_more() -> None:
    """A descriptor that a stranger holds is one that the cabinet's own screen cannot have: beyond the limit they are hung up on."""
    now = [0.0]
    with Doorway(("127.0.0.1", 0), lambda: now[0]) as doorway:
        held = []
        for one in range(CONNECTIONS + 5):
            now[0] += 1
            caller = socket.create_connection(doorway.getsockname())
            if one < CONNECTIONS:
                held.append((caller, doorway.accept()[0]))
            else:
                with pytest.raises(ConnectionAbortedError):
                    doorway.accept()
                caller.close()
        for end in held.pop():
            end.close()
        with socket.create_connection(doorway.getsockname()) as caller:
            doorway.accept()[0].close()
        for pair in held:
            for end in pair:
                end.close()


async def test_so_many_connections_come_in_a_second_and_no_more() -> None:
    """A handshake costs the loop most of a millisecond; whoever opens thousands gets a few dozen of them."""
    with Doorway(("127.0.0.1", 0), lambda: 0.0) as doorway:
        let_in = 0
        for _ in range(50):
            with socket.create_connection(doorway.getsockname()), suppress(ConnectionAbortedError):
                doorway.accept()[0].close()
                let_in += 1
        assert let_in == CONNECTIONS_AT_ONCE


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ('host = "10.1.2.3"', "beyond loopback it needs cert_file"),
        ('host = "10.1.2.3"\ncert_file = "a"\nkey_file = "b"', "beyond loopback it needs cert_file"),
        ('cert_file = "a"', "go together"),
        ('host = "ward.example"', "is no address"),
        ("session_idle_s = 600\nsession_limit_s = 300", "below session_idle_s"),
    ],
)
def test_a_site_that_would_speak_in_the_clear_is_no_site(tmp_path: Path, keys: str, complaint: str) -> None:
    """Said by `adc config check` with its line, before anybody's PIN was on the wire."""
    text = DEMO.read_text().replace("port = 8084  ", f"{keys}\nport = 8084  ").replace('"../', f'"{DEMO.parents[1]}/')
    (tmp_path / "site.toml").write_text(text)
    with pytest.raises(SiteProblems) as refused:
        load_site(tmp_path / "site.toml")
    assert complaint in str(refused.value)


def test_it_answers_to_the_names_that_the_site_gives_and_on_loopback_to_the_machines_own(tmp_path: Path) -> None:
    """A page that points its own name here (DNS rebinding) is of no name that is answered."""
    beyond = WardTable(host="10.1.2.3", names=("ward.example",), cert_file="a", key_file="b")
    assert names_of(beyond) == ("10.1.2.3", "ward.example")
    assert names_of(WardTable()) == ("127.0.0.1", "localhost", "[::1]")
    with pytest.raises(OSError, match="No such file"):
        guard_of(loaded_with(tmp_path, cert_file="gone.crt", key_file="gone.key"))
