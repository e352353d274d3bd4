"""Staff from elsewhere: a list by CSV, LDAP or SCIM becomes a difference, and the difference a staff document."""
