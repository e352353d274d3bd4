"""The shape of a site: everything an engineer may write about one cabinet, as frozen typed values.

Alone knows: that these files together are the keys of `config/sites/*.toml`, the formulary, people and policy files.
Must not know: how a file is found or an error is worded (`load.py`), or what any value is used for.

Units stand last in a name. Channels are written `board:number` and count from 0, as on the wire. A new subject is a new file and a
line here.
"""

from config.schema.alphabet import *
from config.schema.custody import *
from config.schema.dosing import *
from config.schema.formulary import *
from config.schema.furniture import *
from config.schema.people import *
from config.schema.policy import *
from config.schema.right import *
from config.schema.sign_in import *
from config.schema.site import *
from config.schema.ward import *
from config.schema.wire import *
