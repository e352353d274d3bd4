"""Templates filled in, in the language of whoever reads the page.

Alone knows: where the templates are, and what they may call beside the values of their page. Must not know: any page, path or message.

What a template says is `_("Take {amount}.", amount=much)` or `counted(number, "{n} pocket", "{n} pockets")`, as views say it with
`Phrase` and `counted`; a phrase becomes a sentence of the reader's language at the moment when it is put out, and nowhere before.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from cabinet.domain.phrase import Phrase, counted
from cabinet.kiosk.language import Language
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.word import word

FOLDER = Path(__file__).parent / "templates"


def _language(context: Context) -> Language:
    """The page's."""
    language = context["language"]
    assert isinstance(language, Language), "a template that says anything is imported with context"
    return language


@pass_context
def _put_out(context: Context, value: object) -> object:
    """What `{{ value }}` puts out."""
    return _language(context).say(value) if isinstance(value, Phrase) else value


@pass_context
def _strong(context: Context, value: object) -> Markup:
    """A value that stands out in its sentence: `_("For {name}", name=patient.name | strong)`."""
    return Markup("<b>{}</b>").format(_put_out(context, value))


@pass_context
def _own(context: Context, value: object) -> Markup:
    """A name, a number with its unit or an id by itself, kept apart from the direction of what is around it."""
    return Markup("<bdi>{}</bdi>").format(_put_out(context, value))


@pass_context
def _capital(context: Context, value: object) -> str:
    """A phrase that begins a heading with a word that usually stands within a sentence."""
    said = str(_put_out(context, value))
    return f"{said[:1].upper()}{said[1:]}"


@pass_context
def _join(context: Context, values: Iterable[object], between: str = "") -> str:
    """Jinja's own, that says phrases in the page's language."""
    said = [_put_out(context, value) for value in values]
    return escape(_put_out(context, between)).join(map(escape, said))


def filler(*folders: Path) -> Callable[[str, Language, dict[str, Any]], str]:
    """What fills in the templates of these folders; where two have one of the same name, the first counts."""
    made = Environment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        enable_async=False, auto_reload=False, finalize=_put_out,
    )  # fmt: skip
    made.globals |= {"_": Phrase, "counted": counted, "word": word, "amount_of": amount}
    made.filters |= {"strong": _strong, "own": _own, "join": _join, "capital": _capital, "word": word}

    def filled_in(template: str, language: Language, values: dict[str, Any]) -> str:
        """A page."""
        return made.get_template(template).render(values, language=language, template=template.removesuffix(".html"))

    return filled_in


filled_in = filler(FOLDER)
"""A page of the kiosk."""
