"""What does not add up at any cabinet: by age, with what may explain it, and the facts in whose interval it arose."""
