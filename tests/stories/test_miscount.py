"""The study: how many of the miscounts that people make in a shift are settled before the drawer closes.

Played on the demo ward as it stands: five of six controlled pockets on scales, none in the open drawers, all with a photo-eye; and
beside it with half of the pockets on scales, in the lidded drawer and in the open ones alike. What neither count, scale nor scan is about,
one tablet more than stated out of an open pocket, is found by the next count and not before. Slips, their shares and how people answer are
said in `cabinet.rehearsal.miscount`; the seeds are fixed.
"""

import re
from pathlib import Path
from random import Random

import pytest

from cabinet.rehearsal.miscount import Planted, Shift, Slip, shift
from cabinet.rehearsal.stage import Stage
from cabinet.rehearsal.virtual_time import run_virtual
from config.load import LoadedSite, load_site
from tests.stories.desk import DEMO, MORNING

COUNTED = ("n1-01", "n1-02", "n1-03", "n1-04", "n1-05", "n1-08")
FREE = ("m1-01", "m1-02", "m1-03", "m1-06", "m2-01", "m2-02")
BARE = ("n1-04", "n1-05")
SCALES = {"m1-01": ("scale-4", 600), "m1-03": ("scale-5", 450), "m2-01": ("balance", 400)}
SEEDS = (1, 2, 3, 4)
SLIPS, HONEST = 40, 20
GOAL = 0.8

BOARD = '\n[[board]]\nid = "scale-5"\nbus = "scales"\naddress = 14\nmodel = "laumas_tlb"\n'


def half_on_scales(folder: Path) -> LoadedSite:
    """The demo ward with every other pocket of the study on a scale."""
    text = DEMO.read_text(encoding="utf-8")
    for name in ("formulary", "people", "policy"):
        text = re.sub(rf'^{name} = "([^"]+)"', f'{name} = "{DEMO.parent.resolve()}/\\1"', text, flags=re.MULTILINE)
    tables = re.split(r"(?=^\[\[)", text, flags=re.MULTILINE)
    site = folder / "site.toml"
    site.write_text("".join(_weighed(table) for table in tables) + BOARD, encoding="utf-8")
    return load_site(site)


def _weighed(table: str) -> str:
    """One table of the site with another scale under its pocket, or none."""
    named = re.search(r'^id = "([^"]+)"', table, flags=re.MULTILINE)
    pocket = named[1] if named and table.startswith("[[drawer.pocket]]") else ""
    if pocket in BARE:
        return re.sub(r"^weighed = .*\n", "", table, flags=re.MULTILINE)
    if pocket not in SCALES:
        return table
    scale, mass_mg = SCALES[pocket]
    under = f'weighed = {{ scale = "{scale}", unit_mass_mg = {mass_mg}, spread_permille = 15, sample = 50, tray_mg = 21000 }}\n'
    return re.sub(r"^(opening = )", under + r"\1", table, flags=re.MULTILINE)


async def _play(loaded: LoadedSite, seed: int) -> Shift:
    async with Stage.set(loaded, seed=seed, start=MORNING) as stage:
        return await shift(stage, Random(seed), slips=SLIPS, honest=HONEST, counted=COUNTED, free=FREE)


def told(title: str, planted: list[Planted]) -> str:
    """What came of all slips, and of each sort by itself."""
    settled = sum(one.is_settled for one in planted)
    lines = [f"{title}: {settled} of {len(planted)} planted miscounts settled before the drawer closed ({settled / len(planted):.0%})"]
    for slip in Slip:
        for is_sensed, where in ((True, "on a scale"), (False, "on none")):
            meant = [one for one in planted if one.slip is slip and one.is_sensed is is_sensed]
            if meant:
                lines.append(f"  {slip}, {where}: {sum(one.is_settled for one in meant)} of {len(meant)}")
    return "\n".join(lines)


def settled(planted: list[Planted], *slips: Slip) -> tuple[int, int]:
    """How many of these slips (none named: of all) were settled, of how many."""
    meant = [one for one in planted if not slips or one.slip in slips]
    return sum(one.is_settled for one in meant), len(meant)


@pytest.mark.timeout(300)
def test_at_least_80_percent_of_planted_miscounts_are_settled_before_the_drawer_closes(capsys: pytest.CaptureFixture[str]) -> None:
    """Recount once, a scale that speaks up once, a scan instead of a touch; and hardly anybody honest is asked twice."""
    loaded = load_site(DEMO)
    shifts = [run_virtual(_play(loaded, seed)) for seed in SEEDS]
    planted = [one for played in shifts for one in played.planted]
    disturbed, honest = sum(played.disturbed for played in shifts), sum(played.honest for played in shifts)
    with capsys.disabled():
        print(f"\n{told('the demo ward', planted)}\n  honest accesses that were asked once more: {disturbed} of {honest}")  # noqa: T201 - the figure
    ended, all_of_them = settled(planted)
    assert ended >= GOAL * all_of_them
    right, counts = settled(planted, Slip.TYPED, Slip.MISCOUNTED)
    assert right >= 0.95 * counts
    assert disturbed <= honest // 50


@pytest.mark.timeout(300)
def test_with_more_scales_more_is_settled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hand that strays between open pockets is seen by the scale under either of them, whoever scans and whoever does not."""
    loaded = half_on_scales(tmp_path)
    planted = [one for seed in SEEDS[:2] for one in run_virtual(_play(loaded, seed)).planted]
    with capsys.disabled():
        print(f"\n{told('half on scales', planted)}")  # noqa: T201 - the figure
    ended, all_of_them = settled(planted)
    assert ended >= GOAL * all_of_them
