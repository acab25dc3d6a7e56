"""Every table, one file for each group that changes together."""

from ringbinder.db.tables.activity import client_activity
from ringbinder.db.tables.base import metadata
from ringbinder.db.tables.binders import binders
from ringbinder.db.tables.blobs import blobs, storage_deletions
from ringbinder.db.tables.clients import client_secrets, clients, revoked_tokens, signing_keys
from ringbinder.db.tables.documents import (
    document_metadata,
    document_names,
    documents,
    versions,
)
from ringbinder.db.tables.evidence import (
    audit_checkpoints,
    audit_events,
    audit_keys,
    audit_personal,
    changes,
    counters,
)
from ringbinder.db.tables.folders import folders
from ringbinder.db.tables.idempotency import idempotency_keys
from ringbinder.db.tables.organisations import organisation_sequences, organisations
from ringbinder.db.tables.people import (
    binder_participants,
    folder_viewers,
    group_members,
    groups,
    members,
    people,
)
from ringbinder.db.tables.reads import document_reads
from ringbinder.db.tables.schema import metadata_elements, metadata_keys, metadata_values
from ringbinder.db.tables.signin import (
    mail_outbox,
    person_identities,
    sign_in_links,
    web_sessions,
)
from ringbinder.db.tables.uploads import uploads
from ringbinder.db.tables.views import saved_views
from ringbinder.db.tables.webhooks import webhook_deliveries, webhook_secrets, webhooks

__all__ = [
    "audit_checkpoints",
    "audit_events",
    "audit_keys",
    "audit_personal",
    "binder_participants",
    "binders",
    "blobs",
    "changes",
    "client_activity",
    "client_secrets",
    "clients",
    "counters",
    "document_metadata",
    "document_names",
    "document_reads",
    "documents",
    "folder_viewers",
    "folders",
    "group_members",
    "groups",
    "idempotency_keys",
    "mail_outbox",
    "members",
    "metadata",
    "metadata_elements",
    "metadata_keys",
    "metadata_values",
    "organisation_sequences",
    "organisations",
    "people",
    "person_identities",
    "revoked_tokens",
    "saved_views",
    "sign_in_links",
    "signing_keys",
    "storage_deletions",
    "uploads",
    "versions",
    "web_sessions",
    "webhook_deliveries",
    "webhook_secrets",
    "webhooks",
]
