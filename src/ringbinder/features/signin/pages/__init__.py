"""The doors for people: sign-in, links from letters, a fresh installation, one's own account."""

from ringbinder.features.signin.pages.account import router as account
from ringbinder.features.signin.pages.browsers import authenticate
from ringbinder.features.signin.pages.invited import router as invited
from ringbinder.features.signin.pages.providers import router as providers
from ringbinder.features.signin.pages.signing import router as signing
from ringbinder.features.signin.pages.welcome import router as welcome

__all__ = ["account", "authenticate", "invited", "providers", "signing", "welcome"]
