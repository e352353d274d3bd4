"""Who may be at this cabinet, and for how long: records of staff, sign-in that fails, sessions that end, yield or are taken over."""
