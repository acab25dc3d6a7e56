"""The secret from which an installation's keys are derived."""

import os
import secrets
from pathlib import Path

from ringbinder.settings import Settings


def installation_secret(settings: Settings) -> str:
    """Give the installation's secret; one machine makes it at its first start, in a file."""
    if settings.secret is not None:
        return settings.secret.get_secret_value()
    path = settings.data / "secret"
    if not path.exists():
        _write_new_secret(path)
    return path.read_text().strip()


def _write_new_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    # Two processes may start at once; whoever links first has made the secret.
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
