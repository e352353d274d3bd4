"""A case in a procedural area: many withdrawals, reconciled once at its end."""
