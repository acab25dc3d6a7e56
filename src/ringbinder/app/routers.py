"""Every router of the application, in the order in which they are asked."""

from ringbinder.features.activity import pages as activity_pages
from ringbinder.features.audit import pages as audit_pages
from ringbinder.features.audit import routes as audit
from ringbinder.features.binders import pages as binders_pages
from ringbinder.features.binders import routes as binders
from ringbinder.features.bookshelf import pages as bookshelf
from ringbinder.features.changes import routes as changes
from ringbinder.features.clients import pages as clients_pages
from ringbinder.features.details import pages as details
from ringbinder.features.documents import routes as documents
from ringbinder.features.folders import pages as folders_pages
from ringbinder.features.folders import routes as folders
from ringbinder.features.groups import pages as groups_pages
from ringbinder.features.groups import routes as groups
from ringbinder.features.imports import pages as imports
from ringbinder.features.limits import pages as limits_pages
from ringbinder.features.limits import routes as limits
from ringbinder.features.members import pages as members_pages
from ringbinder.features.members import routes as members
from ringbinder.features.participants import pages as participants_pages
from ringbinder.features.participants import routes as participants
from ringbinder.features.previews import pages as previews
from ringbinder.features.readlog import pages as reads
from ringbinder.features.readlog import routes as readlog
from ringbinder.features.search import pages as search_pages
from ringbinder.features.search import routes as search
from ringbinder.features.signin import pages as sign_in
from ringbinder.features.templates import routes as templates
from ringbinder.features.tokens import routes as tokens
from ringbinder.features.uploads import routes as uploads
from ringbinder.features.views import pages as views
from ringbinder.features.webhooks import routes as webhooks
from ringbinder.web import health, reference
from ringbinder.web.pages import assets, preferences

PLAIN = (
    health.router,
    reference.router,
    tokens.router,
    audit.published,
    documents.transfers,
    uploads.transfers,
)
"""What stands beside the versions of the API."""

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
    assets.router,
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
"""The pages of the web application, and what they load."""
