"""Tables on pages: what is wide is wrapped between words, as long as there is room for every word."""

from cabinet.report.page import GAP, Sheeted, sheeted

SIZE = 10.0


def width_of(words: str, size: float, _is_bold: bool) -> float:
    """Every letter is half as wide as high."""
    return len(words) * size / 2


def words_of(names: tuple[str, ...], row: tuple[str, ...], room: float) -> set[str]:
    pages = sheeted(Sheeted("Title", names, [row], (), ()), (room, 500.0), SIZE, width_of)
    return {word for page in pages for block in page.blocks for word in block.words.split()}


def test_no_word_is_cut_while_all_of_them_have_room() -> None:
    """The head "Withdrawa ls per refill" beside nearly empty columns is read twice by everybody, each week."""
    names = ("Ward", "Withdrawals per refill", "Discrepancies found and explained", "a b", "c d", "e f")
    needed = sum(max(len(word) for word in name.split()) * SIZE / 2 + GAP + 1 for name in names)
    found = words_of(names, ("ward-4-south", "1", "2", "3", "4", "5"), needed + 60)
    assert {"Withdrawals", "Discrepancies", "explained", "ward-4-south"} <= found


def test_a_word_that_has_no_room_is_cut_and_not_lost() -> None:
    """A column is never wider than the page."""
    found = words_of(("Name", "Other"), ("x" * 100, "y" * 100), 200.0)
    assert "".join(sorted(found - {"Title", "Name", "Other"})).count("x") >= 10
