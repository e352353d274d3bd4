"""People who look in from another screen of the ward: they see, and pick ahead; nothing opens for them."""
