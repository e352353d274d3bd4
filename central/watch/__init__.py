"""What is wrong or about to be, at all cabinets: found, kept until it is over, acknowledged, told to whom the rules name."""
