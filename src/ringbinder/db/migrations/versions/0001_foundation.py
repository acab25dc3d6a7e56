"""Foundation."""

import sqlalchemy as sa
from alembic import op

from ringbinder.db.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "organisations",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("api_clients_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisations")),
        sa.UniqueConstraint("id", name=op.f("uq_organisations_id")),
    )
    op.create_table(
        "revoked_tokens",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_revoked_tokens")),
    )
    op.create_index("ix_revoked_tokens_expires_at", "revoked_tokens", ["expires_at"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed_private_key", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signs_from", UtcDateTime(), nullable=False),
        sa.Column("signs_until", UtcDateTime(), nullable=False),
        sa.Column("verifies_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "storage_deletions",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_storage_deletions")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("object_name", sa.Text(), nullable=True),
        sa.Column("binder_id", sa.String(length=9), nullable=True),
        sa.Column("before_json", sa.Text(), nullable=True),
        sa.Column("after_json", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("trace_id", sa.String(length=55), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_audit_events_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint(
            "organisation_key", "sequence", name=op.f("uq_audit_events_organisation_key_sequence")
        ),
    )
    op.create_index(
        "ix_audit_events_actor",
        "audit_events",
        ["organisation_key", "actor_id", "sequence"],
        unique=False,
    )
    op.create_index(
        "ix_audit_events_object",
        "audit_events",
        ["organisation_key", "object_id", "sequence"],
        unique=False,
    )

    op.create_table(
        "binders",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=9), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "sort_name", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_binders_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_binders")),
        sa.UniqueConstraint("id", name=op.f("uq_binders_id")),
    )
    op.create_index(
        "ix_binders_by_name", "binders", ["organisation_key", "sort_name", "key"], unique=False
    )

    op.create_table(
        "blobs",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("referenced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_blobs_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_key", "sha256", name=op.f("pk_blobs")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_blobs_storage_key")),
    )
    op.create_index("ix_blobs_referenced_at", "blobs", ["referenced_at"], unique=False)

    op.create_table(
        "changes",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("binder_id", sa.String(length=9), nullable=True),
        sa.Column("folder_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("audit_event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_changes_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_key", "sequence", name=op.f("pk_changes")),
    )
    op.create_table(
        "clients",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("last_token_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_clients_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_clients")),
        sa.UniqueConstraint("id", name=op.f("uq_clients_id")),
    )
    op.create_index("ix_clients_organisation", "clients", ["organisation_key", "key"], unique=False)

    op.create_table(
        "counters",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("binder_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "value", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_counters_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key",
            "kind",
            "binder_key",
            "subject_key",
            "value",
            name=op.f("pk_counters"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metadata_keys",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("metadata_element_id", sa.Text(), nullable=False),
        sa.Column("data_type", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_metadata_keys_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_key", "element_key", name=op.f("pk_metadata_keys")),
        sa.UniqueConstraint(
            "organisation_key",
            "metadata_element_id",
            name=op.f("uq_metadata_keys_organisation_key_metadata_element_id"),
        ),
    )
    op.create_table(
        "organisation_sequences",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("change_sequence", sa.BigInteger(), nullable=False),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_organisation_sequences_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_key", name=op.f("pk_organisation_sequences")),
    )
    op.create_table(
        "client_secrets",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("client_key", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_key"],
            ["clients.key"],
            name=op.f("fk_client_secrets_client_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_client_secrets_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_client_secrets")),
    )
    op.create_index(
        "ix_client_secrets_client",
        "client_secrets",
        ["organisation_key", "client_key"],
        unique=False,
    )

    op.create_table(
        "folders",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), nullable=False),
        sa.Column("parent_key", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "name_key", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column(
            "sort_name", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["binder_key"], ["binders.key"], name=op.f("fk_folders_binder_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_folders_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_key"], ["folders.key"], name=op.f("fk_folders_parent_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_folders")),
        sa.UniqueConstraint("id", name=op.f("uq_folders_id")),
    )
    op.create_index(
        "ix_folders_children",
        "folders",
        ["organisation_key", "binder_key", "parent_key", "position"],
        unique=False,
    )
    op.create_index(
        "uq_folders_inner_name",
        "folders",
        ["parent_key", "name_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND parent_key IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND parent_key IS NOT NULL"),
    )
    op.create_index(
        "uq_folders_tab_name",
        "folders",
        ["binder_key", "name_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND parent_key IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND parent_key IS NULL"),
    )

    op.create_table(
        "metadata_elements",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("element_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("metadata_element_id", sa.Text(), nullable=False),
        sa.Column("data_type", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_multi_value", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["binder_key"],
            ["binders.key"],
            name=op.f("fk_metadata_elements_binder_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_metadata_elements_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key", "binder_key", "element_key", name=op.f("pk_metadata_elements")
        ),
        sa.UniqueConstraint(
            "binder_key",
            "metadata_element_id",
            name=op.f("uq_metadata_elements_binder_key_metadata_element_id"),
        ),
    )
    op.create_table(
        "metadata_values",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("element_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value_id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["binder_key"],
            ["binders.key"],
            name=op.f("fk_metadata_values_binder_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_metadata_values_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key",
            "binder_key",
            "element_key",
            "value_id",
            name=op.f("pk_metadata_values"),
        ),
    )
    op.create_table(
        "documents",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), nullable=False),
        sa.Column("folder_key", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column(
            "name_key", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column(
            "sort_name", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("document_date", sa.String(length=10), nullable=True),
        sa.Column("revision_date", sa.String(length=10), nullable=True),
        sa.Column("version_label", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("latest_version_id", sa.Uuid(), nullable=False),
        sa.Column("latest_version_number", sa.Integer(), nullable=False),
        sa.Column("metadata_json", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["binder_key"],
            ["binders.key"],
            name=op.f("fk_documents_binder_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["folder_key"],
            ["folders.key"],
            name=op.f("fk_documents_folder_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_documents_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_documents")),
        sa.UniqueConstraint("id", name=op.f("uq_documents_id")),
    )
    op.create_index(
        "ix_documents_by_name",
        "documents",
        ["organisation_key", "sort_name", "key"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_documents_by_name_in_binder",
        "documents",
        ["organisation_key", "binder_key", "sort_name", "key"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_documents_by_name_in_folder",
        "documents",
        ["organisation_key", "folder_key", "sort_name", "key"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_documents_trash",
        "documents",
        ["organisation_key", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_documents_name_in_folder",
        "documents",
        ["folder_key", "name_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )

    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), nullable=False),
        sa.Column("folder_key", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("declared_size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("declared_sha256", sa.String(length=64), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("metadata_json", sa.Text(), nullable=False),
        sa.Column("version_label", sa.Text(), nullable=True),
        sa.Column("conflict_behavior", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("received_size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("received_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("answer_json", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["binder_key"], ["binders.key"], name=op.f("fk_uploads_binder_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["folder_key"], ["folders.key"], name=op.f("fk_uploads_folder_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_uploads_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(
        "ix_uploads_blob", "uploads", ["organisation_key", "received_sha256"], unique=False
    )
    op.create_index("ix_uploads_open", "uploads", ["state", "expires_at"], unique=False)

    op.create_table(
        "document_metadata",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "value", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("binder_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_key"],
            ["documents.key"],
            name=op.f("fk_document_metadata_document_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_document_metadata_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_key",
            "element_key",
            "value",
            "binder_key",
            "document_key",
            name=op.f("pk_document_metadata"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("document_key", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("metadata_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_key"],
            ["documents.key"],
            name=op.f("fk_versions_document_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisations.key"],
            name=op.f("fk_versions_organisation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("document_key", "number", name=op.f("uq_versions_document_key_number")),
    )
    op.create_index("ix_versions_blob", "versions", ["organisation_key", "sha256"], unique=False)


def downgrade() -> None:
    """There is nothing before the first schema."""
    message = "the first schema cannot be taken back; restore a backup or delete the database"
    raise NotImplementedError(message)
