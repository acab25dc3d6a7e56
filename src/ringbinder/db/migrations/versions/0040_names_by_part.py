"""Find names by a part of them, organisation-wide; let PostgreSQL know how values are spread.

SQLite keeps the parts in a full-text table that stores no text of its own; triggers keep it in step
with the documents, whoever writes them. A migration that copies the table of documents must make
the triggers again.
"""

from alembic import op

revision = "0040"
down_revision = "0051"
branch_labels = None
depends_on = None

_TRIGGERS = {
    "document_names_added": """AFTER INSERT ON documents BEGIN
        INSERT INTO document_names (rowid, name_key) VALUES (new.key, new.name_key);
        END""",
    "document_names_gone": """AFTER DELETE ON documents BEGIN
        INSERT INTO document_names (document_names, rowid, name_key)
        VALUES ('delete', old.key, old.name_key);
        END""",
    "document_names_changed": """AFTER UPDATE OF name_key ON documents
        WHEN old.name_key <> new.name_key BEGIN
        INSERT INTO document_names (document_names, rowid, name_key)
        VALUES ('delete', old.key, old.name_key);
        INSERT INTO document_names (rowid, name_key) VALUES (new.key, new.name_key);
        END""",
}


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE document_names USING fts5(name_key, content='documents',"
            " content_rowid='key', columnsize=0, tokenize='trigram case_sensitive 1')"
        )
        op.execute("INSERT INTO document_names (document_names) VALUES ('rebuild')")
        for name, body in _TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_index(
        "ix_documents_name_parts",
        "documents",
        ["name_key"],
        postgresql_using="gin",
        postgresql_ops={"name_key": "gin_trgm_ops"},
    )
    op.execute(
        "CREATE STATISTICS document_metadata_values (mcv, dependencies)"
        " ON element_key, value FROM document_metadata"
    )
    op.execute("ALTER TABLE document_metadata ALTER COLUMN value SET STATISTICS 1000")


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE document_names")
        return
    op.execute("ALTER TABLE document_metadata ALTER COLUMN value SET STATISTICS -1")
    op.execute("DROP STATISTICS document_metadata_values")
    op.drop_index("ix_documents_name_parts", "documents")
