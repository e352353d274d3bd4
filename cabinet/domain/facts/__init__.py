"""What is true for ever: the journal's alphabet, one frozen class for each type of fact.

Alone knows: that all of these files together are the alphabet. The `type` on the wire is the class name in snake case.
Must not know: how facts are written down (`cabinet.messages`), numbered or sent.

Who did it (staff, witness), in which access and when stand in the envelope around the fact, not in it. No floats: a fact
holds strings, whole numbers, booleans, dates as text, and lists of these. A new subject is a new file and a line here.
"""

from cabinet.domain.facts.access import *
from cabinet.domain.facts.alphabet import *
from cabinet.domain.facts.belonging import *
from cabinet.domain.facts.case import *
from cabinet.domain.facts.caseload import *
from cabinet.domain.facts.debt import *
from cabinet.domain.facts.delivery import *
from cabinet.domain.facts.device import *
from cabinet.domain.facts.discrepancy import *
from cabinet.domain.facts.document import *
from cabinet.domain.facts.envelope import *
from cabinet.domain.facts.house import *
from cabinet.domain.facts.kit import *
from cabinet.domain.facts.lock import *
from cabinet.domain.facts.mode import *
from cabinet.domain.facts.person import *
from cabinet.domain.facts.pick import *
from cabinet.domain.facts.quarantine import *
from cabinet.domain.facts.reference import *
from cabinet.domain.facts.refill import *
from cabinet.domain.facts.report import *
from cabinet.domain.facts.scale import *
from cabinet.domain.facts.sheet import *
from cabinet.domain.facts.stock import *
from cabinet.domain.facts.ward import *
