"""The pharmacy server's file: its shape, and how it is read.

Alone knows: the keys of `config/central/*.toml`, their types and limits.
Must not know: what any value is used for.
"""

import tomllib
from pathlib import Path

from pydantic import Field, model_validator

from config.interface import Interfaces
from config.locate import Mark, locate, syntax_mark
from config.pars import Pars
from config.pharmacy import PeopleRoom
from config.problem import Problem, SiteProblems
from config.restock import Restock
from config.roster import RosterTable
from config.schema import Formulary, Item, Mqtt, Part
from config.shape import fit
from config.surveillance import Surveillance
from config.watch import Watch


class Http(Part):
    """Where pages and API are served. A `host` other than loopback belongs behind TLS."""

    host: str = "127.0.0.1"
    port: int = Field(default=8081, ge=0, le=65535)
    token_file: str | None = Field(default=None, description="what a program bears that changes something; beyond loopback it must be set")
    framed_by: str | None = Field(
        default=None,
        pattern=r"^http://127\.0\.0\.1:[0-9]{1,5}$",
        description="the page on loopback that may frame these: a demo's guide",
    )


class StorePlace(Part):
    """The server's database: a SQLite file, relative to the state folder; or a PostgreSQL server's, where `url` is given.

    `url` is postgresql://USER@HOST/NAME, `password_file` holds its password.
    """

    path: str = "central.db"
    url: str | None = Field(default=None, pattern=r"^postgresql://[^:@/]+@[^/]+/\w+(\?.*)?$")
    password_file: str | None = None


class Ingest(Part):
    """How post is taken: by how many processes here, and whether these hear reports too.

    Several need PostgreSQL and MQTT 5, on which they share the facts. 0: this server only answers, others take the post. Of all servers
    on one database one at least hears reports.
    """

    workers: int = Field(default=1, ge=0, le=64)
    hears_reports: bool = True


class DocumentTable(Part):
    """Reference data out to cabinets: the key that signs it, drawn at the first start, relative to the state folder."""

    key_file: str = "documents.key"
    good_hours: int = Field(default=24, ge=1, le=720, description="a cabinet takes what was sent no later than this")


class Central(Part):
    """One pharmacy server. `formulary` is relative to the file, `state` to the working folder."""

    name: str = "Pharmacy"
    state: str = "state"
    formulary: str | None = None
    mqtt: Mqtt = Mqtt()
    http: Http = Http()
    store: StorePlace = StorePlace()
    ingest: Ingest = Ingest()
    documents: DocumentTable = DocumentTable()
    people: PeopleRoom = PeopleRoom()
    restock: Restock = Restock()
    roster: RosterTable = RosterTable()
    hl7: Interfaces = Interfaces()
    pars: Pars = Pars()
    surveillance: Surveillance = Surveillance()
    watch: Watch = Watch()

    @model_validator(mode="after")
    def _several_share(self) -> "Central":
        if self.ingest.workers > 1 and (self.store.url is None or self.mqtt.protocol != "5"):
            raise ValueError("several ingest workers need a PostgreSQL database ([store] url) and MQTT 5 ([mqtt] protocol)")
        return self


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


def items_of(central: Central, path: Path) -> tuple[Item, ...]:
    """The items of the server's formulary; none where it names none. Raises SiteProblems."""
    if central.formulary is None:
        return ()
    file = path.parent / central.formulary
    try:
        fitted = fit(Formulary, tomllib.loads(file.read_text()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SiteProblems([Problem(str(file), 1, 1, "", f"cannot be read: {problem}")]) from problem
    if fitted.value is None:
        raise SiteProblems([Problem(str(file), 1, 1, "", flaw.what, flaw.hint) for flaw in fitted.flaws])
    return fitted.value.items
