"""What the cabinet does without its pharmacy, and what a person declares of the whole of it: downtime, override, lock-down, training."""
