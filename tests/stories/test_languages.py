"""The kiosk in somebody's own language: chosen with one touch, kept for them and nobody else, and nothing said in another.

The pseudo-language marks every message that went through the files of messages; letters outside the marks and outside <bdi> are the
words that no translator ever sees.
"""

import asyncio
import re
from dataclasses import replace
from html.parser import HTMLParser

import httpx
from markupsafe import Markup

from cabinet.domain.phrase import Phrase, counted, term
from cabinet.kiosk.language import END, ISOLATE, PSEUDO, Language, Languages, is_faithful, read
from tests.stories.caller import asked, screen, script
from tests.stories.desk import CHARGE, NURSE, PHARMACIST, PIN, TECHNICIAN, Desk, demo_world, open_desk
from tests.stories.test_belonging import ward_with_bags
from tests.stories.test_delivery import LIST
from tests.stories.test_discrepancy import BLIND, miscount
from tests.stories.test_kiosk_api import PATIENT
from tests.stories.test_kiosk_kinds import OPIOID, take
from tests.virtual import virtual

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
NO_WORD = re.compile(r'<button type="button" data-key="\w">\w</button>|<option value="[^"]*" dir="auto">[^<]*</option>')
"""A key that types itself; a name that is chosen from a list, where no <bdi> can stand."""


def speaks(desk: Desk, *codes: str) -> Desk:
    """The desk's kiosk, offered in these languages."""
    desk.app.state.floor = replace(desk.app.state.floor, languages=Languages(codes))
    return desk


class _Bare(HTMLParser):
    """The text of a page but for what stands in <bdi>."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self._within = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within += tag in {"bdi", "title", "script"}
        self.text += "".join(f" {value} " for name, value in attrs if name == "aria-label" and value)

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag in {"bdi", "title", "script"}

    def handle_data(self, data: str) -> None:
        self.text += "" if self._within else data


def bare(page: str) -> list[str]:
    """What a page says without a translator."""
    reader = _Bare()
    reader.feed(NO_WORD.sub("", page))
    text = reader.text
    while MARKED.search(text):
        text = MARKED.sub(" ", text)
    return re.findall(r"[^\W\d_]{2,}", text)


async def begun(page: httpx.AsyncClient, kind: str, pocket: str) -> str:
    """An access as the page asks for it: its own page."""
    said = {"id": f"l-{kind}", "kind": kind, "pocket": pocket, "units": "1"}
    asked = await page.post("/accesses", data=said)
    assert asked.status_code == httpx.codes.OK, asked.text
    return f"/accesses/l-{kind}"


@virtual
async def test_no_word_of_the_first_pages_is_without_a_translator() -> None:
    """Sign in, home, more, and an access from the drawer's release to its end."""
    async with open_desk() as desk, screen(speaks(desk, PSEUDO), NURSE) as page:
        assert bare((await page.get("/")).text) == []
        assert bare((await page.get("/more")).text) == []
        pocket = next(iter(desk.controller.core.state.lines))
        path = await begun(page, "count", pocket)
        assert bare((await page.get(path)).text) == []
        await desk.calm()
        assert bare((await page.get(path)).text) == []
        await page.post(f"{path}/count", data={"units": "1"})
        assert bare((await page.get(path)).text) == []
        await page.post(f"{path}/cancel")
        assert bare((await page.get(path)).text) == []


SEDATIVE, CRITICAL = "lorazepam-1-tab", "naloxone-0-4-vial"

PAGES = (
    (NURSE, "/attention"),
    (NURSE, "/emergency"),
    (NURSE, "/patients/p-301/find"),
    (NURSE, "/patients/p-301/find?q=loraz"),
    (NURSE, "/patients/p-301/find?for=override&q=ve"),
    (NURSE, "/patients/p-301/find?q=zzzz"),
    (NURSE, f"/patients/p-301/items/{SEDATIVE}?for=override"),
    (NURSE, "/purposes/code_tray/find"),
    (NURSE, f"/purposes/code_tray/items/{CRITICAL}"),
    (NURSE, "/mode"),
    (NURSE, "/count"),
    (NURSE, "/cases"),
    (NURSE, "/kits"),
    (NURSE, "/belongings"),
    (NURSE, "/late"),
    (NURSE, "/me"),
    (NURSE, "/discrepancies"),
    (NURSE, "/purposes/discarded/find"),
    (NURSE, "/purposes"),
    (NURSE, "/shift"),
    (NURSE, "/quarantines"),
    (NURSE, "/patients/p-301/withdrawals"),
    (NURSE, "/patients/new"),
    (NURSE, "/patients/p-301/merge"),
    (CHARGE, "/mode"),
    (CHARGE, "/attention"),
    (CHARGE, "/shift/end"),
    (CHARGE, "/staff"),
    (CHARGE, "/staff/new"),
    (CHARGE, f"/staff/{NURSE}"),
    (TECHNICIAN, "/attention"),
    (TECHNICIAN, "/bin"),
    (TECHNICIAN, "/bench"),
    (TECHNICIAN, "/deliveries"),
    (TECHNICIAN, "/locks"),
    (TECHNICIAN, "/refill"),
    (TECHNICIAN, "/pockets"),
    (TECHNICIAN, "/parked"),
    (TECHNICIAN, "/scales"),
    (TECHNICIAN, "/sheets"),
    (TECHNICIAN, f"/sheets/new/items/{SEDATIVE}"),
    (PHARMACIST, "/pulls?days=400"),
    (PHARMACIST, "/reports"),
)
"""Pages that are one address away, and who sees most of each."""


