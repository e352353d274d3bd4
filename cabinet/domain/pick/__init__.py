"""What somebody chose before they came to take it: several orders at once, at the cabinet or ahead of it."""
