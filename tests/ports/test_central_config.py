"""The pharmacy server's file: the example is sound, and what is wrong with another one is said with its place."""

from pathlib import Path

import pytest

from central.process import broker_of
from config.central import items_of, load_central
from config.problem import SiteProblems

DEMO = Path(__file__).parents[2] / "config/central/demo.toml"


def test_the_demo_file_is_sound() -> None:
    """It is what a newcomer copies."""
    central = load_central(DEMO)
    assert (central.http.port, central.mqtt.port, central.store.path) == (8081, 1883, "central.db")
    assert items_of(central, DEMO)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[http]\nprot = 8081\n", "2:1"),
        ("[mqtt]\nport = 70000\n", "2:1"),
        ("name = \n", "1:"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, where: str) -> None:
    """An engineer mends a file by its line, not by a traceback."""
    file = tmp_path / "central.toml"
    file.write_text(text)
    with pytest.raises(SiteProblems, match=f"central.toml:{where}"):
        load_central(file)


def test_the_brokers_password_is_read_from_its_own_file(tmp_path: Path) -> None:
    """A secret never stands in a configuration file or on a command line."""
    (tmp_path / "secret").write_text("hush\n")
    file = tmp_path / "central.toml"
    file.write_text(f'[mqtt]\nusername = "pharmacy"\npassword_file = "{tmp_path}/secret"\n')
    assert broker_of(load_central(file)).password == "hush"
