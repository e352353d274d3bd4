"""Scales: how a weight becomes a count, how a piece's mass is learned, and when a scale is doubted. No balance changes here."""
