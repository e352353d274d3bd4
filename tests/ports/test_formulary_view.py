"""What rooms read of the formulary: what counts now, in whatever form each of them reads it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.database.place import MEMORY, Database
from central.document.room import DocumentRoom
from central.figure.reading import Reading
from central.formulary.shelf import FormularyShelf
from central.formulary.view import Chosen, View
from central.hl7.setting import names_of
from config.interface import Tell
from config.schema import Item
from tests.ports.test_recall import KNOWN, MORNING


def test_a_formulary_that_is_issued_later_is_seen_without_a_restart() -> None:
    """An item that became controlled today is watched as one today, and bears today's name on a charge."""
    database = Database(MEMORY).prepare()
    documents = DocumentRoom(database, Ed25519PrivateKey.generate(), lambda: MORNING)
    shelf = FormularyShelf(documents.office, [KNOWN])
    titles, controlled = View(shelf.items, lambda item: item.title), Chosen(shelf.items, lambda item: item.control_class != "none")
    names, reading = names_of(shelf.items, Tell(name="bill", tells="charges", host="127.0.0.1", port=1)), Reading(database, controlled)
    rule = reading.rule
    assert (list(controlled), len(controlled), KNOWN.id in controlled, "x" in controlled) == ([], 0, False, False)
    shelf.change(
        KNOWN.id, lambda item: Item.model_validate(item.model_dump() | {"control_class": "c4", "strength": "50 mg"}), by="pia", why="w"
    )
    assert (dict(titles), list(controlled), KNOWN.id in controlled) == ({KNOWN.id: "hydrOXYzine 50 mg tablet"}, [KNOWN.id], True)
    assert (names[KNOWN.id].name, names[KNOWN.id].control_class) == ("hydrOXYzine 50 mg tablet", "c4")
    assert reading.rule != rule, "days that were added up without it are added up anew"
    database.close()
