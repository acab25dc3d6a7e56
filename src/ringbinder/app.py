"""The application: the only file that names concrete adapters and puts the parts together."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from ringbinder.access.limits import rates_with
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
from ringbinder.db.sessions import Database
from ringbinder.db.sqlite import SqliteEngine
from ringbinder.features.activity import pages as activity_pages
from ringbinder.features.activity.jobs import keep_activity
from ringbinder.features.audit import pages as audit_pages
from ringbinder.features.audit import routes as audit
from ringbinder.features.audit.jobs import make_checkpoints
from ringbinder.features.audit.service import AuditKeys, Checkpoints, Exports
from ringbinder.features.binders import pages as binders_pages
from ringbinder.features.binders import routes as binders
from ringbinder.features.blobs.service import Sweeper
from ringbinder.features.bookshelf import pages as bookshelf
from ringbinder.features.changes import routes as changes
from ringbinder.features.changes.jobs import forget_old_changes
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.clients import pages as clients_pages
from ringbinder.features.details import pages as details
from ringbinder.features.documents import routes as documents
from ringbinder.features.documents.jobs import purge_trash
from ringbinder.features.documents.service import DownloadAddresses, DownloadFiles, Trash
from ringbinder.features.folders import pages as folders_pages
from ringbinder.features.folders import routes as folders
from ringbinder.features.groups import pages as groups_pages
from ringbinder.features.groups import routes as groups
from ringbinder.features.idempotency.jobs import sweep_keys
from ringbinder.features.idempotency.service import IdempotencyService
from ringbinder.features.imports import pages as imports
from ringbinder.features.invitations.service import Invitations
from ringbinder.features.invitations.types import LinkLifetimes
from ringbinder.features.limits import pages as limits_pages
from ringbinder.features.limits import routes as limits
from ringbinder.features.limits.types import InstallationBounds
from ringbinder.features.mail.jobs import deliver_mail
from ringbinder.features.mail.service import Postman
from ringbinder.features.members import pages as members_pages
from ringbinder.features.members import routes as members
from ringbinder.features.participants import pages as participants_pages
from ringbinder.features.participants import routes as participants
from ringbinder.features.previews import pages as previews
from ringbinder.features.previews.service import Previews
from ringbinder.features.readlog import pages as reads
from ringbinder.features.readlog import routes as readlog
from ringbinder.features.readlog.service import ReadLog
from ringbinder.features.search import pages as search_pages
from ringbinder.features.search import routes as search
from ringbinder.features.search.schemas import found_item, found_items
from ringbinder.features.search.service import HotSearches
from ringbinder.features.signin import pages as sign_in
from ringbinder.features.signin.jobs import sweep_sign_in
from ringbinder.features.signin.rules.sessions import Lifetimes
from ringbinder.features.signin.service import (
    Accounts,
    Links,
    ProviderSignIn,
    Sessions,
    SetUp,
    SignIn,
)
from ringbinder.features.signin.types import OidcProvider
from ringbinder.features.templates import routes as templates
from ringbinder.features.tokens import routes as tokens
from ringbinder.features.tokens.service import KeyRing, TokenService
from ringbinder.features.uploads import routes as uploads
from ringbinder.features.uploads.jobs import sweep
from ringbinder.features.uploads.schemas import commit_answer
from ringbinder.features.uploads.service import UploadAddresses, UploadService
from ringbinder.features.views import pages as views
from ringbinder.features.webhooks import routes as webhooks
from ringbinder.features.webhooks.jobs import deliver_webhooks, forget_old_deliveries
from ringbinder.features.webhooks.service import Dispatcher, Sender, Webhooks
from ringbinder.features.webhooks.types import Patience
from ringbinder.features.zips.service import Zips
from ringbinder.kit.clock import Clock, SystemClock
from ringbinder.kit.networks import NetworkPolicy
from ringbinder.kit.sealing import Sealer
from ringbinder.settings import Settings
from ringbinder.web import health, reference
from ringbinder.web.budgets import Budgets
from ringbinder.web.fast_lane import FastLane
from ringbinder.web.heads import HeadMiddleware
from ringbinder.web.keeping import AnswerKeeper
from ringbinder.web.middleware import RequestMiddleware
from ringbinder.web.pages import Pages, assets, preferences
from ringbinder.web.pages.errors import install_page_errors
from ringbinder.web.problems import install_error_handlers
from ringbinder.web.state import Authenticator, PageAuthenticator, WebState
from ringbinder.web.tally import Tally
from ringbinder.web.versions import V1, fast_doors, mount_version

_logger = logging.getLogger("ringbinder.jobs")
_COUNTED_EVERY_SECONDS = 15
_start = logging.getLogger("ringbinder.start")

DESCRIPTION = """\
Document binders for construction and real estate, compatible with the public iBinder File API.

