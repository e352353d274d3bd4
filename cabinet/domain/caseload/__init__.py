"""Whose patients are whose in this shift: chosen with one touch, or served not long ago."""
