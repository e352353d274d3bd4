"""Whether the pharmacy is heard: by its own durable word alone.

Why it matters: a broker that is up while the pharmacy server is down looks like a pharmacy to everybody who asks the line.
"""

import asyncio
from datetime import UTC, datetime

from cabinet.adapters.clock import LoopClock
from cabinet.adapters.contact import WORD_WITHIN_S, Contact
from tests.virtual import virtual


class Ear:
    """What was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def heard(self) -> None:
        """See ContactListener."""
        self.told.append("heard")

    def lost(self, until: str) -> None:
        """See ContactListener."""
        self.told.append(f"lost {until[11:19]}".strip())


def contact(until: str = "") -> tuple[Contact, Ear]:
    """A contact that begins at seven."""
    ear = Ear()
    clock = LoopClock(asyncio.get_running_loop(), datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    made = Contact(clock, ear, until)
    made.begin()
    return made, ear


@virtual
async def test_what_the_broker_kept_is_no_word() -> None:
    """A retained ack says what was true once."""
    made, ear = contact()
    made.line_up(behind=1)
    made.word(is_news=False, behind=1)
    assert ear.told == ["lost"]
    made.word(is_news=True, behind=0)
    assert ear.told == ["lost", "heard"]


@virtual
async def test_a_fact_that_waits_too_long_for_its_word_is_a_loss_from_its_own_moment_on() -> None:
    """The broker is up, the server is not."""
    made, ear = contact()
    made.word(is_news=True, behind=0)
    await asyncio.sleep(60)
    made.committed()
    await asyncio.sleep(WORD_WITHIN_S - 1)
    made.committed()
    assert ear.told[-1] == "heard"
    await asyncio.sleep(2)
    assert ear.told[-1] == "lost 07:01:00"


@virtual
async def test_a_line_that_flaps_with_nothing_owed_is_contact_again() -> None:
    """No word can come where none is waited for."""
    made, ear = contact()
    made.word(is_news=True, behind=0)
    made.line_down()
    made.line_up(behind=0)
    assert ear.told == ["lost", "heard", "lost 07:00:00", "heard"]
    made.line_down()
    made.line_up(behind=3)
    assert ear.told[-1] == "lost 07:00:00"


@virtual
async def test_a_restart_knows_the_last_word_of_the_run_before() -> None:
    """Ages are told from then on."""
    _, ear = contact("2026-11-22T21:10:00.000000Z")
    assert ear.told == ["lost 21:10:00"]
