"""The user manual (`docs/manual`) shows what it says that it shows: a picture that is missing is a step that nobody finds."""

import pytest

pictures = pytest.importorskip("tests.browser.pictures")

LARGEST = 3_000_000


def test_every_picture_is_there_and_none_lies_about() -> None:
    """`make pictures` takes them; a page that names another one needs it run again."""
    assert {path.stem for path in pictures.FOLDER.glob("*.png")} == pictures.named()


def test_the_pictures_are_no_burden_on_a_clone() -> None:
    """Everybody who clones the project carries them."""
    assert sum(path.stat().st_size for path in pictures.FOLDER.glob("*.png")) < LARGEST
