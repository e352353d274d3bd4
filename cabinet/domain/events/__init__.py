"""What the world just told us, in the past tense, each with the moment it happened.

Alone knows: that all of these files together can make the core take a step. Must not know: what the step will be.
Events that a person waits for carry the `session` they came from.
"""

from cabinet.domain.events.access import *
from cabinet.domain.events.belonging import *
from cabinet.domain.events.bench import *
from cabinet.domain.events.case import *
from cabinet.domain.events.caseload import *
from cabinet.domain.events.debt import *
from cabinet.domain.events.delivery import *
from cabinet.domain.events.discrepancy import *
from cabinet.domain.events.document import *
from cabinet.domain.events.event import *
from cabinet.domain.events.house import *
from cabinet.domain.events.kit import *
from cabinet.domain.events.mode import *
from cabinet.domain.events.person import *
from cabinet.domain.events.pick import *
from cabinet.domain.events.quarantine import *
from cabinet.domain.events.reference import *
from cabinet.domain.events.refill import *
from cabinet.domain.events.report import *
from cabinet.domain.events.sheet import *
from cabinet.domain.events.sight import *
from cabinet.domain.events.ward import *
