"""The listener for phones and desk screens of the ward: they see patients, orders and the queue, and pick ahead. Nothing here opens."""
