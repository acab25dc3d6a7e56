"""``ringbinder demo``: a server with an organisation to look around in."""
