"""What all tables share: their metadata, names of constraints, and the column of the tenant."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def organisation_column(*, primary_key: bool = False) -> Column[int]:
    """The column that makes a table a tenant's; the guard of the sessions looks for its name."""
    return Column(
        "organisation_key",
        BigInteger,
        ForeignKey("organisations.key", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
