"""Recorded days performed again: through simulated boards and the real drivers, to the last unit."""

import hashlib
from io import StringIO
from pathlib import Path

import pytest

from cabinet.adapters.journal_reader import read_journal
from cabinet.rehearsal.export import Export, NotAnExport, parse_export, read_export
from cabinet.rehearsal.fitting import fit
from cabinet.rehearsal.replay import Report, replay
from cabinet.rehearsal.virtual_time import run_virtual

DATA = Path(__file__).parents[2].parent / "shared" / "data"
HEAD = "charttime,subject_id,stay_id,med_rn,name,gsn_rn,gsn\n"


def export(*rows: str) -> Export:
    return parse_export(StringIO(HEAD + "".join(row + "\n" for row in rows), newline=""), "test.csv")


def perform(recorded: Export, journal: Path | None = None, seed: int = 1) -> Report:
    return run_virtual(replay(fit(recorded.dispenses), recorded, seed=seed, journal=journal))


WEEK = [
    f"21{50 + stay}-03-{day:02d} {8 + turn:02d}:15:00,{stay},{stay},{turn},{name},1,000000"
    for stay in range(3)
    for day in (1, 2, 4)
    for turn, name in enumerate(("Morphine Sulfate", "Acetaminophen", "Lorazepam", "Ondansetron"))
]


def test_rows_of_one_dispense_count_once() -> None:
    """An export repeats a dispense for each drug code; a unit left the cabinet once."""
    row = "2175-04-05 06:39:00,1,7,4,Aspirin"
    recorded = export(f"{row},1,004380", f"{row},2,004381")
    assert (len(recorded.dispenses), recorded.repeats, recorded.rows) == (1, 1, 2)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2175-04-05 06:39:00,1,7,4,,1,0", "name is empty"),
        ("yesterday,1,7,4,Aspirin,1,0", "charttime: expected a time"),
        ("2175-04-05 06:39:00,1,seven,4,Aspirin,1,0", "stay_id: expected a whole number"),
        ("2175-04-05 06:39:00,1,7,-4,Aspirin,1,0", "med_rn: expected a whole number"),
        ("2175-04-05 06:39:00,1", "med_rn is empty"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_skipped(row: str, why: str) -> None:
    """What cannot be read is never guessed, and does not stop the rest."""
    recorded = export("2175-04-05 06:39:00,1,7,4,Aspirin,1,0", row)
    assert len(recorded.dispenses) == 1
    [bad] = recorded.bad_rows
    assert bad.line == 3
    assert why in bad.why or "is empty" in bad.why


def test_a_file_that_is_no_export_says_what_was_expected() -> None:
    """A technician who names the wrong file is told which columns are known."""
    with pytest.raises(NotAnExport, match="charttime"):
        parse_export(StringIO("a,b\n1,2\n"), "test.csv")


def test_a_stay_moves_by_whole_days_and_keeps_its_hours() -> None:
    """Dates are shifted per patient over decades; hours of the day are real."""
    recorded = export("2175-04-05 23:39:00,1,33,4,Aspirin,1,0", "2175-04-06 01:10:00,1,33,5,Aspirin,1,0")
    first, second = recorded.dispenses
    assert (first.at.day, first.at.hour, first.at.minute) == (1 + 33 % 30, 23, 39)
    assert (second.at - first.at).total_seconds() == 91 * 60


def test_plant_journal_and_pharmacy_agree_to_the_last_unit() -> None:
    """The whole chain, from pieces in a hand to the pharmacy's balance."""
    report = perform(export(*WEEK))
    assert (report.performed, report.refused, report.incomplete, report.discrepancies) == (36, 0, 0, 0)
    assert report.refills > 0
    assert report.disagreements == []
    assert report.balanced
    assert report.pharmacy_seq == report.facts


def test_the_same_seed_writes_the_same_journal(tmp_path: Path) -> None:
    """A failure is reported as a seed; it must be the same failure for whoever runs it again."""
    digests = []
    for run in ("one", "two"):
        perform(export(*WEEK[:12]), tmp_path / f"{run}.db")
        journal = read_journal(tmp_path / f"{run}.db")
        digests.append(hashlib.sha256(journal.head.hash.encode()).hexdigest())
        journal.close()
    assert digests[0] == digests[1]


def test_what_is_missing_from_a_pocket_is_no_balance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison at the end can fail: pieces that vanish from the plant alone are seen."""
    recorded = export(*WEEK[:4])
    from cabinet.rehearsal import stage

    honest = stage.Stage.disagreements

    def after_a_theft(self: stage.Stage) -> list[stage.Disagreement]:
        pocket = next(iter(self.house.core.state.lines))
        self.bench.plant.pockets[pocket].pile.take(1)
        return honest(self)

    monkeypatch.setattr(stage.Stage, "disagreements", after_a_theft)
    report = perform(recorded)
    assert not report.balanced
    assert len(report.disagreements) == 1


@pytest.mark.timeout(300)
@pytest.mark.skipif(not DATA.exists(), reason="the shared records are not there")
def test_a_real_month_of_an_emergency_department_balances() -> None:
    """484 dispenses that a real cabinet recorded, each a real access."""
    recorded = read_export(DATA / "clinical" / "mimic-iv-ed-demo" / "pyxis.csv.gz")
    assert (recorded.rows, len(recorded.dispenses)) == (629, 484)
    report = perform(recorded)
    assert report.performed + report.refused == 484
    assert report.balanced, report.disagreements
