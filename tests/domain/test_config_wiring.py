"""Rules of the cable that concern some models of board alone.

Alone knows: small sites that break one rule. Must not know: where in a file a finding is shown.
"""

from typing import Any

from config import wiring
from config.finding import Documents, Finding
from config.schema import Site
from tests.simulated_site import small_site


def found(site: Site) -> list[Finding]:
    """What the rules of the cable find."""
    documents = Documents(site, None, None, None)
    return [finding for rule in wiring.RULES for finding in rule(documents)]


def site(model: str, framing: str, light: str | None = None, **settings: int) -> Site:
    """A drawer on one board of this model."""
    pocket: dict[str, Any] = {"id": "p", "bin": "b:1", "light": light}
    drawer = {"id": "d", "name": "d", "kind": "matrix", "lock": "b:0", "closed": "b:0", "pocket": [pocket]}
    board = {"id": "b", "bus": "l", "address": 5, "model": model, "settings": settings}
    return small_site(bus=[{"id": "l", "kind": "serial", "framing": framing}], board=[board], drawer=[drawer])


def test_guide_light_on_a_lock_board_is_found() -> None:
    """Left on, it would burn; the board cannot leave it on either."""
    (finding,) = found(site("kerong_cu16", "kerong", light="b:5"))
    assert "none can stay on" in finding.what
    assert finding.path[-1] == "light"


def test_guide_lights_and_photo_eyes_sit_on_any_board_that_has_outputs_and_inputs() -> None:
    """A bin sensor on a lock board's infra-red input is what that input is for."""
    assert found(site("kerong_cu16", "kerong")) == []
    for model in ("icpdas_m7055", "waveshare_io_8", "waveshare_relay_d8"):
        assert found(site(model, "rtu", light="b:7")) == []


def test_watchdog_that_the_scan_cannot_feed_is_found() -> None:
    """It would switch everything off whenever an answer is lost."""
    (finding,) = found(site("icpdas_m7055", "rtu", watchdog_ms=500))
    assert "may pause for 850 ms" in finding.what
    assert found(site("icpdas_m7055", "rtu", watchdog_ms=1000)) == []
