"""Numbered sheets at the pharmacy: issued with the pick, received at the cabinet by count, compared every day."""