Fetch a token from `/connect/token`, send it as `Authorization: Bearer …`, and name your
organisation in `x-ibinder-tenantid`. New operations and new optional fields may appear at any time;
nothing else changes within a version.
"""

TAGS = [
    {"name": "Access", "description": "Tokens, and the keys that verify them (OAuth 2.0)."},
    {"name": "Binders", "description": "Binders, and the metadata schema that each has."},
    {"name": "Documents", "description": "Folders, documents, their versions, and uploads."},
    {"name": "Changes", "description": "What has changed, in order, to keep a copy up to date."},
    {"name": "Webhooks", "description": "Where positions of the change feed are sent, signed."},
    {
        "name": "Limits",
        "description": "How many requests you may send, and how many are left.",
    },
    {"name": "Members", "description": "People in the organisation, and their roles."},
    {"name": "Groups", "description": "Groups of members."},
    {"name": "Audit", "description": "Who has done what, for administrators."},
]
"""What the operations are about, in the order in which one meets them."""

API = (
    templates.router,
    binders.router,
    participants.router,
    folders.router,
    participants.viewers,
    uploads.router,
    search.router,
    documents.bulk,
    documents.router,
    documents.versions,
    readlog.router,
    changes.router,
    webhooks.router,
    members.router,
    groups.router,
    audit.router,
    limits.router,
)
"""The operations of the API; of two paths that fit a request, the one that stands first answers."""

PAGES = (
    preferences.router,
    bookshelf.router,
    views.router,
    views.saving,
    views.exports,
    details.trash,
    details.changing,
    details.router,
    previews.router,
    reads.router,
    imports.router,
    search_pages.router,
    sign_in.signing,
    sign_in.providers,
    sign_in.invited,
    sign_in.welcome,
    sign_in.account,
    binders_pages.router,
    binders_pages.schema.router,
    participants_pages.router,
    folders_pages.router,
    members_pages.router,
    groups_pages.router,
    clients_pages.router,
    audit_pages.router,
    limits_pages.router,
    activity_pages.router,
)
"""The pages of the web application."""


@dataclass(frozen=True, slots=True)
class PeopleParts:
    """What people need to sign in."""

    hasher: PasswordHasher
    provider_caller: ProviderCaller
    postman: Postman
    invitations: Invitations
    sessions: Sessions
    sign_in: SignIn
    accounts: Accounts
    links: Links
    providers: ProviderSignIn
    set_up: SetUp

    async def close(self) -> None:
        """Give back threads and connections."""
        await self.hasher.close()
        await self.provider_caller.close()

    def by_type(self) -> dict[type[Any], Any]:
        """Give what pages ask for."""
        asked_for = (
            self.invitations,
            self.sessions,
            self.sign_in,
            self.accounts,
            self.links,
            self.providers,
            self.set_up,
        )
        return {type(one): one for one in asked_for}


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the entrypoints need, put together once for each process."""

    settings: Settings
    clock: Clock
    database: Database
    storage: ObjectStore
    sealer: Sealer
    keys: KeyRing
    tokens: TokenService
    uploads: UploadService
    trash: Trash
    sweeper: Sweeper
    audit_keys: AuditKeys
    checkpoints: Checkpoints
    feed: ChangeFeed
    http: HttpCaller
    webhooks: Webhooks
    dispatcher: Dispatcher
    previews: Previews
    budgets: Budgets
    idempotency: IdempotencyService
    tally: Tally
    people: PeopleParts

    async def close(self) -> None:
        """Give back connections, threads and files."""
        await self.previews.close()
        await self.people.close()
        await self.http.close()
        await self.database.close()
        await self.storage.close()


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    engine: Engine | None = None,
    storage: ObjectStore | None = None,
    limit_store: LimitStore | None = None,
    http: HttpCaller | None = None,
    renderer: Renderer | None = None,
    mailer: Mailer | None = None,
    hasher: PasswordHasher | None = None,
) -> Parts:
    """Put the parts together; tests hand in their own clock, engine or storage."""
    clock = clock or SystemClock()
    database = Database(engine or make_engine(settings.effective_database_url), clock)
    sealer = Sealer(installation_secret(settings))
    keys = KeyRing(database, sealer, clock)
    audit_keys = AuditKeys(database, sealer, clock)
    storage = storage or LocalObjectStore(
        settings.data / "files", reserve_bytes=settings.disk_reserve_bytes
    )
    feed = ChangeFeed(database, kept_for=timedelta(days=settings.change_days))
    callable_networks = NetworkPolicy(settings.webhook_allowed_private_networks)
    http = http or PinnedHttpCaller(callable_networks)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        storage=storage,
        sealer=sealer,
        keys=keys,
        tokens=TokenService(
            database,
            keys,
            clock,
            issuer=settings.effective_public_url,
            lifetime=settings.token_lifetime,
        ),
        uploads=UploadService(
            database,
            storage,
            write_answer=commit_answer,
            lifetime=settings.upload_lifetime,
            maximum_bytes=settings.maximum_upload_bytes,
        ),
        audit_keys=audit_keys,
        checkpoints=Checkpoints(
            database, audit_keys, clock, interval=settings.audit_checkpoint_interval
        ),
        trash=Trash(database, kept_for=timedelta(days=settings.trash_days)),
        sweeper=Sweeper(
            database,
            storage,
            clock,
            grace=settings.blob_grace,
            longest_upload=settings.upload_lifetime,
            sweep_incoming=_sweep_incoming(storage),
        ),
        feed=feed,
        http=http,
        webhooks=Webhooks(sealer, callable_networks),
        dispatcher=Dispatcher(
            database, feed, Sender(http, sealer, clock), patience=_patience(settings)
        ),
        tally=Tally(clock),
        idempotency=IdempotencyService(
            database,
            sealer,
            kept_for=timedelta(hours=settings.idempotency_hours),
            remembered_for=timedelta(days=settings.idempotency_days),
        ),
        previews=Previews(
            storage, renderer or WorkerPool(settings.preview_workers, _bounds(settings))
        ),
        people=_people_parts(
            settings,
            database,
            sealer,
            clock,
            mailer=mailer or _make_mailer(settings),
            hasher=hasher or Argon2PasswordHasher(),
        ),
        budgets=Budgets(
            limit_store or MemoryLimitStore(),
            rates_with(settings.limits),
            enabled=settings.limits_enabled,
        ),
    )


