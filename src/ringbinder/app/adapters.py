"""The adapters that the settings ask for: what implements the outside world is named here alone."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from ringbinder.adapters.http import HttpCaller
from ringbinder.adapters.http.pinned import PinnedHttpCaller
from ringbinder.adapters.identity import ProviderCaller
from ringbinder.adapters.identity.web import WebProviderCaller
from ringbinder.adapters.limits import LimitStore
from ringbinder.adapters.limits.memory import MemoryLimitStore
from ringbinder.adapters.mail import Mailer
from ringbinder.adapters.mail.folder import FolderMailer
from ringbinder.adapters.mail.smtp import SmtpMailer, SmtpSecurity
from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.adapters.passwords.argon2 import Argon2PasswordHasher
from ringbinder.adapters.rendering import Renderer
from ringbinder.adapters.rendering.bounds import Bounds
from ringbinder.adapters.rendering.pool import WorkerPool
from ringbinder.adapters.storage import ObjectStore
from ringbinder.adapters.storage.local import LocalObjectStore
from ringbinder.db.address import sqlite_path
from ringbinder.db.engine import Engine
from ringbinder.db.postgres import PostgresEngine
from ringbinder.db.sqlite import SqliteEngine
from ringbinder.kit.networks import NetworkPolicy
from ringbinder.settings import Settings


def make_engine(database_url: str) -> Engine:
    """Choose the engine that an address asks for."""
    path = sqlite_path(database_url)
    return PostgresEngine(database_url) if path is None else SqliteEngine(path)


def make_storage(settings: Settings) -> ObjectStore:
    """Keep files in a folder of the installation's data."""
    return LocalObjectStore(settings.data / "files", reserve_bytes=settings.disk_reserve_bytes)


def sweeping_of(storage: ObjectStore) -> Callable[[datetime], Awaitable[int]] | None:
    """Give the way to sweep what an upload left half written, where the storage needs one."""
    return storage.sweep_incoming if isinstance(storage, LocalObjectStore) else None


def make_http_caller(policy: NetworkPolicy) -> HttpCaller:
    """Call the addresses of webhooks, and those alone that the policy lets through."""
    return PinnedHttpCaller(policy)


def make_provider_caller() -> ProviderCaller:
    """Call the identity providers that the settings name."""
    return WebProviderCaller()


def make_limit_store() -> LimitStore:
    """Count requests in the memory of the process."""
    return MemoryLimitStore()


def make_hasher() -> PasswordHasher:
    """Hash passwords with argon2id."""
    return Argon2PasswordHasher()


def make_mailer(settings: Settings) -> Mailer:
    """Send mail to the host of the settings; without one, lay it in a folder."""
    if settings.mail_host is None:
        return FolderMailer(settings.data / "mail", sender=settings.mail_from)
    password = settings.mail_password
    return SmtpMailer(
        settings.mail_host,
        settings.mail_port,
        sender=settings.mail_from,
        security=SmtpSecurity(settings.mail_security),
        user=settings.mail_user,
        password=None if password is None else password.get_secret_value(),
    )


def make_renderer(settings: Settings) -> Renderer:
    """Draw previews in processes of their own, within the bounds of the settings."""
    return WorkerPool(settings.preview_workers, _bounds(settings))


def _bounds(settings: Settings) -> Bounds:
    seconds = max(1, round(settings.preview_timeout.total_seconds()))
    return Bounds(
        seconds=seconds,
        cpu_seconds=max(1, seconds // 2),
        memory_bytes=settings.preview_memory_bytes,
    )
