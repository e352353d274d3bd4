"""A report as CSV, JSON and PDF: what leaves the house is what was drawn."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from cabinet.report.form_csv import csv_text
from cabinet.report.form_json import json_value
from cabinet.report.form_pdf import pdf_bytes
from cabinet.report.printed import text
from cabinet.report.table import DISCLAIMER, Cell, Heading, Sheet, Table, columns

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
NAMES = "Łukasz Ñandú Nguyễn Ελένη Юлия, 5 \u00b5g – 28 × ≤ ≥"


def sheet(*tables: Table) -> Sheet:
    """A report with these tables."""
    heading = Heading(
        report="activity", title="Activity", cabinet="ward-3", cabinet_name="Ward 3", interval="the beginning to now", drawn_at=NOON,
        zone=NEW_YORK, epoch=1, seq=99, hash="ab" * 32, drawn_by="Pia",
    )  # fmt: skip
    return Sheet(heading, tables)


def table(*rows: tuple[Cell, ...], title: str = "Transactions", is_large: bool = False) -> Table:
    """A table of three columns, one of them a detail."""
    return Table(title, columns("Time", "Who", "~Access"), rows, ("A note.",), ("Reviewed by",), is_large)


def pages(report: Sheet) -> list[str]:
    """The text of each page of its PDF."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf_bytes(report))).pages]


class TestCsv:
    """For spreadsheets and scripts."""

    def test_every_column_is_there_and_moments_bear_their_offset(self) -> None:
        """A time without a zone is read in the wrong one."""
        rows = list(csv.DictReader(io.StringIO(csv_text(sheet(table((NOON, "Nina", "a1")))))))
        assert rows == [{"table": "Transactions", "time": "2026-03-02T07:00:00-05:00", "who": "Nina", "access": "a1"}]

    def test_tables_with_the_same_columns_go_on_under_one_header(self) -> None:
        """C-II and C-III import as one file, and each row says which it is."""
        said = csv_text(sheet(table((NOON, "x", "a"), title="C-II"), table((NOON, "y", "b"), title="C-III")))
        assert [row["table"] for row in csv.DictReader(io.StringIO(said))] == ["C-II", "C-III"]

    def test_nothing_typed_at_the_cabinet_is_a_formula_in_a_spreadsheet(self) -> None:
        """A reason is free text, and a spreadsheet runs what begins with an equals sign."""
        (row,) = csv.DictReader(io.StringIO(csv_text(sheet(table((NOON, '=HYPERLINK("x")', "@a"))))))
        assert (row["who"], row["access"]) == ('\'=HYPERLINK("x")', "'@a")


class TestJson:
    """For programs."""

    def test_moments_are_utc_and_the_head_is_named(self) -> None:
        """Whoever compares two exports needs one clock and one journal."""
        said = json.loads(json.dumps(json_value(sheet(table((NOON, "Nina", "a1"))))))
        assert said["tables"][0]["rows"] == [{"time": "2026-03-02T12:00:00.000000Z", "who": "Nina", "access": "a1"}]
        assert said["head"] == {"epoch": 1, "seq": 99, "hash": "ab" * 32}
        assert said["notice"] == DISCLAIMER


class TestTerminal:
    """For eyes."""

    def test_no_cell_can_write_to_the_terminal(self) -> None:
        """A lot number with an escape sequence in it must not clear the screen it is read on."""
        assert text("\x1b[2Jlot", UTC) == "\\x1b[2Jlot"


class TestPdf:
    """For signing and filing."""

    def test_every_page_bears_cabinet_interval_head_disclaimer_and_number(self) -> None:
        """A page that falls out of the folder still says what it is of."""
        found = pages(sheet(table(*[(NOON, f"row {number}", "a") for number in range(200)])))
        assert len(found) > 2
        for number, page in enumerate(found, 1):
            for words in ("Ward 3 (ward-3)", "the beginning to now", "fact 1/99", "ab" * 32, DISCLAIMER, f"page {number} of {len(found)}"):
                assert words in page
        assert "America/New_York (EST, UTC-0500)" in found[0]

    @pytest.mark.parametrize(("paper", "size"), [("letter", (792, 612)), ("a4", (842, 595))])
    def test_the_paper_is_the_sites(self, paper: str, size: tuple[int, int]) -> None:
        """What is printed on the other one loses its margin, or its last line."""
        report = sheet(table((NOON, "Nina", "a")))
        drawn = pdf_bytes(replace(report, heading=replace(report.heading, paper=paper)))
        box = PdfReader(io.BytesIO(drawn)).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size

    def test_no_row_is_lost_between_two_pages(self) -> None:
        """The row at the foot of a page is the one that somebody looks for."""
        words = " ".join(pages(sheet(table(*[(NOON, f"row{number}.", "a") for number in range(300)])))).split()
        assert [word for word in words if word.startswith("row")] == [f"row{number}." for number in range(300)]

    def test_names_are_printed_in_their_own_letters(self) -> None:
        """A person whose name prints as boxes has not been named."""
        assert NAMES in pages(sheet(table((NOON, NAMES, "a"))))[0]
        fonts = PdfReader(io.BytesIO(pdf_bytes(sheet(table())))).pages[0]["/Resources"]["/Font"]
        assert any("FiraGO" in str(font.get_object()["/BaseFont"]) for font in fonts.values())

    def test_letters_that_it_lacks_are_told_of_on_the_page(self) -> None:
        """A name of boxes is no name: whoever reads it is sent to the CSV. Nobody is where every letter is there."""
        lacking, whole = pages(sheet(table((NOON, "ليلى فاروق", "a")))), pages(sheet(table((NOON, NAMES, "a"))))
        assert "CSV and JSON hold them" in lacking[0]
        assert "CSV and JSON hold them" not in whole[0]

    def test_long_words_wrap_inside_their_column(self) -> None:
        """A reason of two hundred letters must not push the next column off the paper."""
        reason = " ".join(f"word{number}" for number in range(60))
        assert reason in pages(sheet(table((NOON, reason, "a"))))[0]

    def test_details_stay_off_the_paper_and_signature_lines_are_on_it(self) -> None:
        """Fifty columns on a page are none."""
        (page,) = pages(sheet(table((NOON, "Nina", "detail-7"))))
        assert "detail-7" not in page
        assert "Reviewed by" in page

    def test_a_large_table_is_one_page_as_long_as_it_can_be_read(self) -> None:
        """The downtime page hangs beside the cabinet."""
        assert len(pages(sheet(table(*[(NOON, f"item {number}", "a") for number in range(45)], is_large=True)))) == 1

    def test_the_same_report_is_the_same_file(self) -> None:
        """Two copies can be compared by their sum."""
        report = sheet(table((NOON, "Nina", "a1")))
        assert pdf_bytes(report) == pdf_bytes(report)

    def test_five_thousand_rows_are_a_matter_of_seconds(self) -> None:
        """A month of a ward is printed while somebody waits."""
        report = sheet(table(*[(NOON, f"a person with a long name {number}", "a") for number in range(5000)]))
        began = perf_counter()
        pdf_bytes(report)
        assert perf_counter() - began < 20
