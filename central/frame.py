"""What every page of the pharmacy has in common: its frame with the navigation, and how ages and words are written.

Alone knows: where templates are, and what each may use beside its own values. Must not know: what any page shows.

A page is a template that extends `page.html`; a part of a page is a template that names its own address (`data-part`) and what it shows
(`data-topics`), and asks for itself again when the stream of events says that it changed (`static/live.js`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import StrictUndefined
from starlette.routing import Match

from cabinet.domain.vocabulary import parse_utc
from central.navigation import Place, offered, place_of
from central.plainly import plainly

FOLDER = Path(__file__).parent / "templates"

WORDS = {
    "critical": "critical low", "stock_out": "out of stock", "critical_low": "critically low", "below_min": "below minimum", "stat": "now",
}  # fmt: skip
"""What is called otherwise on a page than in the data; everything else is written with blanks for underscores."""


class Frame:
    """The frame of one pharmacy's pages. `now` says how old something is, `cabinets` what people call each cabinet."""

    def __init__(self, name: str, now: Callable[[], datetime], cabinets: Callable[[], Mapping[str, str]] = dict) -> None:
        self.name, self._cabinets = name, cabinets
        self._places: tuple[Place, ...] = ()  # found at the first page, when every router stands
        self._templates = Jinja2Templates(directory=FOLDER)
        env = self._templates.env
        env.undefined = StrictUndefined
        env.trim_blocks = env.lstrip_blocks = True
        env.filters |= {"age": lambda text: age_of(text, now()), "word": word, "title_word": title_word, "when": when, "plainly": plainly}

    def show(self, request: Request, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
        """A page or a part of one."""
        if not self._places:
            self._places = offered(lambda path: _is_answered(request.app, path))
        frame = {"name": self.name, "places": self._places, "here": place_of(request.url.path), "called": _Called(self._cabinets)}
        return self._templates.TemplateResponse(request, template, frame | _door(request) | values, status_code=status_code)


class _Called:
    """What people call a cabinet: its ward; its id where it never said. Asked once a page, and only where the page has a cabinet."""

    def __init__(self, names: Callable[[], Mapping[str, str]]) -> None:
        self._ask = names
        self._names: Mapping[str, str] | None = None

    def __call__(self, cabinet: str) -> str:
        if self._names is None:
            self._names = self._ask()
        return self._names.get(cabinet, cabinet)


def _door(request: Request) -> dict[str, Any]:
    """Who is here, as far as that is proven, and whether somebody could sign in (`central/gate.py` says both)."""
    return {"visitor": getattr(request.state, "person", None), "has_door": getattr(request.state, "has_door", False)}


def _is_answered(app: FastAPI, path: str) -> bool:
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(asked)[0] is Match.FULL for route in app.routes)


def word(text: str) -> str:
    """A word of the data as a page writes it."""
    return WORDS.get(text, text.replace("_", " "))


def title_word(text: str) -> str:
    """The same where it begins a heading."""
    said = word(text).replace("-", " ")
    return said[:1].upper() + said[1:]


def when(text: str) -> str:
    """An instant of the journal's form to the minute, in UTC: 2026-03-01 07:00."""
    return text[:16].replace("T", " ")


def age_of(text: str, now: datetime) -> str:
    """How long ago an instant of the journal's form was, in the words of a clock: 12 s, 5 min, 3 h, 8 d."""
    try:
        age = now - parse_utc(text)
    except ValueError:
        return "never"
    for unit, name, limit in (
        (timedelta(seconds=1), "s", 120),
        (timedelta(minutes=1), "min", 120),
        (timedelta(hours=1), "h", 48),
    ):
        if age < limit * unit:
            return f"{max(age, timedelta()) // unit} {name}"
    return f"{age // timedelta(days=1)} d"
