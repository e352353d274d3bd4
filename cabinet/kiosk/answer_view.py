"""What a page asks before an access goes on: the act of a warning, what is not known of a dose, a sheet's number; and all that was said.

Alone knows: how a refusal that an act passes becomes a form that asks again. Must not know: HTML, or when a warning is due (`domain/dose`).
"""

from dataclasses import asdict, dataclass

from cabinet.domain.dose import request
from cabinet.domain.dose.plan import Question
from cabinet.domain.dose.warning import Act
from cabinet.domain.events import AccessAsked
from cabinet.domain.kinds import KINDS
from cabinet.domain.phrase import Phrase, message
from cabinet.domain.refusal import Refusal
from cabinet.domain.scene import Scene
from cabinet.domain.vocabulary import Instant, ItemId
from cabinet.kiosk.wish import Wish

PROMPTS = {
    Act.TYPE_CLASS: message("Type the word"),
    Act.TYPE_STRENGTH: message("Strength, as the label says it"),
    Act.TYPE_STRENGTH_AND_DOSE: message("Strength, as the label says it"),
    Act.GIVE_REASON: message("Reason"),
}


LAST_KNOWN = "order.last_known"
SHEET = frozenset({"sheet.needed", "sheet.unknown", "sheet.other_item", "sheet.used"})
"""The refusals that the number of another sheet passes."""


@dataclass(frozen=True)
class AnswerScreen:
    """`code` is the refusal's; `fields` are what was asked for, to be sent again.

    Of a warning: `prompt` names what is typed, `expects` the word where there is one, `asks_dose` whether the dose is typed as well. Of a
    question: `choices` to touch, and what may be typed instead.
    """

    code: str
    sentence: str
    fields: tuple[tuple[str, str], ...]
    prompt: str
    expects: str = ""
    asks_dose: bool = False
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    name: str = "amount"
    """The field that the answer is."""


def fields_of(wish: Wish, *, without: str = "") -> tuple[tuple[str, str], ...]:
    """What a wish says, as the fields of a form."""
    said = ((name, value) for name, value in asdict(wish).items() if name not in {without, "levels"} and value not in {None, False, ()})
    return tuple((name, str(one)) for name, value in said for one in (value if isinstance(value, tuple) else (value,)))


def warning_screen(scene: Scene, wish: Wish, event: AccessAsked, code: str) -> AnswerScreen | None:
    """The act of the warning of this code; None where none of that code is due."""
    item = scene.world.formulary.get(ItemId(event.item or _held(scene, event)))
    due = () if item is None else request.warnings(scene, event, item)
    found = next((warning for warning in due if warning.code == code and warning.act is not None), None)
    if found is None or found.act is None:
        return None
    also = tuple(warning.sentence for warning in due if warning.act is None)
    return AnswerScreen(
        code, found.sentence, fields_of(wish), Phrase(PROMPTS[found.act]), found.expects, found.act is Act.TYPE_STRENGTH_AND_DOSE, also=also
    )  # fmt: skip


def question_screen(scene: Scene, wish: Wish, at: Instant) -> AnswerScreen | None:
    """What is not known of the dose of the order; None where everything is."""
    order = None if wish.order is None else scene.order(wish.order)
    item = None if order is None else scene.world.formulary.get(order.item)
    patient = None if order is None else scene.patient(order.patient)
    if order is None or item is None or patient is None:
        return None
    made = request.plan_of(item, order, patient, at, wish.amount or "")
    question: Question | None = next(iter(made.questions), None)
    if question is None:
        return None
    prompt = Phrase("Amount with its unit, such as {example}", example="2.5 mg")
    if question.code == "dose.weight":
        prompt = Phrase("Weight with kg, such as {example}", example="61.4 kg")
    return AnswerScreen(question.code, question.sentence, fields_of(wish, without="amount"), prompt, choices=question.choices)


def reason_screen(wish: Wish, code: str) -> AnswerScreen:
    """Why an order that may have changed is still good."""
    return AnswerScreen(code, Refusal(code).sentence, fields_of(wish, without="reason"), Phrase("Why it is still good"), name="reason")


def sheet_screen(scene: Scene, wish: Wish, event: AccessAsked, code: str) -> AnswerScreen:
    """The number of a sheet: to touch, of those of the item that are on their way here, or typed from the paper."""
    item, kind = event.item or _held(scene, event), KINDS.get(event.kind)
    comes = kind is not None and kind.puts
    choices = tuple(one.id for one in scene.state.sheets.values() if comes and one.is_inbound and one.item == item)
    fields = fields_of(wish, without="sheet")
    return AnswerScreen(code, Refusal(code).sentence, fields, _sheet_prompt(comes=comes), choices=choices, name="sheet")


def _sheet_prompt(*, comes: bool) -> Phrase:
    """What leaves may go on any sheet that is not used yet; what comes is on the one that it left with."""
    return Phrase("Number of the sheet") if comes else Phrase("Number of the sheet in your hand, or of a blank one that you take now")


def _held(scene: Scene, event: AccessAsked) -> str:
    line = scene.state.lines.get(event.pocket or "")
    return "" if line is None else line.item
