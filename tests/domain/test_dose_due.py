"""The doses that remain due of an order (ISMP 2019, 7): by its schedule where it is readable, and by what this cabinet gave out."""

from dataclasses import replace

import pytest

from cabinet.domain.dose.due import Due, Stand, due_of
from cabinet.domain.orders import Order
from cabinet.domain.vocabulary import ItemId, OrderId, PatientId, Units

NOW = "2026-03-02T08:00:00.000000Z"
ORDER = Order(OrderId("o"), PatientId("pat"), ItemId("plain"), "325 mg", Units(1), "PO", "every 6 hours", is_verified=True)


def at(clock: str, day: int = 2) -> str:
    """A moment of that day."""
    return f"2026-03-{day:02}T{clock}:00.000000Z"


@pytest.mark.parametrize(
    ("schedule", "taken", "due"),
    [
        ("every 6 hours", [], Due(Stand.DUE, None, None)),
        ("every 6 hours", [at("06:30"), at("00:30")], Due(Stand.AHEAD, at("12:30"), None)),
        ("every 6 hours", [at("01:00")], Due(Stand.DUE, at("07:00"), None)),
        ("twice a day", [at("06:00")], Due(Stand.AHEAD, at("18:00"), None)),
        ("every 4 hours as needed for pain", [at("06:00")], Due(Stand.AS_NEEDED, at("10:00"), None)),
        ("every 4 hours as needed for pain", [at("02:00")], Due(Stand.AS_NEEDED, None, None)),
        ("as needed", [], Due(Stand.AS_NEEDED, None, None)),
        ("once", [], Due(Stand.DUE, None, 1)),
        ("once", [at("06:00")], Due(Stand.DONE, None, 0)),
        ("ONCE MR1", [at("06:00")], Due(Stand.DUE, None, 1)),
        ("continuous infusion", [], None),
        ("by the pharmacist's protocol", [at("06:00")], None),
    ],
)
def test_the_next_dose_follows_from_the_schedule_and_the_last_that_was_taken(schedule: str, taken: list[str], due: Due | None) -> None:
    """What is as needed is never due, only to be had again; what cannot be read says nothing, rather than something wrong."""
    assert due_of(replace(ORDER, schedule=schedule), taken, NOW) == due


def test_an_order_that_begins_and_ends_says_how_many_doses_are_left() -> None:
    """The last falls before the stop, not on it."""
    order = replace(ORDER, starts=at("06:00"), stops=at("06:00", 3))
    assert due_of(order, [], NOW) == Due(Stand.DUE, at("06:00"), 4)
    assert due_of(order, [at("06:10")], NOW) == Due(Stand.AHEAD, at("12:10"), 3)
    assert due_of(replace(order, stops=at("10:00")), [at("06:10")], NOW) == Due(Stand.DONE, None, 0)


def test_the_orders_own_interval_stands_above_its_words() -> None:
    """Somebody said so in numbers."""
    assert due_of(replace(ORDER, interval_min=90), [at("07:00")], NOW) == Due(Stand.AHEAD, at("08:30"), None)


@pytest.mark.parametrize("change", [{"status": "held"}, {"stops": at("07:00")}, {"is_verified": False}, {"starts": at("09:00")}])
def test_an_order_that_does_not_hold_now_has_nothing_due(change: dict[str, str]) -> None:
    """Held, stopped, waiting for a pharmacist, or not begun."""
    assert due_of(replace(ORDER, **change), [], NOW) is None  # type: ignore[arg-type]
