"""`adc hw address` on real lines: new boards in the workshop's places get their addresses through a running controller.

Alone knows: how each family takes an address. Must not know: how one is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from cabinet.cli.exit_code import ExitCode
from cabinet.rehearsal.company import Company, Ports
from cabinet.rehearsal.enrol import Enrolled, enrol
from config.load import load_site
from tests.broker import free_port
from tests.drills.bedside import CENTRAL, CONFIG
from tests.terminal import Terminal

pytestmark = [pytest.mark.real, pytest.mark.drill]
WORKSHOP = CONFIG / "sites" / "workshop.toml"


@dataclass(frozen=True)
class Shop:
    """One board of every family, and a technician."""

    company: Company
    technician: Enrolled

    def adc(self, *words: str) -> Terminal:
        """A command of the bench on a terminal."""
        known = {"ADC_BADGE": self.technician.badge, "ADC_PIN": self.technician.pin}
        place = {"ADC_SITE": str(WORKSHOP), "ADC_STATE": str(self.company.state), "ADC_KIOSK_PORT": str(self.company.ports.kiosk)}
        return Terminal(["hw", *words], known | place)

    def break_(self, kind: str, board: str) -> None:
        """Something happens to a board."""
        faults = f"http://127.0.0.1:{self.company.ports.virtual_cabinet}/api/v1/faults"
        httpx.post(faults, json={"kind": kind, "target": board}).raise_for_status()

    def mend(self) -> None:
        """Everything is as it should be, but for addresses."""
        httpx.delete(f"http://127.0.0.1:{self.company.ports.virtual_cabinet}/api/v1/faults").raise_for_status()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The workshop on processes of its own."""
    state, loaded = tmp_path_factory.mktemp("workshop"), load_site(WORKSHOP)
    company = Company(WORKSHOP, CENTRAL, state, Ports(free_port(), free_port(), free_port(), free_port()))
    technician = next(one for one in enrol(loaded, state) if one.role == "technician")
    with company.started():
        yield Shop(company, technician)


@pytest.mark.parametrize(("bus", "address", "board"), [("relays", "2", "wave"), ("cold", "31", "probes")])
def test_a_new_board_is_given_its_address(shop: Shop, bus: str, address: str, board: str) -> None:
    """Also where it is alone on its line, so that nobody answers there but a stranger."""
    shop.break_("board_new", board)
    with shop.adc("address", bus, address) as adc:
        adc.wait_for(f"{bus} {address}: answers")
        assert adc.end() == ExitCode.DONE
    with shop.adc("identify", board) as adc:
        assert adc.end() == ExitCode.DONE, adc.said


def test_a_board_that_takes_its_address_with_its_next_start_is_waited_for(shop: Shop) -> None:
    """Without that it would seem not to have taken it."""
    shop.break_("board_new", "probe")
    with shop.adc("address", "cold", "30") as adc:
        adc.wait_for("still answers at 1")
        shop.mend()
        shop.break_("board_silent", "probe")
        shop.mend()
        adc.answer("Take its power off and on again")
        adc.wait_for("cold 30: answers")
        assert adc.end() == ExitCode.DONE


@pytest.mark.parametrize(
    ("bus", "address", "words"),
    [
        ("hooks", "1", "by the switches on the board"),
        ("door", "5", "configuration card"),
    ],
)
def test_a_board_that_is_set_by_hand_is_left_alone_and_it_is_said_how(shop: Shop, bus: str, address: str, words: str) -> None:
    """A blank no would leave a technician with a manual to be found first."""
    with shop.adc("address", bus, address) as adc:
        assert adc.end() == ExitCode.FAILED
        assert words in adc.said
        assert "adc hw identify" in adc.said
