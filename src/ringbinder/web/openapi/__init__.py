"""The OpenAPI document: what the framework finds in the routes, plus what it cannot know."""

from ringbinder.web.openapi.document import SCOPE, SECURITY_SCHEME, document

__all__ = ["SCOPE", "SECURITY_SCHEME", "document"]
