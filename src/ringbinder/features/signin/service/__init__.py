"""What people do to sign in, and with their own account."""

from ringbinder.features.signin.service.accounts import Accounts
from ringbinder.features.signin.service.links import Links
from ringbinder.features.signin.service.providers import ProviderSignIn
from ringbinder.features.signin.service.sessions import Sessions
from ringbinder.features.signin.service.set_up import SetUp
from ringbinder.features.signin.service.signing import SignIn

__all__ = ["Accounts", "Links", "ProviderSignIn", "Sessions", "SetUp", "SignIn"]