@virtual
async def test_no_word_of_the_other_pages_is_without_a_translator() -> None:
    """One of each kind of person walks through what is theirs."""
    async with open_desk() as desk:
        speaks(desk, PSEUDO)
        for who in dict.fromkeys(person for person, _ in PAGES):
            async with screen(desk, who) as page:
                for path in (path for person, path in PAGES if person == who):
                    shown = await page.get(path)
                    assert shown.status_code == httpx.codes.OK, path
                    assert (path, bare(shown.text)) == (path, [])


@virtual
async def test_no_word_about_one_pocket_is_without_a_translator() -> None:
    """What may be done at it, blocking it, what is blocked then, and a drawer on its way back."""
    async with open_desk() as desk:
        speaks(desk, PSEUDO)
        pocket, lock = next(iter(desk.controller.core.state.lines)), desk.controller.core.world.layout.drawers[0].lock.name
        async with screen(desk, PHARMACIST) as page:
            for path in (f"/pockets/{pocket}", f"/quarantines/new?pocket={pocket}", f"/drawers/{lock}/recovery"):
                assert (path, bare((await page.get(path)).text)) == (path, [])
            said = {"id": "b-1", "what": f"pocket:{pocket}", "item": desk.controller.core.state.lines[pocket].item, "why": "Recall"}
            blocked = await page.post("/quarantines", data=said)
            assert ("Recall" in blocked.text, bare(blocked.text)) == (True, [])
            assert bare((await page.get("/pulls")).text) == []


