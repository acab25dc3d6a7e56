"""Questions about the audit trail. Nothing here changes or removes an event."""
