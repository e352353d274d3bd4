"""Recall and quarantine across all cabinets in one action: what is where, who received it, what each cabinet has done about it."""
