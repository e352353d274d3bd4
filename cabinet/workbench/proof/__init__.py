"""What proves each part of a cabinet on a walk, one file for each sort of part."""
