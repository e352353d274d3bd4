"""The drawings of the machines are drawn from their tables."""

from cabinet.cli.machines import page
from tests.house.source import ROOT


def test_the_drawings_are_those_of_the_tables() -> None:
    """`make docs` writes docs/state-machines.md; a drawing that is kept by hand shows last month's machine."""
    assert (ROOT / "docs" / "state-machines.md").read_text() == page()


def test_every_row_of_every_table_is_on_the_page() -> None:
    """Also those that lead nowhere: what is seen and changes nothing is a decision too."""
    text = page()
    assert text.count(" --> ") == text.count("\n    ")
    assert "| releasing | closed, recovered |" in text
    assert "    released --> open: not_opened [was open]" in text
