"""Names of hidden folders are unique apart from those of visible ones."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0065"
branch_labels = None
depends_on = None

_PLACES = (
    ("uq_folders_tab_name", "binder_key", "deleted_at IS NULL AND parent_key IS NULL"),
    ("uq_folders_inner_name", "parent_key", "deleted_at IS NULL AND parent_key IS NOT NULL"),
)


def upgrade() -> None:
    """Go forward."""
    _index("name_key", "is_hidden")


def downgrade() -> None:
    """Go back."""
    _index("name_key")


def _index(*columns: str) -> None:
    for name, place, condition in _PLACES:
        op.drop_index(name, "folders")
        op.create_index(
            name,
            "folders",
            [place, *columns],
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
