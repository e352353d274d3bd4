"""`adc hw walk` as a technician goes it: asked line by line on a terminal, through a running controller, on simulated boards.

Alone knows: what a technician answers, rightly and wrongly, and what stands on the screen then.
Must not know: anything from inside the walk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from cabinet.adapters.signing import check_signed
from cabinet.cli.exit_code import ExitCode
from cabinet.rehearsal.company import Company
from cabinet.rehearsal.enrol import Enrolled
from tests.drills.bedside import SITE, new_company
from tests.terminal import CTRL_C, CTRL_D, Terminal

pytestmark = [pytest.mark.real, pytest.mark.drill]
TECHNICIAN = "farid-haddad"
PACKAGE = "]d201003059103690191727063010AB12C<GS>21SN0001"


@dataclass(frozen=True)
class Service:
    """A running cabinet, its technician, and the hands in the plant."""

    company: Company
    technician: Enrolled
    plant: str

    def adc(self, *words: str) -> Terminal:
        """A command of the bench on a terminal."""
        known = {"ADC_BADGE": self.technician.badge, "ADC_PIN": self.technician.pin}
        place = {"ADC_SITE": str(SITE), "ADC_STATE": str(self.company.state), "ADC_KIOSK_PORT": str(self.company.ports.kiosk)}
        return Terminal(["hw", *words], known | place)

    def hand(self, act: str, **what: object) -> None:
        """One act at the steel box."""
        assert httpx.post(f"{self.plant}/hands", json={"act": act, **what}).raise_for_status().json()["is_possible"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The demo cabinet on processes of its own."""
    company, staff, _ = new_company(tmp_path_factory.mktemp("walk"))
    technician = next(one for one in staff if one.id == TECHNICIAN)
    with company.started():
        yield Service(company, technician, f"http://127.0.0.1:{company.ports.virtual_cabinet}/api/v1")


def at_the_first_eye(walk: Terminal, service: Service) -> None:
    """The fridge's door is open, the first light is told, and the first photo-eye is asked for."""
    walk.wait_for("Fridge is released now: pull it open")
    service.hand("pull", drawer="f1")
    walk.answer("Fridge: did anything else open", "n")
    walk.answer("f1-01: does its light burn", "y")
    walk.wait_for("f1-01: fill it if it is empty.*: $")


def finish(walk: Terminal, service: Service) -> None:
    """From the first photo-eye on everything is skipped, and the door shut."""
    walk.type("")
    for pocket in ("f1-02", "f1-03"):
        walk.answer(f"{pocket}: does its light burn")
        walk.answer(f"{pocket}: fill it if it is empty")
    walk.wait_for("push shut: Fridge")
    service.hand("push", drawer="f1")


def test_a_walk_that_is_stopped_at_once_goes_on_where_it_stopped(service: Service) -> None:
    """A technician is called away in the middle: nothing hangs, nothing is lost, and what stands open is named."""
    with service.adc("walk", "--board", "bins-f1") as walk:
        at_the_first_eye(walk, service)
        walk.type(CTRL_C)
        assert walk.end() == ExitCode.FAILED
        assert "goes on from there" in walk.said
        assert "still open: Fridge" in walk.said
    service.hand("push", drawer="f1")
    with service.adc("walk", "--board", "bins-f1") as walk:
        walk.answer("An unfinished walk of yours is kept", "perhaps")
        walk.wait_for("not understood")
        walk.answer("Go on there", "y")
        at_the_first_eye(walk, service)
        finish(walk, service)
        assert walk.wait_for("(\\d+) passed, 0 failed, 5 skipped")
        assert walk.end() == ExitCode.HARDWARE, "what was skipped has not passed"
        name = walk.said.partition("commissioning/")[2].partition(" ")[0]
    assert not check_signed(service.company.state / "commissioning" / name).result["is_unattended"]
    assert not (service.company.state / "commissioning/unfinished.json").exists()


def test_a_wrong_answer_is_asked_again_and_a_part_tried_again(service: Service) -> None:
    """Whoever kneels before a cabinet types with one finger; a lamp that was dark is screwed in and tried again; q ends it."""
    with service.adc("walk", "--board", "bins-f1") as walk:
        walk.wait_for("Fridge is released now: pull it open")
        service.hand("pull", drawer="f1")
        walk.answer("Fridge: did anything else open")
        walk.answer("f1-01: does its light burn", "maybe")
        walk.wait_for("not understood: y or n is wanted")
        walk.answer("f1-01: does its light burn", "n")
        walk.wait_for("light bins-f1:0 did not pass")
        walk.answer("try it again", "y")
        walk.answer("f1-01: does its light burn", "y")
        walk.wait_for("passed +light +bins-f1:0")
        walk.answer("f1-01: fill it if it is empty", "q")
        assert walk.end() == ExitCode.FAILED
    service.hand("push", drawer="f1")


def test_a_drawer_that_does_not_open_is_put_right_and_tried_again(service: Service) -> None:
    """Nothing has to be begun afresh for a sticking bolt, and nobody is asked to push shut what never opened."""
    httpx.post(f"{service.plant}/faults", json={"kind": "drawer_jammed", "target": "f1"}).raise_for_status()
    with service.adc("walk", "--board", "bins-f1") as walk:
        walk.answer("Go on there", "n")
        walk.wait_for("Fridge is released now")
        walk.answer("Fridge: did anything else open")
        walk.answer("Fridge: is it really shut", "y")
        walk.wait_for("lock locks-b:1 did not pass: nothing moved")
        httpx.delete(f"{service.plant}/faults").raise_for_status()
        walk.answer("try it again", "y")
        at_the_first_eye(walk, service)
        assert "push shut" not in walk.said
        walk.type(CTRL_D)
        assert walk.end() == ExitCode.FAILED
    service.hand("push", drawer="f1")


def test_a_reader_hears_a_badge_and_a_scanner_a_code(service: Service) -> None:
    """What is held there is meant for the walk, and is recorded as heard."""
    with service.adc("walk", "--board", "badge-1") as walk:
        walk.answer("badge-1: have a badge at hand")
        walk.wait_for("hold the badge to badge-1 now")
        service.hand("show_badge", badge="77")
        walk.wait_for("passed +board +badge-1 .*a badge was heard")
        assert walk.end() == ExitCode.DONE
    with service.adc("walk", "--board", "scanner-1") as walk:
        walk.answer("scanner-1: have a package")
        walk.wait_for("scan the package with scanner-1 now")
        service.hand("scan", code=PACKAGE)
        walk.wait_for("passed +board +scanner-1 .*with its separator")
        assert walk.end() == ExitCode.DONE


def test_a_door_without_a_spring_asks_for_a_hand(service: Service) -> None:
    """A pulse at a fridge that nobody pulls proves nothing, and looks like a broken lock."""
    with service.adc("pulse", "f1") as pulse:
        pulse.wait_for("Fridge is released now: pull it open")
        assert pulse.end() == ExitCode.HARDWARE
        assert "opens only where a hand pulls it" in pulse.said


def test_the_folder_of_results_is_for_our_eyes(service: Service) -> None:
    """Names stand in them."""
    folder: Path = service.company.state / "commissioning"
    assert not [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077]
