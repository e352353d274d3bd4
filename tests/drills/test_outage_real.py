"""Broker, pharmacy server and boards go away in the middle of a withdrawal and come back: real processes, real kills.

Why it matters: whatever stands around the cabinet fails more often than the cabinet. A nurse at the open drawer must be able to
finish, nothing may vanish, and afterwards the pharmacy must know all of it.
"""

import pytest

from tests.drills.bedside import Bedside, wait_for

POCKET = "n1-01"
LIGHT = "bins-n1:0"
"""The guide light of that pocket."""
"""A controlled item, behind a drawer and a lid."""

pytestmark = [
    pytest.mark.drill,
    pytest.mark.timeout(120),
    pytest.mark.leaves_open("the process that runs after a test is another one than before it"),
]


def test_a_withdrawal_goes_on_while_the_broker_is_dead_and_the_pharmacy_hears_of_it_afterwards(bedside: Bedside) -> None:
    """F22: nothing at the cabinet waits for the network."""
    nurse = bedside.sign_in()
    access = nurse.ask("withdraw", POCKET)
    nurse.until(access, lambda view: view["phase"] == "open")
    bedside.company.kill("broker")
    nurse.count(access, POCKET)
    nurse.take(POCKET)
    nurse.confirm(access)
    bedside.shut(POCKET)
    assert nurse.until(access, lambda view: view["phase"] != "open")["phase"] == "settled"
    assert nurse.withdraw(POCKET) == "settled"
    last = bedside.facts()[-1].seq
    assert bedside.held() < last
    bedside.company.start_broker()
    bedside.company.wait_for_broker()
    bedside.agree()
    nurse.sign_out()


def test_a_killed_pharmacy_server_takes_up_where_it_was_and_misses_nothing(bedside: Bedside) -> None:
    """It acknowledges what it holds durably and nothing else, so a kill costs it no fact."""
    nurse = bedside.sign_in()
    access = nurse.ask("withdraw", POCKET)
    nurse.until(access, lambda view: view["phase"] == "open")
    bedside.company.kill("central")
    nurse.count(access, POCKET)
    nurse.take(POCKET)
    nurse.confirm(access)
    bedside.shut(POCKET)
    assert nurse.until(access, lambda view: view["phase"] != "open")["phase"] == "settled"
    bedside.company.start_pharmacy()
    bedside.company.wait_for_pharmacy()
    bedside.agree()
    nurse.sign_out()


def test_dead_boards_refuse_new_accesses_and_coming_back_they_are_looked_at_before_they_are_used(bedside: Bedside) -> None:
    """The cabinet goes blind with a drawer open: it says so, opens nothing, and sees every door again before it trusts one."""
    nurse = bedside.sign_in()
    access = nurse.ask("withdraw", POCKET)
    nurse.until(access, lambda view: view["phase"] == "open")
    nurse.count(access, POCKET)
    nurse.take(POCKET)
    pieces, standing_open = bedside.pieces(), bedside.standing_open()
    before = bedside.facts()[-1].seq
    bedside.company.kill("sim")
    doors = {"locks-a", "locks-b", "lids-n1"}
    wait_for(lambda: doors <= {fault["id"] for fault in nurse.get("/faults")}, "every board that watches doors is lost")
    refused = nurse.call("POST", "/accesses", nurse.wish("blind-1", "withdraw", "m1-01"))
    assert (refused.status_code, refused.json()["code"]) == (409, "drawer.unknown")
    bedside.company.start_simulator()
    bedside.company.wait_for_simulator()
    assert bedside.pieces() == pieces
    assert bedside.standing_open() == standing_open
    wait_for(lambda: nurse.get("/faults") == [], "every board is back")
    assert bedside.plant()["energised"] == [LIGHT]  # lit again, for the nurse still stands there
    assert {fact.body["device"] for fact in bedside.facts(before, of_type="device_recovered")} >= doors
    assert not bedside.facts(before, of_type="release_intended")
    nurse.confirm(access)
    bedside.shut(POCKET)
    assert nurse.until(access, lambda view: view["phase"] != "open")["phase"] == "settled"
    bedside.wait_until_seen_shut()
    assert nurse.withdraw("m1-01") == "settled"
    bedside.agree()
    nurse.sign_out()
