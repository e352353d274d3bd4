"""Drawers and lids: the machine of one lock, what goes wrong with it, and how it is brought back or gone round."""
