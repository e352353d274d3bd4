"""The line to the broker under TLS, on a real mosquitto with certificates made for the test (45 CFR 164.312(e)).

Alone knows: how to make an authority and a broker's certificate. Must not know: what is sent.
"""

import asyncio
import getpass
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker
from tests.broker import MOSQUITTO, Mosquitto, mosquitto

__all__ = ["mosquitto"]

OPENSSL = shutil.which("openssl")
UP_S, QUIET_S = 10.0, 2.0


def run_openssl(*words: str, folder: Path) -> None:
    assert OPENSSL is not None
    subprocess.run([OPENSSL, *words], cwd=folder, check=True, capture_output=True)


def authority(folder: Path, name: str) -> Path:
    """A certificate that others can be signed with."""
    extensions = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    key = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    run_openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", f"/CN={name}", *extensions, folder=folder)
    return folder / f"{name}.crt"


def broker_certificate(folder: Path) -> None:
    """The broker's own, for loopback, signed by `ward`."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run_openssl("req", *key, "-keyout", "broker.key", "-out", "broker.csr", "-subj", "/CN=broker", folder=folder)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    signing = ("-CA", "ward.crt", "-CAkey", "ward.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    run_openssl("x509", "-req", "-in", "broker.csr", "-out", "broker.crt", *signing, folder=folder)


class GuardedMosquitto(Mosquitto):
    """The broker on the same port, and under TLS only."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        keys = f"certfile {folder / 'broker.crt'}\nkeyfile {folder / 'broker.key'}\n"
        self._config.write_text(f"{self._config.read_text()}{keys}user {getpass.getuser()}\n")


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[GuardedMosquitto]:
    """A running broker that speaks nothing but TLS."""
    if MOSQUITTO is None or OPENSSL is None:
        pytest.skip("mosquitto or openssl is not installed")
    authority(tmp_path, "ward")
    broker_certificate(tmp_path)
    broker = GuardedMosquitto(tmp_path)
    await broker.start()
    yield broker
    broker.stop()


async def comes_up(broker: Broker, wait_s: float) -> bool:
    courier, is_up = MqttCourier(broker), asyncio.Event()
    courier.watch(is_up.set, lambda: None)
    await courier.start()
    try:
        async with asyncio.timeout(wait_s):
            await is_up.wait()
    except TimeoutError:
        return False
    finally:
        await courier.stop()
    return True


async def test_a_broker_of_our_own_authority_is_spoken_to_and_no_other(guarded: GuardedMosquitto, tmp_path: Path) -> None:
    """A box that merely listens at the broker's address learns nothing, and nothing is said in the clear."""
    other = authority(tmp_path, "stranger")
    assert await comes_up(Broker("ours", port=guarded.port, ca_file=str(tmp_path / "ward.crt")), UP_S)
    assert not await comes_up(Broker("theirs", port=guarded.port, ca_file=str(other)), QUIET_S)
    assert not await comes_up(Broker("clear", port=guarded.port), QUIET_S)


async def test_who_is_told_an_authority_never_falls_back_to_the_clear(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A broker that has lost its certificate is no broker."""
    if OPENSSL is None:
        pytest.skip("openssl is not installed")
    assert await comes_up(Broker("plain", port=mosquitto.port), UP_S)
    assert not await comes_up(Broker("ours", port=mosquitto.port, ca_file=str(authority(tmp_path, "ward"))), QUIET_S)
