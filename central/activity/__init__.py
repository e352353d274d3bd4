"""What people did at the cabinets, access by access, and what stood on the shelf meanwhile: read from facts once, asked for often."""
