"""Codes of packages that nobody knew at a refill: a pharmacist compares and links them, and the lines that wait go on."""