def _people_parts(
    settings: Settings,
    database: Database,
    sealer: Sealer,
    clock: Clock,
    *,
    mailer: Mailer,
    hasher: PasswordHasher,
) -> PeopleParts:
    public_url = settings.effective_public_url
    postman = Postman(database, sealer, mailer)
    links_last = LinkLifetimes(settings.invitation_lifetime, settings.reset_lifetime)
    invitations = Invitations(postman, public_url=public_url, lifetimes=links_last)
    lifetimes = Lifetimes(idle=settings.session_idle, absolute=settings.session_lifetime)
    sessions = Sessions(database, sealer, lifetimes=lifetimes)
    signing = SignIn(database, hasher, sealer, sessions)
    shared: dict[str, Any] = {
        "invitations": invitations,
        "sign_in": signing,
        "sessions": sessions,
    }
    caller = WebProviderCaller()
    return PeopleParts(
        hasher=hasher,
        provider_caller=caller,
        postman=postman,
        invitations=invitations,
        sessions=sessions,
        sign_in=signing,
        accounts=Accounts(database, hasher, sealer, **shared),
        links=Links(database, hasher, **shared),
        providers=ProviderSignIn(
            database,
            caller,
            sealer,
            clock,
            providers=_providers(settings),
            sessions=sessions,
            public_url=public_url,
        ),
        set_up=SetUp(database, hasher, sealer, sessions),
    )


