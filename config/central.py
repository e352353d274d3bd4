"""The pharmacy server's file: its shape, and how it is read.

Alone knows: the keys of `config/central/*.toml`, their types and limits.
Must not know: what any value is used for.
"""

import tomllib
from pathlib import Path

from pydantic import Field

from config.locate import Mark, locate, syntax_mark
from config.problem import Problem, SiteProblems
from config.schema import Formulary, Mqtt, Part
from config.shape import fit


class Http(Part):
    """Where pages and API are served. A `host` other than loopback belongs behind TLS."""

    host: str = "127.0.0.1"
    port: int = Field(default=8081, ge=0, le=65535)


class StoreFile(Part):
    """The server's database, relative to the state folder."""

    path: str = "central.db"


class Central(Part):
    """One pharmacy server. `formulary` is relative to the file, `state` to the working folder."""

    name: str = "Pharmacy"
    state: str = "state"
    formulary: str | None = None
    mqtt: Mqtt = Mqtt()
    http: Http = Http()
    store: StoreFile = StoreFile()


def load_central(path: Path) -> Central:
    """Read a server's file. Raises SiteProblems with everything that is wrong with it."""
    try:
        text = path.read_bytes().decode()
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as problem:
        raise SiteProblems([Problem(str(path), 1, 1, "", f"cannot be read: {problem}")]) from problem
    except tomllib.TOMLDecodeError as problem:
        mark, words = syntax_mark(text, problem)
        raise SiteProblems([Problem(str(path), mark.line, mark.column, "", f"is not valid TOML: {words}")]) from problem
    fitted = fit(Central, raw)
    if fitted.value is None:
        marks = locate(text)
        problems = []
        for flaw in fitted.flaws:
            mark = marks.get(flaw.path) or marks.get(flaw.path[:1]) or Mark(1, 1)
            problems.append(Problem(str(path), mark.line, mark.column, ".".join(map(str, flaw.path)), flaw.what, flaw.hint))
        raise SiteProblems(problems)
    return fitted.value


def item_names(central: Central, path: Path) -> dict[str, str]:
    """Names of items as screens write them, from the server's formulary; none where it names none. Raises SiteProblems."""
    if central.formulary is None:
        return {}
    file = path.parent / central.formulary
    try:
        fitted = fit(Formulary, tomllib.loads(file.read_text()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SiteProblems([Problem(str(file), 1, 1, "", f"cannot be read: {problem}")]) from problem
    if fitted.value is None:
        raise SiteProblems([Problem(str(file), 1, 1, "", flaw.what, flaw.hint) for flaw in fitted.flaws])
    return {item.id: item.tall_man for item in fitted.value.items}
