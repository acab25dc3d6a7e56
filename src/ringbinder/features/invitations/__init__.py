"""Links that are mailed to people: invitations, and resets of a password."""
