"""What a request finds of the parts, each by its type."""

from datetime import timedelta
from typing import Any, TypeVar

from ringbinder.access.addresses import SignedAddresses
from ringbinder.app.parts import Parts
from ringbinder.features.audit.service import AuditKeys, Checkpoints, Exports
from ringbinder.features.changes.service import ChangeFeed
from ringbinder.features.documents.service import DownloadAddresses, DownloadFiles, Trash
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.limits.types import InstallationBounds
from ringbinder.features.previews.service import Previews
from ringbinder.features.readlog.service import ReadLog
from ringbinder.features.search.schemas import found_item
from ringbinder.features.search.service import HotSearches, SearchFields
from ringbinder.features.tokens.service import KeyRing, TokenService
from ringbinder.features.uploads.service import UploadAddresses, UploadService
from ringbinder.features.views.service import Lists, Tables
from ringbinder.features.webhooks.service import Webhooks
from ringbinder.features.zips.service import Zips
from ringbinder.settings import Settings
from ringbinder.web.budgets import Budgets
from ringbinder.web.keeping import AnswerKeeper
from ringbinder.web.pages import Pages
from ringbinder.web.state import Authenticator, PageAuthenticator, WebState

Kind = TypeVar("Kind", bound=SignedAddresses)


def web_state(
    parts: Parts, authenticator: Authenticator, page_authenticator: PageAuthenticator
) -> WebState:
    """Say who calls, who looks, and where a request finds each part that it needs."""
    return WebState(
        database=parts.database,
        authenticator=authenticator,
        public_url=parts.settings.effective_public_url,
        readiness_checks={"database": parts.database.ping, "storage": parts.storage.check},
        parts=_by_type(parts),
        page_authenticator=page_authenticator,
    )


def _by_type(parts: Parts) -> dict[type[Any], Any]:
    settings = parts.settings
    searches = HotSearches(parts.database, write_found=found_item)
    return {
        AnswerKeeper: parts.idempotency,
        Budgets: parts.budgets,
        AuditKeys: parts.audit_keys,
        Checkpoints: parts.checkpoints,
        DownloadAddresses: _addresses(DownloadAddresses, parts, settings.download_address_lifetime),
        DownloadFiles: DownloadFiles(parts.storage),
        ChangeFeed: parts.feed,
        InstallationBounds: _installation_bounds(settings),
        Exports: Exports(parts.database, parts.checkpoints, parts.audit_keys, parts.clock),
        HotSearches: searches,
        Lists: Lists(searches),
        Tables: Tables(),
        Layouts: Layouts(),
        KeyRing: parts.keys,
        Previews: parts.previews,
        SearchFields: SearchFields(),
        ReadLog: ReadLog(parts.database),
        Zips: _zips(parts),
        Pages: _pages(parts),
        Trash: parts.trash,
        TokenService: parts.tokens,
        UploadAddresses: _addresses(UploadAddresses, parts, settings.upload_address_lifetime),
        UploadService: parts.uploads,
        Webhooks: parts.webhooks,
        **parts.people.by_type(),
    }


def _addresses(kind: type[Kind], parts: Parts, lifetime: timedelta) -> Kind:
    public_url = parts.settings.effective_public_url
    return kind(parts.sealer, parts.clock, public_url=public_url, lifetime=lifetime)


def _zips(parts: Parts) -> Zips:
    return Zips(
        parts.database,
        parts.storage,
        most_documents=parts.settings.zip_documents,
        most_bytes=parts.settings.zip_bytes,
    )


def _pages(parts: Parts) -> Pages:
    return Pages(
        parts.sealer,
        public_url=parts.settings.effective_public_url,
        time_zone=parts.settings.time_zone,
    )


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
