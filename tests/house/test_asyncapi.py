"""`docs/asyncapi.yaml` says what the code sends, field by field: integrators build on that page."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

import cabinet.domain.document
from cabinet import messages
from cabinet.domain.facts import ALPHABET
from cabinet.messages import (
    DOCUMENTS,
    Ack,
    Document,
    DocumentsReport,
    HealthReport,
    JournalReport,
    RestockReport,
    StateReport,
    StockReport,
    topic,
)
from central.post import TOPICS
from tests.post import DAY

yaml = pytest.importorskip("yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "docs/asyncapi.yaml").read_text())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
REPORTS = (StateReport, StockReport, RestockReport, HealthReport, JournalReport, Ack, DocumentsReport, Document)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, or what its reference names."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return resolve(SCHEMAS[name]) if name else schema


def kinds(schema: dict[str, Any]) -> set[str]:
    """The JSON types that a schema allows."""
    if "anyOf" in schema:
        return set().union(*(kinds(one) for one in schema["anyOf"]))
    found = schema["type"]
    return {found} if isinstance(found, str) else set(found)


def made_schemas() -> dict[str, Any]:
    """What the code's own types come to."""
    return msgspec.json.schema_components(REPORTS, ref_template="#/components/schemas/{name}")[1]


@pytest.mark.parametrize("name", sorted(made_schemas()))
def test_every_message_is_described_as_the_code_has_it(name: str) -> None:
    """Fields, which of them are always there, and their JSON types."""
    made, told = made_schemas()[name], SCHEMAS[name]
    assert list(told["properties"]) == list(made["properties"])
    assert told["required"] == made["required"]
    for field, schema in made["properties"].items():
        if "$ref" in schema:
            assert told["properties"][field] == schema
        else:
            assert kinds(resolve(told["properties"][field])) == kinds(schema), field


def test_a_fact_is_described_as_it_is_sent() -> None:
    """The envelope of the journal, and every type of fact there is."""
    assert list(SCHEMAS["Fact"]["properties"]) == list(DAY[0])
    assert set(SCHEMAS["Fact"]["properties"]["type"]["enum"]) == set(ALPHABET)


def test_every_topic_is_described_and_none_else() -> None:
    """What the server listens to and what it publishes; health is kept for whoever watches over cabinets."""
    told = {channel["address"].replace("{cabinet}", "+").replace("{pocket}", "+") for channel in DOCUMENT["channels"].values()}
    kinds_told = DOCUMENT["components"]["parameters"]["document"]["enum"]
    addresses = {address.replace("{document}", kind) for address in told for kind in kinds_told}
    assert addresses == {
        *TOPICS,
        topic("+", "down/ack"),
        topic("+", "up/health"),
        topic("+", "up/documents"),
        *(topic("+", f"down/{kind}") for kind in DOCUMENTS),
    }
    assert DOCUMENT["info"]["version"] == messages.CONTRACT


def test_nothing_that_a_cabinet_hears_unlocks_anything() -> None:
    """S22: what comes down is the ack and reference data, and no event that reference data can become releases a lock."""
    heard = [operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values() if operation["action"] == "receive"]
    assert heard == ["#/channels/document", "#/channels/ack"]
    room = Path(cabinet.domain.document.__file__).parent
    assert not [path.name for path in room.glob("*.py") if "ReleaseLock" in path.read_text() or "AccessAsked" in path.read_text()]
