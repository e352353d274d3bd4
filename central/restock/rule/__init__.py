"""The rules of restocking, as values and functions over them: nothing here reads a clock, a table or a wire."""
