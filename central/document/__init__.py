"""Reference data out to the cabinets: documents in versions, who approved each, sent whole or as what changed, and who is behind."""
