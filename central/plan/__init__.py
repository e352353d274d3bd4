"""Pars at the pharmacy: advice from the cabinets' own history, plans that are sent to one cabinet first, and taken back as easily."""
