"""What is remembered of the pharmacy's documents.

Alone knows: that meaning. Must not know: why a fact was written, or what is to be done about it.
"""

from cabinet.domain import facts
from cabinet.domain.document.memory import Received
from cabinet.domain.facts import Draft
from cabinet.domain.fold.change import change
from cabinet.domain.state import State
from cabinet.domain.vocabulary import utc_text


@change.register
def _applied(fact: facts.DocumentApplied, state: State, draft: Draft) -> None:
    known = state.documents.get(fact.document, Received())
    before = () if fact.from_version is None else known.names
    names = dict.fromkeys([*before, *fact.records])
    for name in fact.gone:
        names.pop(name, None)
    at = utc_text(draft.at.utc)
    state.documents[fact.document] = Received(fact.version, fact.sha256, list(names), at, at)


@change.register
def _policy(fact: facts.PolicyChanged, state: State, _draft: Draft) -> None:
    state.policy = fact.text


@change.register
def _refused(fact: facts.DocumentRefused, state: State, draft: Draft) -> None:
    known = state.documents.setdefault(fact.document, Received())
    known.at, known.refused_version, known.code, known.why = utc_text(draft.at.utc), fact.version, fact.code, fact.why
