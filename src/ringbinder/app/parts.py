"""The parts that the entrypoints need, put together once for each process."""

from dataclasses import dataclass
from datetime import timedelta

from ringbinder.access.limits import rates_with
from ringbinder.adapters.http import HttpCaller
from ringbinder.adapters.limits import LimitStore
from ringbinder.adapters.mail import Mailer
from ringbinder.adapters.passwords import PasswordHasher
from ringbinder.adapters.rendering import Renderer
from ringbinder.adapters.storage import ObjectStore
from ringbinder.app import adapters
from ringbinder.app.foundation import Foundation
from ringbinder.app.people import PeopleParts, people_parts
from ringbinder.app.secret import installation_secret
from ringbinder.db.engine import Engine
from ringbinder.db.sessions import Database
from ringbinder.features.audit.service import AuditKeys, Checkpoints
from ringbinder.features.blobs.service import Sweeper
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.documents.service import Trash
from ringbinder.features.idempotency.service import IdempotencyService
from ringbinder.features.previews.service import Previews
from ringbinder.features.tokens.service import KeyRing, TokenService
from ringbinder.features.uploads.schemas import commit_answer
from ringbinder.features.uploads.service import UploadService
from ringbinder.features.webhooks.service import Dispatcher, Sender, Webhooks
from ringbinder.features.webhooks.types import Patience
from ringbinder.kit.clock import Clock, SystemClock
from ringbinder.kit.networks import NetworkPolicy
from ringbinder.kit.sealing import Sealer
from ringbinder.settings import Settings
from ringbinder.web.budgets import Budgets
from ringbinder.web.tally import Tally


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
    base = _foundation(settings, clock=clock, engine=engine, storage=storage)
    keys = KeyRing(base.database, base.sealer, base.clock)
    audit_keys = AuditKeys(base.database, base.sealer, base.clock)
    feed = ChangeFeed(base.database, kept_for=timedelta(days=settings.change_days))
    networks = NetworkPolicy(settings.webhook_allowed_private_networks)
    http = http or adapters.make_http_caller(networks)
    return Parts(
        settings=settings,
        clock=base.clock,
        database=base.database,
        storage=base.storage,
        sealer=base.sealer,
        keys=keys,
        tokens=_tokens(base, keys),
        uploads=_uploads(base),
        trash=Trash(base.database, kept_for=timedelta(days=settings.trash_days)),
        sweeper=_sweeper(base),
        audit_keys=audit_keys,
        checkpoints=_checkpoints(base, audit_keys),
        feed=feed,
        http=http,
        webhooks=Webhooks(base.sealer, networks),
        dispatcher=_dispatcher(base, feed, http),
        previews=Previews(base.storage, renderer or adapters.make_renderer(settings)),
        budgets=_budgets(settings, limit_store or adapters.make_limit_store()),
        idempotency=_idempotency(base),
        tally=Tally(base.clock),
        people=people_parts(
            base,
            mailer=mailer or adapters.make_mailer(settings),
            hasher=hasher or adapters.make_hasher(),
        ),
    )


def _foundation(
    settings: Settings, *, clock: Clock | None, engine: Engine | None, storage: ObjectStore | None
) -> Foundation:
    clock = clock or SystemClock()
    return Foundation(
        settings=settings,
        clock=clock,
        database=Database(engine or adapters.make_engine(settings.effective_database_url), clock),
        storage=storage or adapters.make_storage(settings),
        sealer=Sealer(installation_secret(settings)),
    )


def _tokens(base: Foundation, keys: KeyRing) -> TokenService:
    return TokenService(
        base.database,
        keys,
        base.clock,
        issuer=base.settings.effective_public_url,
        lifetime=base.settings.token_lifetime,
    )


def _uploads(base: Foundation) -> UploadService:
    return UploadService(
        base.database,
        base.storage,
        write_answer=commit_answer,
        lifetime=base.settings.upload_lifetime,
        maximum_bytes=base.settings.maximum_upload_bytes,
    )


def _sweeper(base: Foundation) -> Sweeper:
    return Sweeper(
        base.database,
        base.storage,
        base.clock,
        grace=base.settings.blob_grace,
        longest_upload=base.settings.upload_lifetime,
        sweep_incoming=adapters.sweeping_of(base.storage),
    )


def _checkpoints(base: Foundation, keys: AuditKeys) -> Checkpoints:
    return Checkpoints(
        base.database, keys, base.clock, interval=base.settings.audit_checkpoint_interval
    )


def _dispatcher(base: Foundation, feed: ChangeFeed, http: HttpCaller) -> Dispatcher:
    sender = Sender(http, base.sealer, base.clock)
    return Dispatcher(base.database, feed, sender, patience=_patience(base.settings))


def _patience(settings: Settings) -> Patience:
    return Patience(
        retry_for=settings.webhook_retry_for,
        disable_after=timedelta(days=settings.webhook_disable_days),
        kept_for=timedelta(days=settings.webhook_log_days),
    )


def _idempotency(base: Foundation) -> IdempotencyService:
    return IdempotencyService(
        base.database,
        base.sealer,
        kept_for=timedelta(hours=base.settings.idempotency_hours),
        remembered_for=timedelta(days=base.settings.idempotency_days),
    )


def _budgets(settings: Settings, store: LimitStore) -> Budgets:
    return Budgets(store, rates_with(settings.limits), enabled=settings.limits_enabled)
