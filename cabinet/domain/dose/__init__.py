"""Doses: how an order's words become amounts, amounts become counted units, and what is worth a warning. Nothing here changes anything."""
