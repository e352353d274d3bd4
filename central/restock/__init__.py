"""Restock: what all cabinets need becomes pick lists by round; picked, checked, on their way, filled, and closed against the facts."""
