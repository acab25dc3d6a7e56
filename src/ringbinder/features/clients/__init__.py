"""API clients: what an integration signs in as."""
