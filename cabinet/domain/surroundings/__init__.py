"""What surrounds the medicines: the cold of the fridges and the power of the cabinet."""
