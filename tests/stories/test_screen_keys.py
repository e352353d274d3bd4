"""Stories of a screen without a keyboard: wherever something is typed, the keys for it are on the screen."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

import cabinet.kiosk
from tests.stories.caller import screen, stranger
from tests.stories.desk import CHARGE, NURSE, PHARMACIST, TECHNICIAN, open_desk
from tests.virtual import virtual

TEMPLATES = Path(cabinet.kiosk.__file__).parent / "templates"
ADMINISTRATOR, ITEM = "grace-kim", "acetaminophen-325-tab"
UNTYPED = {"hidden", "radio", "checkbox", "submit"}
UNTYPED_TAG = re.compile(f'type="({"|".join(UNTYPED)})"')
PADS = {"digits": {"digits"}, "date": {"digits"}, "moment": {"digits"}, "letters": {"letters"}, "decimals": {"digits"}}
"""By what is typed, the pads that have its keys."""
EACH = 2
"""So many pages of each path are opened by each person: two patients look alike."""
WORDS = {""} | set(re.findall(r"/([a-z-]+)", "".join(file.read_text() for file in TEMPLATES.glob("*.html"))))
"""The parts of a path that are no ids."""
MUST = {
    "/reports/*/narrow", "/pockets/*", "/pockets/*/load", "/pockets/*/load/items/*", "/pockets/*/levels", "/patients/new",
    "/patients/*/find", "/patients/*/items/*", "/quarantines/new", "/late", "/me", "/staff",
}  # fmt: skip
"""Pages that have a field: a walk that misses one of them has lost its way."""


@dataclass
class Fields(HTMLParser):
    """Every field in which something is typed, with its form's number; the pads of each form, and of the page."""

    typed: list[tuple[int, str, str]] = field(default_factory=list)
    pads: dict[int, set[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._form, self._stepper = 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag."""
        said = {name: value or "" for name, value in attrs}
        classes = set(said.get("class", "").split())
        if tag == "form":
            self._form += 1
        elif tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"])
        elif tag == "div" and "pad" in classes:
            self.pads.setdefault(self._form, set()).update(classes - {"pad"})
        elif tag in {"input", "textarea"} and said.get("type", "text") not in UNTYPED:
            is_stepped = self._stepper and said.get("inputmode") == "none"
            self.typed += [] if is_stepped else [(self._form, said.get("name", ""), said.get("data-pad", ""))]
        self._stepper = (tag == "button" and "data-step" in said) or (self._stepper and tag in {"input", "button"})


def without_keys(page: str) -> Iterator[str]:
    """The fields of a page that no keys on the screen type into."""
    seen = Fields()
    seen.feed(page)
    for form, name, pad in seen.typed:
        if not PADS.get(pad, set()) & seen.pads.get(form, set()):
            yield f"{name or '?'}: {pad or 'no keys at all'}"


async def walked(browser: httpx.AsyncClient) -> Iterator[tuple[str, str]]:
    """Every page that links lead to from the first one, a few of each kind: the shape of its path, and what it is."""
    due, opened, found = ["/"], Counter[str](), []
    asked = {"/"}
    while due:
        path = due.pop(0)
        shape = shape_of(path)
        opened[shape] += 1
        if opened[shape] > EACH:
            continue
        answer = await browser.get(path)
        if "text/html" not in answer.headers["content-type"]:
            continue
        assert answer.status_code < 500, path
        seen = Fields()
        seen.feed(answer.text)
        found.append((shape, answer.text))
        found_by_letters = [f"{path}/items/{ITEM}"] if shape.endswith("/load") else []
        due += [link for link in [*seen.links, *found_by_letters] if link not in asked]
        asked |= set(seen.links)
    return iter(found)


def shape_of(path: str) -> str:
    """A path with a star for every id."""
    return "/".join(part if part in WORDS else "*" for part in path.partition("?")[0].split("/"))


@virtual
async def test_every_field_of_every_page_has_its_keys_on_the_screen() -> None:
    """The cabinet has no keyboard: a field without keys is a page on which nobody can do what it is for."""
    missing: set[tuple[str, str]] = set()
    shapes: set[str] = set()
    async with open_desk() as desk:
        async with stranger(desk) as browser:
            missing |= {("/", found) for found in without_keys((await browser.get("/")).text)}
        for who in (NURSE, CHARGE, TECHNICIAN, PHARMACIST, ADMINISTRATOR):
            async with screen(desk, who) as browser:
                for shape, page in await walked(browser):
                    shapes.add(shape)
                    missing |= {(shape, found) for found in without_keys(page)}
    assert missing == set()
    assert shapes >= MUST


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda file: file.stem)
def test_no_template_has_a_field_without_keys(template: Path) -> None:
    """Those too that only show in the middle of an access, or on a cabinet that is new."""
    source = re.sub(r"\{[%#].*?[%#]\}", "", template.read_text(), flags=re.DOTALL)
    typed = [
        tag for tag in re.findall(r"<(?:input|textarea)[^>]*>", source) if not re.search(r'type="(hidden|radio|checkbox|submit)"', tag)
    ]
    steppers = "".join(re.findall(r'class="stepper".*?</div>', source, re.DOTALL))
    bare = [tag for tag in typed if "data-pad" not in tag and tag not in steppers]
    assert bare == []
    assert not any("data-pad" in tag for tag in typed) or re.search(r"parts\.(digits|decimals|letters)\(|class=.pad ", template.read_text())
