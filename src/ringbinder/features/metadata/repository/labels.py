"""What values are called, in one binder and across binders."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from sqlalchemy import Row, func, select

from ringbinder.db.among import among
from ringbinder.db.sessions import ReadSession
from ringbinder.db.tables import metadata_values
from ringbinder.db.tenancy import of_tenant

FEW_BINDERS: Final = 20
"""Of more binders, writing the statement takes longer than its answer."""


async def list_labels(
    session: ReadSession, element_key: int, binder_keys: Collection[int], language: str
) -> dict[tuple[int, str], str]:
    """Give the labels of a key's values in some binders, by binder and value."""
    listed = metadata_values.c
    rows = await session.all(
        select(listed.binder_key, listed.value_id, listed.label, listed.labels).where(
            of_tenant(metadata_values),
            listed.element_key == element_key,
            among(listed.binder_key, binder_keys),
        )
    )
    return {(row.binder_key, row.value_id): _label(row, language) for row in rows}


async def list_choices(
    session: ReadSession,
    element_keys: Collection[int],
    binder_keys: Collection[int],
    language: str,
) -> dict[int, dict[str, str]]:
    """Give the values that keys can have in any of some binders, in their order, with a label."""
    listed = metadata_values.c
    rows = await session.all(
        select(listed.element_key, listed.value_id, listed.label, listed.labels)
        .where(
            of_tenant(metadata_values),
            listed.element_key.in_(sorted(element_keys)),
            among(listed.binder_key, binder_keys, few=FEW_BINDERS),
        )
        .group_by(listed.element_key, listed.value_id, listed.label, listed.labels)
        .order_by(func.min(listed.position), listed.value_id)
    )
    found: dict[int, dict[str, str]] = {key: {} for key in element_keys}
    for row in rows:
        found[row.element_key][row.value_id] = _label(row, language)
    return found


def _label(row: Row[Any], language: str) -> str:
    labels: dict[str, str] = msgspec.json.decode(row.labels)
    return labels.get(language) or str(row.label)
