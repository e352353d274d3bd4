"""`adc item` and `adc staff` as they are typed: with no controller running, by somebody's badge and PIN, through the same policy."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from cabinet.adapters.journal_reader import read_journal
from cabinet.cli.exit_code import ExitCode
from cabinet.cli.main import cli
from cabinet.domain.facts import CodeLinked
from cabinet.rehearsal.enrol import enrol
from config.load import load_site

DEMO = Path(config.__file__).parent / "sites/demo.toml"
NOBODY = "9"
NURSE, PHARMACIST, ADMINISTRATOR = "ana-reyes", "hugo-marchetti", "grace-kim"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder with people who can sign in, and its boards simulated on real lines."""
    folder = tmp_path_factory.mktemp("item")
    enrol(load_site(DEMO), folder)
    words = [sys.executable, "-m", "cabinet.cli", "sim", "--site", str(DEMO), "--state", str(folder), "--page-port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as sim:
        assert sim.stdout is not None
        for _ in load_site(DEMO).site.buses:
            assert sim.stdout.readline()
        yield folder
        sim.send_signal(signal.SIGTERM)
        sim.communicate()


def adc(state: Path, who: str, *words: str, of: str = "item", **told: str) -> Result:
    """A command `of` the kind, as somebody who knows their badge and PIN."""
    people = load_site(DEMO).people
    assert people is not None
    badge = next(one.badge for one in people.staff if one.id == who)
    pin = json.loads((state / "demo-pins.json").read_text())[who]
    place = ["--site", str(DEMO), "--state", str(state), "--kiosk-port", NOBODY, "--badge", badge]
    return CliRunner().invoke(cli, [of, *words, *place], env={"ADC_PIN": pin, **told})


@pytest.mark.real
def test_a_code_is_linked_by_who_may_and_is_a_fact(state: Path) -> None:
    """Role by role as at the screen; what was linked stands in the journal with its name."""
    refused = adc(state, NURSE, "link", "4012345678901", "acetaminophen-325-tab")
    assert refused.exit_code == ExitCode.NOT_AUTHORISED, refused.output
    done = adc(state, PHARMACIST, "link", "4012345678901", "acetaminophen-325-tab", "--json")
    assert done.exit_code == ExitCode.DONE, done.output
    taken = adc(state, PHARMACIST, "link", "4012345678901", "ondansetron-4-vial")
    assert taken.exit_code == ExitCode.FAILED, taken.output
    journal = read_journal(state / "journal.db")
    linked = [(entry.staff, entry.fact.key) for entry in journal.history() if isinstance(entry.fact, CodeLinked)]
    journal.close()
    assert linked == [(PHARMACIST, "gtin:04012345678901")]


@pytest.mark.real
def test_the_search_of_the_command_line_is_that_of_the_screen(state: Path) -> None:
    """Two letters show nothing there either."""
    assert json.loads(adc(state, NURSE, "find", "ve", "--json").stdout)["items"] == []
    assert "rsi-kit" in adc(state, NURSE, "find", "rocuronium", "--for", "override").stdout
    assert json.loads(adc(state, NURSE, "parked", "--json").stdout) == []


@pytest.mark.real
def test_who_is_enrolled_with_a_pin_that_is_refused_is_said_to_be_there_without_one(state: Path) -> None:
    """Somebody who believes that nothing happened enrols the person twice, or leaves them with no way in."""
    wish = ("enrol", "tina-new", "--name", "Tina New", "--role", "nurse", "--new-badge", "1999")
    refused = adc(state, ADMINISTRATOR, *wish, of="staff", ADC_NEW_PIN="4471")
    assert refused.exit_code != ExitCode.DONE
    assert "pin.form" in refused.output
    assert "Tina New is enrolled, and cannot sign in yet" in refused.output
    mended = adc(state, ADMINISTRATOR, "pin", "tina-new", of="staff", ADC_NEW_PIN="447183")
    assert mended.exit_code == ExitCode.DONE, mended.output
