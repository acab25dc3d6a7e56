"""Why there is no picture."""

from ringbinder.kit.errors import NotFoundError, RingbinderError


class NoPreviewError(NotFoundError):
    """No picture can be made of this file; download it to see it."""

    code = "preview.not_possible"


class PreviewBusyError(RingbinderError):
    """Too many pictures are being made right now; try again in a moment."""

    status = 503
    code = "preview.busy"
