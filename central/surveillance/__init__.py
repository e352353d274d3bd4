"""How people use cabinets beside their peers: rare enough to ask for a look, never a verdict."""
