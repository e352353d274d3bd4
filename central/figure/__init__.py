"""Figures of the work at cabinets, each with the definition that it is worked out by: over time, and compared."""
