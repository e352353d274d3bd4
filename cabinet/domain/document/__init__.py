"""Documents of the pharmacy: reference data that it sends, applied in order, once, and whole or not at all."""
