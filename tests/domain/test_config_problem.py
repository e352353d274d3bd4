"""Every kind of mistake in a site is found, in its file and at its line, together with all others.

Alone knows: how a mistake is planted in a copy of the demo. Must not know: how it is found.
"""

import shutil
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import check
from config.load import load_site
from config.problem import Problem, SiteProblems, nearest

CONFIG = Path(__file__).parents[2] / "config"
FILES = {"site": "sites/demo.toml", "formulary": "formulary/demo.toml", "people": "people/demo.toml", "policy": "policy/demo.toml"}
MISTAKES = {
    mistake["name"]: mistake
    for mistake in tomllib.loads((Path(__file__).parent / "config_mistake.toml").read_text(encoding="utf-8"))["mistake"]
}


def copy_demo(folder: Path) -> Path:
    """A copy of the demo's files that mistakes can be planted in."""
    for name in FILES.values():
        (folder / name).parent.mkdir()
        shutil.copy(CONFIG / name, folder / name)
    return folder


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """One copy for each test."""
    return copy_demo(tmp_path)


def problems_of(ward: Path) -> tuple[Problem, ...]:
    """What is wrong with the site of a ward; nothing where it loads."""
    try:
        load_site(ward / FILES["site"])
    except SiteProblems as problem:
        return problem.problems
    return ()


def plant(ward: Path, mistake: dict[str, str]) -> tuple[str, int, int]:
    """Make one mistake and tell the file, line and column where it must be found."""
    file = ward / FILES[mistake["file"]]
    text = file.read_text(encoding="utf-8")
    at = text.index(mistake["old"])
    text = text.replace(mistake["old"], mistake["new"], 1)
    file.write_text(text, encoding="utf-8")
    is_before = mistake["at"] in {"[[board]]", "[[drawer.pocket]]", "# Who"}
    place = text.rindex(mistake["at"], 0, at) if is_before else text.index(mistake["at"], text.rfind("\n", 0, at) + 1)
    return str(file.resolve()), text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_was_made(ward: Path, name: str) -> None:
    """A technician with forty pockets to type needs the line, and the cause alone: echoes of one mistake would hide it."""
    mistake = MISTAKES[name]
    place = plant(ward, mistake)
    problems = problems_of(ward)
    found = [(str(Path(p.file).resolve()), p.line, p.column) for p in problems if mistake["says"] in str(p)]
    assert found == [place], [str(problem) for problem in problems]
    assert len(problems) == 1 or mistake.get("drags_others_along"), [str(problem) for problem in problems]


def test_all_mistakes_of_all_files_are_told_at_once(ward: Path) -> None:
    """Nobody mends a site one error at a time: wrong types do not hide wrong wiring, nor one file another."""
    names = (
        "unknown key",
        "wrong type",
        "missing key of a pocket's scale",
        "one address twice",
        "channel beyond the board",
        "unknown item",
        "misspelt tall-man",
        "badge twice",
        "unknown item of an order",
        "role without a row",
    )
    mistakes = [MISTAKES[name] for name in names if name in MISTAKES]
    for mistake in mistakes:
        plant(ward, mistake)
    found = [str(problem) for problem in problems_of(ward)]
    for mistake in mistakes:
        assert any(mistake["says"] in text for text in found), (mistake["name"], found)


def test_problems_come_in_the_order_of_the_text(ward: Path) -> None:
    """One pass from top to bottom mends a file."""
    for name in ("unknown item", "unknown key", "channel twice", "par below min"):
        plant(ward, MISTAKES[name])
    lines = [problem.line for problem in problems_of(ward)]
    assert lines == sorted(lines)
    assert len(lines) == 4


def test_every_rule_has_a_docstring_that_says_it() -> None:
    """The rules are read by people who wire cabinets."""
    assert all(rule.__doc__ for rule in check.RULES)


def test_a_problem_reads_on_one_line() -> None:
    """Editors jump to file:line:column."""
    problem = Problem("a.toml", 3, 1, "drawer[m1].lock", "there is no board 'lock-a'", "did you mean locks-a?")
    assert str(problem) == "a.toml:3:1: drawer[m1].lock: there is no board 'lock-a' (did you mean locks-a?)"


def test_a_problem_shows_no_control_characters() -> None:
    """What stands in a file must neither break the line nor steer the terminal."""
    assert str(Problem("a.toml", 1, 1, "bus[\x1b[2J\n]", "bad")) == "a.toml:1:1: bus[\\x1b[2J\\n]: bad"


def test_a_word_like_nothing_is_answered_with_what_there_is() -> None:
    """A wrong guess misleads more than a short list."""
    assert nearest("zzz", ["par", "min"]) == "known: min, par"
    assert not nearest("zzz", map(str, range(100)))


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    """One kind of error for whatever is wrong with a site."""
    with pytest.raises(SiteProblems, match="cannot be read"):
        load_site(tmp_path / "none.toml")


def test_bytes_that_are_not_utf8_are_a_problem_with_a_line(ward: Path) -> None:
    """Old editors write other encodings."""
    file = ward / FILES["people"]
    file.write_bytes(file.read_bytes().replace(b"Eleanor", b"El\xe9onore"))
    (problem,) = problems_of(ward)
    assert problem.what == "is not UTF-8 text"
    assert problem.line == file.read_bytes().split(b"\xe9")[0].count(b"\n") + 1


@pytest.mark.parametrize("hurt", ["a = " + "[" * 3000 + "]" * 3000, "a = " + "9" * 5000, 'formulary = "a\\u0000b"', ""])
def test_what_no_person_writes_is_a_problem_and_no_crash(tmp_path: Path, hurt: str) -> None:
    """A site comes from outside."""
    (tmp_path / "site.toml").write_text(hurt, encoding="utf-8")
    with pytest.raises(SiteProblems):
        load_site(tmp_path / "site.toml")


MUTANTS = st.sampled_from(
    ["", "x", "0", '"', "[", "]", "{}", "=", "\n", "-1", "true", '""', "2031-01-31", "[[bus]]\n", 'a = "b"', "é", "#"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(file=st.sampled_from(sorted(FILES)), data=st.data())
def test_any_change_of_a_file_loads_or_is_a_problem_within_its_text(file: str, data: st.DataObject) -> None:
    """Whatever is typed, nothing but SiteProblems comes out, and each problem points into the file."""
    with TemporaryDirectory() as folder:
        ward = copy_demo(Path(folder))
        lines = (ward / FILES[file]).read_text(encoding="utf-8").split("\n")
        number = data.draw(st.integers(0, len(lines) - 1).filter(lambda n: lines[n] and not lines[n].startswith("#")), label="line")
        key, equals, value = lines[number].partition("=")
        part = data.draw(st.sampled_from(["key", "value", "both", "drop"]), label="part")
        mutant = data.draw(MUTANTS, label="mutant")
        lines[number] = {"key": mutant + equals + value, "value": key + equals + mutant, "both": mutant, "drop": ""}[part]
        (ward / FILES[file]).write_text("\n".join(lines), encoding="utf-8")
        for problem in problems_of(ward):
            text = Path(problem.file).read_text(encoding="utf-8").split("\n")
            assert 1 <= problem.line <= len(text)
            assert 1 <= problem.column <= len(text[problem.line - 1]) + 1
            assert "\n" not in str(problem)
