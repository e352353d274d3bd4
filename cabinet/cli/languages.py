"""Keeps the languages' files in step with what the kiosk says: `python -m cabinet.cli.languages` (`make languages`).

Alone knows: where messages stand in the source, and how a file of them is written. Must not know: any message.

Every message of the source is put into every file, those that are gone are taken out, and what was translated stays. Then it
prints, language by language, how much still needs a translator.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

import cabinet
from cabinet.domain.catalogue import CATALOGUE
from cabinet.domain.kinds import KINDS
from cabinet.domain.phrase import TERM
from cabinet.domain.term import Terms
from cabinet.kiosk.language import FOLDER
from cabinet.kiosk.template import FOLDER as KIOSK
from cabinet.ward.pages import TEMPLATES as WARD
from config.words import Terms as TermTable

ROOM = Path(cabinet.__file__).parent
CODE = ("domain", "kiosk", "report", "ward")
TEMPLATES = (KIOSK, WARD)
MAKERS, PAIRS = {"Phrase", "message", "_"}, {"counted", "forms"}
"""Whose literals are messages: one, or the two of which a number chooses (`cabinet/domain/phrase.py`)."""
WIDTH = 120


@dataclass(frozen=True)
class Message:
    """One message that the source says, and in which file. `id` is a pair where there is a form for more than one."""

    id: str | tuple[str, str]
    file: str
    context: str | None = None


def messages() -> Iterator[Message]:
    """Everything that is to be translated."""
    for room in CODE:
        for file in sorted((ROOM / room).rglob("*.py")):
            yield from _found(file, _in_code)
    for folder in TEMPLATES:
        for file in sorted(folder.glob("*.html")):
            yield from _found(file, _in_template)
    for entry in CATALOGUE.values():
        yield from (Message(text, "cabinet/domain/catalogue") for text in entry if text)
    yield from _words()


def _found(file: Path, how: Callable[[str], Iterator[str | tuple[str, str]]]) -> Iterator[Message]:
    where = str(file.relative_to(ROOM.parent))
    return (Message(said, where) for said in how(file.read_text(encoding="utf-8")))


def _in_code(source: str) -> Iterator[str | tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from _one(node.func.id, said)


def _in_template(source: str) -> Iterator[str | tuple[str, str]]:
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name):
            said = [arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
            yield from _one(call.node.name, said)


def _one(maker: str, said: list[str]) -> Iterator[str | tuple[str, str]]:
    """The message that a call of `maker` with these literals says, if any."""
    if maker in MAKERS and said:
        yield said[0]
    elif maker in PAIRS and len(said) == len(("one", "many")):
        yield said[0], said[1]


def _words() -> Iterator[Message]:
    """The trade's, as they stand on a button and within a sentence."""
    table = TermTable().model_dump()
    terms = Terms(table)
    for word in (*table, *KINDS):
        yield from (Message(str(said), "config/words.py", TERM) for said in (terms(word), terms.low(word)))


def brought_up_to_date(file: Path, found: Iterable[Message]) -> Catalog:
    """A language's file with the messages of today."""
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=file.stem)
    template = Catalog(creation_date=catalogue.creation_date, charset="utf-8")
    for message in found:
        template.add(message.id, locations=[(message.file, 0)], context=message.context)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """A file as it is written: in the order of the messages, so that two people's additions seldom meet."""
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return written.getvalue().decode()


def missing(catalogue: Catalog) -> list[str]:
    """The messages that nobody translated."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


@click.command()
def main() -> None:
    """Bring every language's file up to date and print what is not translated in it."""
    found = tuple(messages())
    for file in sorted(FOLDER.glob("*.po")):
        catalogue = brought_up_to_date(file, found)
        file.write_text(as_text(catalogue), encoding="utf-8")
        left = missing(catalogue)
        click.echo(f"{file.stem}: {len(catalogue)} messages, {len(left)} without a translation")


if __name__ == "__main__":
    main()
