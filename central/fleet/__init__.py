"""Cabinets as a whole: how each one is, in words, and all of them by care area."""
