"""How long a typed letter waits for its list, over as many names as a large hospital has.

4,000 items with two names each are made of syllables (seeded, so that beginnings crowd as real ones do); every prefix of 400 of them is
typed, for a withdrawal and for an override. The peer, in the same run, is what a list without any rule costs: all names compared with the
letters, one after another, in plain Python. A keystroke that costs less than that is no reason to leave a rule out.
"""

import random
import time
from collections.abc import Callable
from functools import partial

from bench.figure import Figure
from cabinet.domain.formulary import ControlClass, CountMode, Formulary, Item
from cabinet.domain.search import Index, find
from cabinet.domain.vocabulary import ItemId

ITEMS, TYPED = 4_000, 400
SYLLABLES = ("ce", "fa", "hy", "dro", "met", "ro", "ve", "cu", "ni", "um", "lo", "pra", "zo", "le", "mi", "da", "lam", "ox", "cli", "tra")
TAIL, REPEATS = 0.99, 3
"""The same letters are typed three times and the fastest counts: what else the machine does is not the search's."""


def measure() -> list[Figure]:
    """The keystroke's 99th percentile beside a plain scan's."""
    formulary = _formulary(random.Random(7))
    began_s = time.perf_counter()
    index = Index(formulary)
    build_ms = 1000 * (time.perf_counter() - began_s)
    names = [name for item in formulary.values() for name in (item.generic, *item.brands)]
    letters = [name[:length] for name in names[:: len(names) // TYPED] for length in range(1, len(name) + 1)]
    stocked = set(list(formulary)[::10])
    ours = sorted(_ms(partial(find, index, stocked, text, way)) for text in letters for way in ("withdraw", "override"))
    plain = sorted(_ms(partial(_scan, names, text)) for text in letters)
    mine, peer = ours[int(TAIL * len(ours))], plain[len(plain) // 2]
    return [
        Figure(
            "SEARCH", f"a letter typed over {len(names)} names, p99", f"{mine:.3g} ms", f"{peer:.3g} ms, a plain scan, median",
            mine / peer, "<= 1", mine <= peer,
        ),
        Figure("SEARCH-BUILD", "the index of these names, once for a formulary", f"{build_ms:.0f} ms", "", None, "", ok=True),
    ]  # fmt: skip


def _formulary(chance: random.Random) -> Formulary:
    def name() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(3, 5)))

    items = (
        Item(
            ItemId(f"i{number}"), one := name(), one, (name(),), "5 mg", "tablet", "0-0-0", ControlClass.NONE, CountMode.UNITS, "tablet",
            number % 10 == 0, (), f"class {number % 200}", (),
        )
        for number in range(ITEMS)
    )  # fmt: skip
    return {item.id: item for item in items}


def _scan(names: list[str], letters: str) -> list[str]:
    return [name for name in names if name.startswith(letters)]


def _ms(act: Callable[[], object]) -> float:
    return min(_once_ms(act) for _ in range(REPEATS))


def _once_ms(act: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began_s)
