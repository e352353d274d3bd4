"""Every key of a TOML text is found where it stands.

Alone knows: the shapes of TOML that a site may use. Must not know: the keys of a site.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.locate import KeyPath, Mark, locate, syntax_mark

ROOT = Path(__file__).parents[2]

EVERY_SHAPE = """\
a.b = 1 # = [not a key]
a . c = 2
"q.r" = { z = [1, {y=2}], "w" = \"\"\"x"y\"\"\""" }
'lit.eral' = '''
[no.header]
it''s'''
[[t]]
at = 1979-05-27 07:32:00
[[t.u]]
x = "esc \\" # ]"
[t.u.v]
empty = {}
none = [ ]
[[t.u]]
k = [
  1, # c ]
  "a]b",
  [ 2, [3] ],
]
[[t]]
[[t.u]]
l = 'c:\\'
[ other . "deep" ]
n = 1.5
"""


def paths_of(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path that parsed data have."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def test_every_path_that_tomllib_reads_has_a_place_and_no_other() -> None:
    """A path without a place would put a problem at line 1; a place without a path would be a misread text."""
    assert set(locate(EVERY_SHAPE)) == set(paths_of(tomllib.loads(EVERY_SHAPE)))


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ((), Mark(1, 1)),
        (("a", "b"), Mark(1, 1)),
        (("a", "c"), Mark(2, 1)),
        (("q.r", "z", 1, "y"), Mark(3, 20)),
        (("q.r", "w"), Mark(3, 27)),
        (("lit.eral",), Mark(4, 1)),
        (("t", 0), Mark(7, 1)),
        (("t", 0, "u", 0, "v", "none"), Mark(13, 1)),
        (("t", 0, "u", 1), Mark(14, 1)),
        (("t", 0, "u", 1, "k", 1), Mark(17, 3)),
        (("t", 0, "u", 1, "k", 2, 1, 0), Mark(18, 9)),
        (("t", 1, "u", 0, "l"), Mark(22, 1)),
        (("other", "deep", "n"), Mark(24, 1)),
    ],
)
def test_a_key_is_where_a_person_would_point(path: KeyPath, mark: Mark) -> None:
    """Lines and columns count from 1, in characters."""
    assert locate(EVERY_SHAPE)[path] == mark


def test_line_ends_of_windows_do_not_move_a_key() -> None:
    """A site that is written on Windows has the same lines."""
    assert locate(EVERY_SHAPE.replace("\n", "\r\n")) == locate(EVERY_SHAPE)


@pytest.mark.parametrize("file", sorted((ROOT / "config").rglob("*.toml")), ids=lambda file: file.name)
def test_the_files_of_this_project_are_read_as_tomllib_reads_them(file: Path) -> None:
    """Real files, with their comments."""
    text = file.read_text(encoding="utf-8")
    assert set(locate(text)) == set(paths_of(tomllib.loads(text)))


KEYS = st.text("ab-_1", min_size=1, max_size=4) | st.sampled_from(['"a.b"', "'#'", '"]"', '"\\""'])
SCALARS = st.sampled_from(["1", "true", '"#]}"', "'x,'", '"""\n"]\n"""', "'''a\nb'''", "2031-01-31", "1.5e3", '"\\\\"'])


def _inline(values: list[tuple[str, str]]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in dict(values).items()) + " }"


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda values: "[ # c\n" + ",\n".join(values) + "\n]")
        | st.lists(st.tuples(KEYS, inner), max_size=3).map(_inline)
    ),
    max_leaves=6,
)
LINES = st.lists(st.tuples(st.sampled_from(["", "[{}]\n", "[[{}]]\n", "[[{}.x]]\n"]), KEYS, KEYS, VALUES), max_size=6)


@given(LINES)
def test_any_text_that_tomllib_accepts_is_read_as_it_reads_it(lines: list[tuple[str, str, str, str]]) -> None:
    """The reader has no grammar of its own: wherever tomllib says yes, both agree on every path."""
    text = "".join(f"{header.format(table)}{key} = {value} # end\n" for header, table, key, value in lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(locate(text)) == set(paths_of(data))


def test_a_syntax_error_keeps_its_line_and_column() -> None:
    """What tomllib says in words becomes a place that an editor can jump to."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads("a = 1\nb = = 3\n")
    assert syntax_mark("a = 1\nb = = 3\n", caught.value) == (Mark(2, 5), "Invalid value")


def test_a_syntax_error_at_the_end_is_at_the_end() -> None:
    """tomllib gives no line there."""
    text = "a = 1\nb = [1,"
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert syntax_mark(text, caught.value)[0] == Mark(2, 8)
