"""One running demo for all drills of a file.

Alone knows: how long it lives. Must not know: what is drilled.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.drills.bedside import Bedside, new_company


@pytest.fixture(scope="module")
def bedside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bedside]:
    """Broker, simulated boards, pharmacy server and controller, each a process; what one drill leaves, the next one finds."""
    company, staff, loaded = new_company(tmp_path_factory.mktemp("demo"))
    with company.started(), httpx.Client(timeout=20) as client:
        yield Bedside(company, staff, loaded, client)
