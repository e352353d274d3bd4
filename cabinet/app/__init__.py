"""The composition root: the one room that knows everybody, and the only one that plugs in drivers."""
