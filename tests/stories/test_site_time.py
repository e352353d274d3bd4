"""Times as people read them: in the ward's own time zone, with the zone said, while the journal and the API stay UTC."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from pydantic import ValidationError

from cabinet.kiosk.site_time import SiteTime
from config.load import LoadedSite
from config.schema import Site
from tests.simulated_site import small_site
from tests.stories.workshop import demo, open_workshop
from tests.virtual import virtual


@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        ("UTC", "2026-11-23T07:00:00.000000Z", "2026-11-23 07:00 UTC"),
        ("America/New_York", "2026-11-23T03:30:00.000000Z", "2026-11-22 22:30 EST"),
        ("America/New_York", "2026-11-01T05:30:00.000000Z", "2026-11-01 01:30 EDT"),
        ("America/New_York", "2026-11-01T06:30:00.000000Z", "2026-11-01 01:30 EST"),
        ("America/Sao_Paulo", "2026-11-23T07:00:00.000000Z", "2026-11-23 04:00 UTC-03"),
    ],
)
def test_a_moment_is_told_with_its_zone(zone: str, at: str, said: str) -> None:
    """In the night when the clocks go back an hour comes twice: only the zone tells which; a zone without letters is not a bare minus."""
    assert SiteTime(ZoneInfo(zone)).moment(at) == said


def test_a_day_is_the_wards_and_not_utcs() -> None:
    """A check that falls due late in the evening falls due that evening."""
    assert SiteTime(ZoneInfo("America/New_York")).day("2026-11-23T03:30:00.000000Z") == "2026-11-22"
    assert SiteTime(UTC).clock("2026-11-23T03:30:00.000000Z") == "03:30 UTC"


@pytest.mark.parametrize("name", ["Mars/Olympus", "EST5EDT4", "../etc/passwd", ""])
def test_a_zone_that_does_not_exist_is_refused_in_the_site(name: str) -> None:
    """A misspelt zone must not be UTC in silence."""
    with pytest.raises(ValidationError, match="time_zone"):
        small_site(time_zone=name)


@virtual
async def test_the_screen_has_the_wards_time_and_the_api_has_utc(tmp_path: Path) -> None:
    """A nurse compares the screen with the clock on the wall, a program compares instants."""
    plain = demo()
    site = Site.model_validate(plain.site.model_dump(mode="json", by_alias=True) | {"time_zone": "America/New_York"})
    loaded = LoadedSite(**{name: getattr(plain, name) for name in plain.__dataclass_fields__} | {"site": site})
    async with open_workshop(tmp_path, loaded) as shop, shop.bench() as bench:
        await bench.take()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="https://localhost") as client:
            page = (await client.get("/")).text
        assert "since 02:00 EST, back at 02:30 EST at the latest" in page
        held = (await bench.picture())["maintenance"]
        assert held["since"].startswith("2026-11-23T07:00")
        assert held["since"].endswith("Z")
