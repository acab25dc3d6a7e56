"""Access tokens: OAuth 2.0 client credentials, signing keys, revocation, discovery."""
