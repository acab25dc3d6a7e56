"""Sign-in of people: passwords, second factor, sessions, and sign-in by another provider."""
