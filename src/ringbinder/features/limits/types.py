"""What bounds the use of an installation besides the number of requests."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationBounds:
    """How large and how old things can be; settings of the installation."""

    maximum_upload_bytes: int
    upload_lifetime: timedelta
    token_lifetime: timedelta
    download_address_lifetime: timedelta
    trash_days: int
    change_days: int
    idempotency_hours: int
