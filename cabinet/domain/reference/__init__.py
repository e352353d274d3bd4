"""Patients, orders, items and levels: as the site's files have them, as they were changed here, and as the pharmacy sent them."""
