"""What was taken out, and what came of it: given, returned, wasted."""
