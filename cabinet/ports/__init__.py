"""What the core and the shell need from the world: small protocols, and the family of device faults.

Alone knows: the shapes at the edge of the house, each of which has a real part and an in-process twin that pass one suite.
Must not know: any board, library, file or address.
"""

from cabinet.ports.clock import *
from cabinet.ports.device import *
from cabinet.ports.fault import *
from cabinet.ports.hardware import *
from cabinet.ports.journal import *
from cabinet.ports.person import *
from cabinet.ports.records import *
from cabinet.ports.technics import *
from cabinet.ports.watch import *
