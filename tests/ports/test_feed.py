"""Who hears that something changed, and who waits until what came in is stored."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random

from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.messages import topic
from central.feed import PATIENCE_S, Changes, Feed
from central.office import STORM_POSTS, STORM_S, Office
from tests.post import CABINET
from tests.virtual import virtual

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)

KEEP_ALIVE_S = 60.0


async def gathered(listening: AsyncIterator[Changes], into: list[Changes]) -> None:
    async for changes in listening:
        into.append(changes)  # noqa: PERF401 - seen while it goes on


@virtual
async def test_the_servers_own_work_gives_way_to_facts_that_wait_and_pages_do_not() -> None:
    """What is made of facts may be late; an acknowledgement may not."""
    is_storing = True
    feed, pages, work = Feed(lambda: is_storing), [], []
    tasks = [
        asyncio.create_task(gathered(feed.listen(KEEP_ALIVE_S), pages)),
        asyncio.create_task(gathered(feed.follow(KEEP_ALIVE_S), work)),
    ]
    await asyncio.sleep(0)
    for cabinet in ("north", "south"):
        feed.tell({cabinet: {"facts"}})
        await asyncio.sleep(1)
    assert pages == [{"north": ["facts"]}, {"south": ["facts"]}]
    assert work == [{}]
    is_storing = False
    await asyncio.sleep(1)
    assert work == [{}, {"north": ["facts"], "south": ["facts"]}]
    for task in tasks:
        task.cancel()


@virtual
async def test_nothing_gives_way_for_ever() -> None:
    """A stock-out in a storm is told while the storm lasts."""
    feed, work = Feed(lambda: True), []
    task = asyncio.create_task(gathered(feed.follow(KEEP_ALIVE_S), work))
    await asyncio.sleep(0)
    feed.tell({"north": {"stock"}})
    await asyncio.sleep(PATIENCE_S + 1)
    assert work == [{}, {"north": ["stock"]}]
    task.cancel()


@virtual
async def test_what_changes_during_the_first_look_at_everything_is_told() -> None:
    """Else a fact stored at the wrong moment would wait for the next one, at night for hours."""
    feed = Feed()
    async with contextlib.aclosing(feed.follow(KEEP_ALIVE_S)) as work:
        assert await anext(work) == {}
        feed.tell({"north": {"facts"}})
        assert await anext(work) == {"north": ["facts"]}


@virtual
async def test_a_storm_is_not_over_in_the_pause_between_two_rounds() -> None:
    """Else whatever looks at a whole fleet begins in the middle of it, and storing waits for that."""
    broker = TwinBroker(Random(1))
    office, courier, cabinet = Office.in_memory(lambda: NOW), TwinCourier(broker, "pharmacy"), TwinCourier(broker, CABINET)
    office.attach(courier)
    storing = asyncio.create_task(office.run())
    await courier.start()
    await cabinet.start()
    await asyncio.sleep(1)
    for count, is_storm in ((1, False), (STORM_POSTS, True)):
        for seq in range(count):
            cabinet.publish(topic(CABINET, f"up/stock/p{count}-{seq}"), b"{}", qos=0)
        await asyncio.sleep(0.1)
        await office.idle()
        assert office.is_storing() == is_storm
    await asyncio.sleep(STORM_S)
    assert not office.is_storing()
    for one in (courier, cabinet):
        await one.stop()
    storing.cancel()
