"""The frame of the pharmacy's pages: one head and one navigation, that offers what this server answers and nothing else."""

from datetime import UTC, datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.app import make_app
from central.document.room import DocumentRoom
from central.navigation import PLACES, place_of
from central.office import Office

NOW = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)


async def page_of(path: str, *, takes_changes: bool) -> str:
    office = Office.in_memory(lambda: NOW)
    room = DocumentRoom(office.database, Ed25519PrivateKey.generate(), lambda: NOW) if takes_changes else None
    transport = httpx.ASGITransport(make_app(office, "Test pharmacy", room))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(path)
        assert answer.status_code == 200
        return answer.text


async def test_the_navigation_offers_what_the_server_answers() -> None:
    """A link that leads nowhere costs a pharmacist a minute; a page that is not offered is not found."""
    assert 'href="/documents"' in await page_of("/", takes_changes=True)
    bare = await page_of("/", takes_changes=False)
    assert 'href="/documents"' not in bare
    assert 'href="/" aria-current="page"' in bare


async def test_every_place_that_is_offered_leads_to_a_page_in_the_frame() -> None:
    """Each page extends the one frame: the same head, the same navigation, its own place marked."""
    front = await page_of("/", takes_changes=True)
    offered = [place for place in PLACES if f'href="{place.path}"' in front]
    assert len(offered) > 2
    for place in offered:
        page = await page_of(place.path, takes_changes=True)
        assert f'<a href="{place.path}" aria-current="page">{place.name}</a>' in page
        assert 'id="line"' in page


@pytest.mark.parametrize(
    ("path", "place"), [("/", "/"), ("/cabinets/ward-1", "/"), ("/documents", "/documents"), ("/recalls/7/lines", "/recalls")]
)
def test_a_page_below_a_place_belongs_to_it(path: str, place: str) -> None:
    """Whoever stands on a recall's own page sees where they are."""
    assert place_of(path) == place
