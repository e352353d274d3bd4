"""The pharmacy's formulary: found by any word of it, changed in somebody's name, and shown with what is taken for what."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import config
from central.app import make_app
from central.database.place import Database
from central.document.room import DocumentRoom
from central.formulary.pages import plug
from central.formulary.shelf import FormularyShelf
from central.gate import Gate
from central.office import Office
from config.schema import Formulary, Item
from tests.database import migrated_postgres, postgres_server, postgres_url, server_database

__all__ = ["migrated_postgres", "postgres_server", "postgres_url", "server_database"]

NOW = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
DEMO = Formulary.model_validate(tomllib.loads((Path(config.__file__).parent / "formulary" / "demo.toml").read_text())).items


@pytest.fixture
def documents(server_database: Database) -> DocumentRoom:
    return DocumentRoom(server_database, Ed25519PrivateKey.generate(), lambda: NOW)


@pytest.fixture
def shelf(documents: DocumentRoom) -> FormularyShelf:
    return FormularyShelf(documents.office, DEMO)


@pytest.fixture
def http(documents: DocumentRoom, shelf: FormularyShelf, server_database: Database) -> httpx.AsyncClient:
    office = Office(server_database, _never, lambda: NOW)
    app = make_app(office, "Test", documents, Gate(), plugs=[plug(shelf, office.inquiry)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def _never(_job: object) -> object:
    raise AssertionError("nothing is stored here")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("oxycodone 5 mg", "oxycodone-5-tab"), ("ROXICODONE", "oxycodone-5-tab"), ("0406-9001-01", "oxycodone-5-tab"),
        ("0406900101", "oxycodone-5-tab"), ("opioid syringe", "morphine-4-syr"),
    ],
)  # fmt: skip
async def test_an_item_is_found_by_any_of_its_words(shelf: FormularyShelf, text: str, found: str) -> None:
    """Name, brand, class or code, in any case, with dashes or without."""
    assert found in {item.id for item in shelf.found(text)}
    assert len(shelf.found(text)) < len(DEMO)


async def test_a_code_is_added_in_somebodys_name_and_counts_from_then_on(http: httpx.AsyncClient, documents: DocumentRoom) -> None:
    """The document holds the item and what it names, so that no cabinet gets half of it; what is no code is refused where it was typed."""
    async with http:
        assert (await http.post("/formulary/oxycodone-5-tab/codes", data={"code": "00304069001013"})).status_code == 303
        newest = documents.office.shelf.newest("formulary", "*")
        assert newest is not None
        assert newest.approved_by == "unproven"
        records = documents.office.shelf.whole("formulary", "*")
        assert {"oxycodone-5-tab", "hydrocodone-apap-5-tab", "oxycodone-er-10-tab"} <= records.keys()
        assert "00304069001013" in (await http.get("/formulary/oxycodone-5-tab")).text
        assert [item["id"] for item in (await http.get("/api/v1/formulary?q=00304069001013")).json()] == ["oxycodone-5-tab"]
        wrong = await http.post("/formulary/oxycodone-5-tab/codes", data={"code": "<i>x"})
        assert (wrong.status_code, "codes" in wrong.text, "<i>" in wrong.text) == (422, True, False)
        assert (await http.post("/formulary/nothing/codes", data={"code": "00304069001013"})).status_code == 404


async def test_look_alikes_are_shown_flagged_and_unflagged(http: httpx.AsyncClient, shelf: FormularyShelf) -> None:
    """As the hospital lists them, from either side, and as names are written alike."""
    items = shelf.items()
    listed = {one.item.id for one in shelf.alike(items["hydroxyzine-25-tab"]) if one.is_listed}
    assert "hydralazine-25-tab" in listed
    twin = Item(
        id="hydroxyurea",
        generic="hydroxyurea",
        tall_man="hydroxyurea",
        strength="500 mg",
        form="capsule",
        ndc="0003-0830-50",
        count_unit="capsule",
    )
    near = FormularyShelf(shelf._documents, [*DEMO, twin])  # noqa: SLF001 - the same documents, another file
    assert [one.item.id for one in near.alike(twin) if not one.is_listed][:1] == ["hydroxyzine-25-tab"]
    async with http:
        page = "/formulary/furosemide-40-vial"
        for is_flagged in (True, False):
            assert (await http.post(f"{page}/look-alikes", data={"other": "morphine-4-syr"})).status_code == 303
            assert ("morphine-4-syr" in shelf.items()["furosemide-40-vial"].look_alikes) == is_flagged
        assert (await http.post(f"{page}/look-alikes", data={"other": "nobody"})).status_code == 422


async def test_the_page_lists_and_says_what_is_there(http: httpx.AsyncClient) -> None:
    """Tall letters, class and marks; an item in no cabinet says so."""
    async with http:
        page = (await http.get("/formulary?q=oxycodone")).text
        assert "oxyCODONE" in page
        assert "C2" in page
        assert "high alert" in page
        assert "Nothing is like that" in (await http.get("/formulary?q=zzz")).text
        assert "In no cabinet" in (await http.get("/formulary/oxycodone-5-tab")).text
        assert (await http.get("/formulary/nothing")).status_code == 404
