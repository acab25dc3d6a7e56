"""Let the index of values stand without a foreign key on documents.

To delete a document, the database would look for its rows in the whole index, where the document is
the last column of the key. Only documents in the trash are deleted, and they have none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0002"
branch_labels = None
depends_on = None

_CONSTRAINT = "fk_document_metadata_document_key"


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        _copy(with_parent=False)
    else:
        op.drop_constraint(_CONSTRAINT, "document_metadata", type_="foreignkey")


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        _copy(with_parent=True)
    else:
        op.create_foreign_key(
            _CONSTRAINT,
            "document_metadata",
            "documents",
            ["document_key"],
            ["key"],
            ondelete="CASCADE",
        )


def _copy(*, with_parent: bool) -> None:
    """Make the table anew, since SQLite cannot take a constraint off or put one on."""
    op.create_table(
        "new_document_metadata",
        sa.Column("organisation_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("binder_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_key", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_parents(with_parent=with_parent)),
        sa.PrimaryKeyConstraint(
            "organisation_key",
            "element_key",
            "value",
            "binder_key",
            "document_key",
            name="pk_document_metadata",
        ),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO new_document_metadata SELECT * FROM document_metadata")
    op.drop_table("document_metadata")
    op.rename_table("new_document_metadata", "document_metadata")


def _parents(*, with_parent: bool) -> list[sa.ForeignKeyConstraint]:
    organisation = sa.ForeignKeyConstraint(
        ["organisation_key"],
        ["organisations.key"],
        name="fk_document_metadata_organisation_key",
        ondelete="CASCADE",
    )
    document = sa.ForeignKeyConstraint(
        ["document_key"], ["documents.key"], name=_CONSTRAINT, ondelete="CASCADE"
    )
    return [document, organisation] if with_parent else [organisation]
