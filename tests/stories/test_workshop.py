"""The workshop's cabinet: one board of every family on a line of its own, all of them real to the controller at once."""

import tomllib
from pathlib import Path

import config
from config.load import load_site
from config.models import MODELS

SITE = Path(str(config.__file__)).parent / "sites" / "workshop.toml"


def test_the_workshop_is_sound_and_has_every_family() -> None:
    """A technician looks there first for how a board is written down; a family that is missing there is one nobody has tried."""
    loaded = load_site(SITE)
    shown = {MODELS[board.model].family for board in loaded.site.boards}
    assert shown == {model.family for model in MODELS.values()}


def test_every_framing_is_on_a_line() -> None:
    """What the schema offers and no line speaks would be a promise."""
    spoken = {bus["framing"] for bus in tomllib.loads(SITE.read_text())["bus"]}
    assert spoken == {framing for model in MODELS.values() for framing in model.framings}
