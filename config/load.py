"""A site's files -> one frozen value, or every problem of all of them at once.

Alone knows: which files make up a site, how they are read, and what their common fingerprint is.
Must not know: what a value is used for; which rules values keep among each other (`check.py`).
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from config.check import findings
from config.finding import Documents
from config.locate import KeyPath, Mark, locate, syntax_mark
from config.mend import Mended, mend
from config.problem import Problem, SiteProblems
from config.schema import Formulary, People, Policy, Site
from config.shape import Flaw, fit
from config.words import Terms

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site that is whole and sound. `sha256` is over what the files say, so comments and layout do not change it.

    The words on its screens are no part of that: they change nothing that the cabinet does.
    """

    site: Site
    formulary: Formulary
    people: People | None
    policy: Policy
    path: Path
    sha256: str
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True)
class _Sheet(Generic[T]):
    """One file as read. `value` is sound only where `problems` is empty; else it is what could be mended, or None."""

    name: str
    file: str
    raw: dict[str, Any] = field(default_factory=dict)
    marks: dict[KeyPath, Mark] = field(default_factory=lambda: {(): Mark(1, 1)})
    value: T | None = None
    mended: Mended = field(default_factory=Mended.nothing)
    problems: tuple[Problem, ...] = ()

    def problem(self, path: KeyPath, what: str, hint: str = "") -> Problem:
        """A problem at a path of this file, or at the nearest table around it that the text holds."""
        place = path
        while place not in self.marks:
            place = place[:-1]
        mark = self.marks[place]
        return Problem(self.file, mark.line, mark.column, _where(self.raw, path), what, hint)

    def flaw_problem(self, flaw: Flaw) -> Problem:
        """A place where this file does not fit the schema."""
        return self.problem(flaw.path[:-1] if flaw.is_missing else flaw.path, flaw.what, flaw.hint)


def load_site(path: Path | str) -> LoadedSite:
    """Read a site file and the files that it names, relative to it. Raises SiteProblems with all problems of all files."""
    file = Path(path)
    site = _read("site", file, Site)
    formulary = _read_named(site, "formulary", Formulary)
    people = _read_named(site, "people", People)
    policy = _read_named(site, "policy", Policy)
    terms = _read_named(site, "terms", Terms)
    sheets: tuple[_Sheet[Any], ...] = (site, formulary, people, policy, terms)
    documents = Documents(site.value, formulary.value, people.value, policy.value)
    problems = [problem for sheet in sheets for problem in sheet.problems]
    problems += _cross_problems(documents, {sheet.name: sheet for sheet in sheets})
    if problems or site.value is None or formulary.value is None or policy.value is None:
        raise SiteProblems(_in_order(problems, sheets))
    return LoadedSite(site.value, formulary.value, people.value, policy.value, file, _fingerprint(documents), terms.value or Terms())


def _read(name: str, path: Path, shape: type[T]) -> _Sheet[T]:
    try:
        text = path.read_bytes().decode()
        raw = tomllib.loads(text)
    except OSError as problem:
        return _unread(name, path, Mark(1, 1), f"cannot be read: {problem.strerror}")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        return _unread(name, path, Mark(line, 1), "is not UTF-8 text")
    except (ValueError, RecursionError) as problem:  # beside its own error, tomllib lets out these two: a number or a nesting beyond bounds
        mark, words = syntax_mark(text, problem)
        return _unread(name, path, mark, f"is not valid TOML: {words[0].lower()}{words[1:]}")
    fitted = fit(shape, raw)
    mended = mend(shape, raw, fitted.flaws) if fitted.flaws else Mended.nothing()
    value = mended.fitted(shape) if fitted.flaws else fitted.value
    sheet = _Sheet(name, str(path), raw, locate(text), value, mended)
    return replace(sheet, problems=tuple(map(sheet.flaw_problem, fitted.flaws)))


def _unread(name: str, path: Path, mark: Mark, what: str) -> _Sheet[T]:
    return _Sheet(name, str(path), problems=(Problem(str(path), mark.line, mark.column, "", what),))


def _read_named(site: _Sheet[Site], key: str, shape: type[T]) -> _Sheet[T]:
    """The file that the site names under `key`; an empty sheet where it names none, with a problem where it cannot be read."""
    named = site.raw.get(key)
    if not isinstance(named, str):
        return _Sheet(key, site.file)
    path = Path(site.file).parent / named
    try:
        path.read_bytes()
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        reason = problem.strerror if isinstance(problem, OSError) else problem
        return _Sheet(key, str(path), problems=(site.problem((key,), f"cannot read {path}: {reason}"),))
    return _read(key, path, shape)


def _cross_problems(documents: Documents, sheets: dict[str, _Sheet[Any]]) -> Iterator[Problem]:
    lost = {name for sheet in sheets.values() for name in sheet.mended.lost}
    for finding in findings(documents):
        sheet = sheets[finding.document]
        path = sheet.mended.original(finding.path)
        if finding.refers not in lost and not sheet.mended.touches(path):
            yield sheet.problem(path, finding.what, finding.hint)


def _where(raw: dict[str, Any], path: KeyPath) -> str:
    """A path for people: elements of arrays by their id where they have one."""
    words = ""
    value: Any = raw
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(step, str):
            words += f".{step}" if words else step
        else:
            words += f"[{_name(value, step)}]"
    return words


def _name(value: object, index: int) -> str:
    name = value.get("id") if isinstance(value, dict) else None
    return name if isinstance(name, str) else str(index)


def _in_order(problems: list[Problem], sheets: tuple[_Sheet[Any], ...]) -> list[Problem]:
    rank = {sheet.file: -index for index, sheet in enumerate(reversed(sheets))}
    return sorted(set(problems), key=lambda problem: (rank[problem.file], problem))


def _fingerprint(documents: Documents) -> str:
    parts = {
        name: None if value is None else value.model_dump(mode="json", by_alias=True)
        for name, value in (
            ("site", documents.site),
            ("formulary", documents.formulary),
            ("people", documents.people),
            ("policy", documents.policy),
        )
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
