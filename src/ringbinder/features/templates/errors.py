"""What can go wrong with templates."""

from ringbinder.kit.errors import NotFoundError


class TemplateNotFoundError(NotFoundError):
    """There is no template with this id."""

    code = "template.not_found"
