"""The broker's example files, on a real mosquitto: who has no certificate is out, and nobody speaks or hears in another's name (S19, S20).

Alone knows: how the examples' places are put elsewhere. Must not know: what a message means.
"""

import asyncio
import getpass
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker, Parcel
from tests.broker import MOSQUITTO, Mosquitto
from tests.ports.test_courier_tls import OPENSSL, authority, broker_certificate, comes_up, run_openssl

EXAMPLES = Path(__file__).parents[2] / "config" / "broker"
QUIET_S, ANSWER_S = 0.5, 10.0

pytestmark = [pytest.mark.real, pytest.mark.skipif(MOSQUITTO is None or OPENSSL is None, reason="mosquitto or openssl is not installed")]


class ExampleMosquitto(Mosquitto):
    """The broker by the example's file, with its places in a folder and on a free port."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        told = (EXAMPLES / "mosquitto.conf").read_text().replace("/etc/adc/pki", str(folder)).replace("/etc/mosquitto", str(folder))
        self._config.write_text(told.replace("listener 8883", f"listener {self.port} 127.0.0.1") + f"user {getpass.getuser()}\n")
        shutil.copy(EXAMPLES / "adc.acl", folder)


def _of(folder: Path, name: str) -> None:
    """A certificate whose common name is `name`, as the how-to makes it."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run_openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", folder=folder)
    signing = ("-CA", "ward.crt", "-CAkey", "ward.key", "-CAcreateserial", "-days", "2")
    run_openssl("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.crt", *signing, folder=folder)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[ExampleMosquitto]:
    authority(tmp_path, "ward")
    broker_certificate(tmp_path)
    for name in ("pharmacy", "ward-a", "ward-b"):
        _of(tmp_path, name)
    made = ExampleMosquitto(tmp_path)
    await made.start()
    yield made
    made.stop()


def _as(name: str, broker: Mosquitto, folder: Path) -> Broker:
    files = {"cert_file": str(folder / f"{name}.crt"), "key_file": str(folder / f"{name}.key")} if name else {}
    return Broker(client_id=name or "stranger", host="127.0.0.1", port=broker.port, ca_file=str(folder / "ward.crt"), **files)


class Ear:
    """A courier that writes down what it hears."""

    def __init__(self, broker: Broker, *topics: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.courier = MqttCourier(broker)
        self.courier.subscribe(topics, self._take)

    def _take(self, parcel: Parcel) -> None:
        self.heard.append((parcel.topic, bytes(parcel.payload)))


async def test_everybody_speaks_and_hears_in_their_own_name_alone(broker: ExampleMosquitto, tmp_path: Path) -> None:
    """A cabinet in wrong hands tells nothing of another, reads none of its patients, and sends no documents."""
    pharmacy = Ear(_as("pharmacy", broker, tmp_path), "adc/v1/+/up/#")
    ward_a = Ear(_as("ward-a", broker, tmp_path), "adc/v1/ward-a/down/#", "adc/v1/ward-b/down/#", "adc/v1/ward-b/up/#")
    ward_b = Ear(_as("ward-b", broker, tmp_path), "adc/v1/ward-b/down/#")
    everybody = (pharmacy, ward_a, ward_b)
    for one in everybody:
        await one.courier.start()
    try:
        async with asyncio.timeout(ANSWER_S):
            while not (pharmacy.courier.is_up and ward_b.courier.is_up and ward_a.courier.is_up):  # noqa: ASYNC110 - a line calls nobody here
                await asyncio.sleep(0.02)
        for target in ("adc/v1/ward-b/up/journal", "adc/v1/ward-b/down/staff", "adc/v1/ward-a/down/staff", "adc/v1/ward-a/up/journal"):
            ward_a.courier.publish(target, b"of a")
        ward_b.courier.publish("adc/v1/ward-b/up/journal", b"of b")
        for ward in ("ward-a", "ward-b"):
            pharmacy.courier.publish(f"adc/v1/{ward}/down/orders", ward.encode())
        async with asyncio.timeout(ANSWER_S):
            while min(len(one.heard) for one in everybody) < 1 or len(pharmacy.heard) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(QUIET_S)
    finally:
        for one in everybody:
            await one.courier.stop()
    assert sorted(pharmacy.heard) == [("adc/v1/ward-a/up/journal", b"of a"), ("adc/v1/ward-b/up/journal", b"of b")]
    assert ward_a.heard == [("adc/v1/ward-a/down/orders", b"ward-a")]
    assert ward_b.heard == [("adc/v1/ward-b/down/orders", b"ward-b")]


async def test_without_a_certificate_of_the_wards_nobody_is_let_in(broker: ExampleMosquitto, tmp_path: Path) -> None:
    """Neither without any, nor with one of another authority."""
    assert not await comes_up(_as("", broker, tmp_path), 1.0)
    assert await comes_up(_as("ward-a", broker, tmp_path), ANSWER_S)