@virtual
async def test_no_word_of_what_is_left_after_a_withdrawal_is_without_a_translator() -> None:
    """Return and waste of what a nurse took for a patient."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(speaks(desk, PSEUDO), NURSE) as page:
        await take(desk, client, OPIOID, 1)
        for path in (f"/patients/{PATIENT}/withdrawals", "/withdrawals/w1/return", "/withdrawals/w1/waste", "/shift"):
            assert (path, bare((await page.get(path)).text)) == (path, [])


@virtual
async def test_no_word_of_a_discrepancy_and_what_is_owed_is_without_a_translator() -> None:
    """The difference with its interval and causes until it is settled; the order and the reason of an emergency."""
    async with open_desk(demo_world({BLIND: 30})) as desk, script(desk, NURSE) as client, screen(speaks(desk, PSEUDO), PHARMACIST) as page:
        name = await miscount(desk, client)
        for path in ("/attention", "/discrepancies", f"/discrepancies/{name}"):
            assert (path, bare((await page.get(path)).text)) == (path, [])
        said = {"reason": "unexplained", "note": "77"}
        signing = await page.post(f"/discrepancies/{name}/resolution", data=said)
        assert ("77" in signing.text, bare(signing.text)) == (True, [])
        said |= {"badge": f"badge-{CHARGE}", "secret": PIN}
        settled = await page.post(f"/discrepancies/{name}/resolution", data=said)
        assert ("77" in settled.text, bare(settled.text)) == (True, [])
        await take(desk, client, CRITICAL, 1, "e1", kind="emergency")
        async with screen(desk, NURSE) as own:
            for path in ("order-e1", "reason-e1", "order-e1?do=hand-over", "order-e1?do=sign&no=witness.same_person"):
                assert (path, bare((await own.get(f"/debts/{path}")).text)) == (path, [])


@virtual
async def test_no_word_of_a_warning_a_case_and_an_open_drawer_is_without_a_translator() -> None:
    """What is asked before the second dose; what was given in a case; who stands before a drawer that somebody left."""
    async with open_desk() as desk, script(desk, NURSE) as client, screen(speaks(desk, PSEUDO), NURSE) as page:
        begun_case = await page.post("/cases", data={"id": "c-1", "patient": PATIENT})
        assert (begun_case.status_code, bare(begun_case.text)) == (httpx.codes.OK, [])
        await asked(client, kind="withdraw", order="p-301-2")
        await desk.calm()
        await client.post("/api/v1/accesses/a1/confirm", json={"units": 2})
        await desk.shut()
        for path in ("/cases", "/cases/c-1"):
            assert (path, bare((await page.get(path)).text)) == (path, [])
        warned = await page.post("/accesses", data={"id": "b1", "kind": "withdraw", "order": "p-301-2"})
        assert (warned.status_code, bare(warned.text)) == (428, [])
        await page.post("/accesses", data={"id": "b2", "kind": "count", "pocket": desk.pocket_of(BLIND)})
        await desk.calm()
        await asyncio.sleep(61)
        left = (await page.get("/accesses/b2")).text
        assert ('action="/found-open/other"' in left, bare(left)) == (True, [])


@virtual
async def test_no_word_of_a_delivery_and_a_bag_is_without_a_translator() -> None:
    """Lines to put in, one of them not filled; what a patient brought along."""
    async with open_desk(ward_with_bags()) as desk, script(desk, TECHNICIAN) as tech, screen(speaks(desk, PSEUDO), TECHNICIAN) as page:
        [delivery] = (await tech.post("/api/v1/deliveries", json=LIST)).json()
        assert bare((await page.get("/deliveries")).text) == []
        path = f"/deliveries/{LIST['delivery']}/pockets/{delivery['lines'][0]['pocket']}/not-filled"
        assert bare((await page.post(path, data={"reason": "jammed"})).text) == []
        async with screen(desk, NURSE) as nurse:
            kept = await nurse.post("/belongings", data={"bag": "B-1", "patient": PATIENT, "contents": "12 metoprolol 50 mg tablets"})
            assert (kept.status_code, bare(kept.text)) == (httpx.codes.OK, [])


@virtual
async def test_no_word_of_a_refusal_is_without_a_translator() -> None:
    """The sentence, what to do, and what was recorded of it."""
    async with open_desk() as desk, screen(speaks(desk, PSEUDO), NURSE) as page:
        for path in ("/nowhere", "/staff", "/pockets/none", "/drawers/none/recovery"):
            refused = await page.get(path)
            assert (path, refused.is_error, bare(refused.text)) == (path, True, [])


@virtual
async def test_a_refusal_is_said_in_spanish_to_its_last_word() -> None:
    """What makes it particular as well: whose role it was, and what they asked for."""
    async with open_desk() as desk, screen(speaks(desk, "es"), NURSE) as page:
        refused = (await page.get("/staff")).text
        assert "Su función no permite esto. (enfermería pidió: dar de alta" in refused
        assert "Pídalo a un colega cuya función lo permita" in refused


@virtual
async def test_a_person_chooses_and_the_next_one_is_met_in_the_sites_own_language() -> None:
    """The choice is the person's, not the screen's."""
    async with open_desk() as desk, screen(speaks(desk, "en", "es", "ar"), NURSE) as page:
        assert '<html lang="en" dir="ltr">' in (await page.get("/")).text
        await page.post("/language", data={"language": "ar"})
        home = (await page.get("/")).text
        assert '<html lang="ar" dir="rtl">' in home
        assert read("ar").say(term("Emergency access")) in home
        await page.post("/sign-out")
        assert '<html lang="en" dir="ltr">' in (await page.get("/")).text


@virtual
async def test_a_language_chosen_before_signing_in_becomes_the_persons() -> None:
    """Nobody chooses twice; and one that is not offered is not chosen."""
    async with open_desk() as desk, screen(speaks(desk, "en", "es"), NURSE) as page:
        await page.post("/sign-out")
        await page.post("/language", data={"language": "es"})
        assert "Iniciar sesión" in (await page.get("/")).text
        await page.post("/sign-in", data={"badge": f"badge-{NURSE}", "secret": PIN})
        assert '<html lang="es"' in (await page.get("/")).text
        await page.post("/language", data={"language": "fr"})
        assert '<html lang="es"' in (await page.get("/")).text


def test_what_stands_in_a_sentence_from_right_to_left_is_kept_apart() -> None:
    """`2.5 mg` is never read as `mg 2.5`: not as text, and not beside markup."""
    arabic = Language("ar")
    assert arabic.say(Phrase("{dose} now", dose="2.5 mg")) == f"{ISOLATE}2.5 mg{END} now"
    assert arabic.say(Phrase("<{a}> {b}", a=Markup("<b>x</b>"), b="&")) == f"&lt;{ISOLATE}<b>x</b>{END}&gt; {ISOLATE}&amp;{END}"
    assert Language("en").say(Phrase("{dose} now", dose="2.5 mg")) == "2.5 mg now"


def test_arabic_has_six_forms_and_a_term_is_no_other_word() -> None:
    """Two tablets are a word of their own; `Return` on a button is none of the other returns."""
    arabic = read("ar")
    said = {n: arabic.say(counted(n, "{n} tablet", "{n} tablets")).strip(ISOLATE) for n in (1, 2, 3, 11)}
    assert (said[1], said[2]) == ("قرص واحد", "قرصان")
    assert said[3].endswith("أقراص")
    assert said[11].endswith("قرصًا")
    assert arabic.say(term("Return")) == "إرجاع"
    assert arabic.say(Phrase("Return")) == "Return"


def test_a_translation_that_lost_a_place_is_not_used() -> None:
    """English is better than a sentence without its amount."""
    assert is_faithful("{n} of {m}", "{m}: {n}")
    assert not is_faithful("{n} of {m}", "{m}")
    assert not is_faithful("{n}", "{n} {x}")
    assert not is_faithful("{n}", "{n")
    assert is_faithful(("a minute", "{n} minutes"), ("un minuto", "{n} minutos"))
    assert not is_faithful(("{n} of {m}", "{n} of {m}"), ("{n}", "{n} {m}"))
