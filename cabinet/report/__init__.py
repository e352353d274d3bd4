"""The record, drawn up: facts in, tables out. Nothing here reads a file, a clock or a screen."""
