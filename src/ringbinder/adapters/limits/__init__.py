"""Where it is counted how much of a budget has been used."""

from ringbinder.adapters.limits.protocol import Decision, LimitStore, Policy

__all__ = ["Decision", "LimitStore", "Policy"]
