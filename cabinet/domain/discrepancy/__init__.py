"""Counts that differ from the record: told as an interval, explained by causes, never by a culprit."""
