"""People of the pharmacy: who signs in at its pages, what each may do there, and who is on the list that the cabinets get."""
