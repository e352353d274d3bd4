"""What every ring of the tests shares: the leak check, and how Hypothesis looks for counter-examples.

Alone knows: the settings of Hypothesis. The leak check is `tests.leak_check`.
Must not know: any room of the house.
"""

from hypothesis import settings

pytest_plugins = ["pytester", "tests.leak_check"]

# A slow machine is no bug (no deadline); a failure prints the blob that repeats it.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
