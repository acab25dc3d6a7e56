"""What every change leaves behind: an audit event, a change in the feed, exact counters."""
