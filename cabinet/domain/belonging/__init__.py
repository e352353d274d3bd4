"""What belongs to a patient: their own medicine in a sealed bag, kept for them alone."""