def _make_mailer(settings: Settings) -> Mailer:
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


def _providers(settings: Settings) -> list[OidcProvider]:
    return [
        OidcProvider(
            id=one.id,
            name=one.name,
            issuer=one.issuer,
            client_id=one.client_id,
            client_secret=one.client_secret.get_secret_value(),
            domains=one.domains,
        )
        for one in settings.oidc_providers
    ]


def _patience(settings: Settings) -> Patience:
    return Patience(
        retry_for=settings.webhook_retry_for,
        disable_after=timedelta(days=settings.webhook_disable_days),
        kept_for=timedelta(days=settings.webhook_log_days),
    )


def _bounds(settings: Settings) -> Bounds:
    seconds = max(1, round(settings.preview_timeout.total_seconds()))
    return Bounds(
        seconds=seconds,
        cpu_seconds=max(1, seconds // 2),
        memory_bytes=settings.preview_memory_bytes,
    )


def _sweep_incoming(storage: ObjectStore) -> Callable[[datetime], Awaitable[int]] | None:
    return storage.sweep_incoming if isinstance(storage, LocalObjectStore) else None


def make_engine(database_url: str) -> Engine:
    """Choose the engine that an address asks for."""
    path = sqlite_path(database_url)
    return PostgresEngine(database_url) if path is None else SqliteEngine(path)


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


def create_app(
    parts: Parts,
    *,
    page_authenticator: PageAuthenticator | None = None,
    authenticator: Authenticator = tokens.authenticate,
) -> FastAPI:
    """Build the web application around the parts; tests say themselves who calls and looks."""
    app = FastAPI(
        title="Ringbinder",
        version="1.0.0",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(parts),
    )
    signed_in = page_authenticator or sign_in.authenticate
    app.state.ringbinder = _web_state(parts, authenticator, signed_in)
    app.add_middleware(HeadMiddleware)
    # What is added last stands outermost.
    app.add_middleware(FastLane, doors=fast_doors(V1, search.FAST_DOORS))
    app.add_middleware(RequestMiddleware, tally=parts.tally)
    install_error_handlers(app)
    app.include_router(health.router)
    app.include_router(reference.router)
    app.include_router(tokens.router)
    app.include_router(audit.published)
    app.include_router(documents.transfers)
    app.include_router(uploads.transfers)
    mount_version(app, V1, routers=API)
    _add_pages(app)
    return app


def _add_pages(app: FastAPI) -> None:
    app.include_router(assets.router)
    for router in PAGES:
        app.include_router(router)
    install_page_errors(app)


def _web_state(
    parts: Parts, authenticator: Authenticator, page_authenticator: PageAuthenticator
) -> WebState:
    return WebState(
        database=parts.database,
        authenticator=authenticator,
        public_url=parts.settings.effective_public_url,
        readiness_checks={"database": parts.database.ping, "storage": parts.storage.check},
        parts=_by_type(parts),
        page_authenticator=page_authenticator,
    )


def _by_type(parts: Parts) -> dict[type[Any], Any]:
    return {
        AnswerKeeper: parts.idempotency,
        Budgets: parts.budgets,
        AuditKeys: parts.audit_keys,
        Checkpoints: parts.checkpoints,
        DownloadAddresses: DownloadAddresses(
            parts.sealer,
            parts.clock,
            public_url=parts.settings.effective_public_url,
            lifetime=parts.settings.download_address_lifetime,
        ),
        DownloadFiles: DownloadFiles(parts.storage),
        ChangeFeed: parts.feed,
        InstallationBounds: _installation_bounds(parts.settings),
        Exports: Exports(parts.database, parts.checkpoints, parts.audit_keys, parts.clock),
        HotSearches: HotSearches(parts.database, write_item=found_item, write_found=found_items),
        KeyRing: parts.keys,
        Previews: parts.previews,
        ReadLog: ReadLog(parts.database),
        Zips: Zips(
            parts.database,
            parts.storage,
            most_documents=parts.settings.zip_documents,
            most_bytes=parts.settings.zip_bytes,
        ),
        Pages: Pages(
            parts.sealer,
            public_url=parts.settings.effective_public_url,
            time_zone=parts.settings.time_zone,
        ),
        Trash: parts.trash,
        TokenService: parts.tokens,
        UploadAddresses: UploadAddresses(
            parts.sealer,
            parts.clock,
            public_url=parts.settings.effective_public_url,
            lifetime=parts.settings.upload_address_lifetime,
        ),
        UploadService: parts.uploads,
        Webhooks: parts.webhooks,
        **parts.people.by_type(),
    }


def _installation_bounds(settings: Settings) -> InstallationBounds:
    return InstallationBounds(
        maximum_upload_bytes=settings.maximum_upload_bytes,
        upload_lifetime=settings.upload_lifetime,
        token_lifetime=settings.token_lifetime,
        download_address_lifetime=settings.download_address_lifetime,
        trash_days=settings.trash_days,
        change_days=settings.change_days,
        idempotency_hours=settings.idempotency_hours,
    )


def _lifespan(parts: Parts) -> Any:  # noqa: ANN401 - the framework's own type for it is not public
    @asynccontextmanager
    async def run(_app: FastAPI) -> AsyncIterator[None]:
        await parts.keys.rotate()
        await parts.audit_keys.begin()
        await _tell_set_up_code(parts)
        jobs = [asyncio.create_task(job) for job in _background(parts)]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await _survive(keep_activity(parts.database, parts.tally))
            await parts.close()

    return run


async def _tell_set_up_code(parts: Parts) -> None:
    set_up = parts.people.set_up
    if await set_up.is_open():
        page = f"{parts.settings.effective_public_url}/welcome"
        _start.warning(
            "nobody owns this installation yet", extra={"open": page, "code": set_up.code}
        )


def _background(parts: Parts) -> Iterator[Coroutine[Any, Any, None]]:
    yield run_jobs(parts)
    if parts.settings.webhooks_enabled:
        yield deliver_webhooks(parts.dispatcher)
    if parts.settings.mail_enabled:
        yield deliver_mail(parts.people.postman)


async def run_jobs(parts: Parts) -> None:
    """Run the background jobs of one machine until cancelled."""
    await asyncio.gather(_sweep(parts), _vouch(parts), _count(parts))


async def _count(parts: Parts) -> None:
    while True:
        await asyncio.sleep(_COUNTED_EVERY_SECONDS)
        await _survive(keep_activity(parts.database, parts.tally))


async def _vouch(parts: Parts) -> None:
    while True:
        await asyncio.sleep(parts.checkpoints.interval.total_seconds() / 2)
        await _survive(make_checkpoints(parts.checkpoints))


async def _sweep(parts: Parts) -> None:
    while True:
        await asyncio.sleep(parts.settings.sweep_interval.total_seconds())
        await _survive(parts.keys.rotate())
        await _survive(parts.tokens.forget_expired_revocations())
        await _survive(sweep_keys(parts.idempotency))
        await _survive(_sweep_sign_in(parts))
        await _survive(purge_trash(parts.database, parts.trash))
        await _survive(sweep(parts.uploads, parts.sweeper))
        await _survive(forget_old_changes(parts.database, parts.feed))
        await _survive(forget_old_deliveries(parts.database, parts.dispatcher))


async def _sweep_sign_in(parts: Parts) -> None:
    await sweep_sign_in(parts.database, parts.people.sessions, parts.people.invitations)


async def _survive(job: Awaitable[object]) -> None:
    """Let a job that failed be tried again at its next time, and not end the others."""
    try:
        await job
    except Exception:
        _logger.exception("a background job failed")
