"""Deliveries: what the pharmacy, or another cabinet, sent to be put in, worked off line by line."""
