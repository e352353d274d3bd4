"""Kits of two sorts: sealed trays, each with its tag, and order sets, several pockets by one choice."""
