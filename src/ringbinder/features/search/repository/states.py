"""Whether what was found out about an organisation still holds."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, exists, literal, or_, select

from ringbinder.db.tenancy import of_tenant
from ringbinder.features.evidence.types import Action
from ringbinder.features.search.repository.sources import CHANGES, SEQUENCES

LATER_CHANGES: Final = 5000
"""So many changes are looked through, at most, for one that matters."""

_OF_DOCUMENTS: Final = sorted(
    action.change_type for action in Action if action.change_type.startswith("document.")
)


def state_since(sequence: int, *, lasts: bool = True) -> Select[Any]:
    """Ask for the number of the last change, ``now``, and whether what was known still ``holds``.

    What was found out at a change holds until the next one, or, where it ``lasts``, until the next
    one of anything else than documents. Changes that are forgotten by now tell nothing.
    """
    return _state_since(literal(sequence, BigInteger), lasts=lasts)


def _state_since(sequence: ColumnElement[int], *, lasts: bool) -> Select[Any]:
    now = SEQUENCES.c.change_sequence
    holds: ColumnElement[bool] = now == sequence
    if lasts:
        holds = or_(holds, _only_documents_since(sequence))
    return select(now.label("now"), holds.label("holds")).where(of_tenant(SEQUENCES))


def _only_documents_since(sequence: ColumnElement[int]) -> ColumnElement[bool]:
    later = CHANGES
    is_known = exists().where(of_tenant(later), later.c.sequence == sequence + 1)
    others = exists().where(
        of_tenant(later), later.c.sequence > sequence, later.c.type.not_in(_OF_DOCUMENTS)
    )
    is_near = SEQUENCES.c.change_sequence <= sequence + LATER_CHANGES
    return is_near & is_known & ~others


STATE: Final = _state_since(bindparam("since", type_=BigInteger), lasts=True)
"""The same of what ``lasts``, with a parameter."""
