"""The wire format of searches."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from ringbinder.features.documents.schemas import DocumentPage, ScalarIn
from ringbinder.features.search.types import (
    MAXIMUM_FILTERS,
    MAXIMUM_SORT_KEYS,
    MAXIMUM_VALUES,
    Direction,
    FoundDocument,
    Operator,
)
from ringbinder.kit.clock import rfc3339
from ringbinder.web.types import ShortText, Text

__all__ = [
    "DocumentPage",
    "SearchRequest",
    "found_answers",
    "found_item",
    "found_page",
]

_encode: Final = msgspec.json.Encoder().encode


class SearchFilter(BaseModel):
    """One condition on a metadata key. Keys with a list carry `valueId`, others `value`."""

    metadataElementId: ShortText = Field(
        description="Any key of the organisation's binders, or a reserved one.",
        examples=["GLOBAL_Status"],
    )
    operator: Operator = Field(
        default=Operator.EQ,
        description=(
            "`ne` and `missing` also find documents without the key. `contains` and `startsWith` "
            "fit texts; `lt`, `lte`, `gt` and `gte` fit numbers, dates and texts. Upper and lower "
            "case of texts are the same."
        ),
    )
    valueId: Text | None = Field(
        default=None,
        description="A folder's id finds what is in the folders below it, too.",
        examples=["Bygghandling"],
    )
    value: ScalarIn | None = Field(default=None, examples=["A-40.1"])
    valueIds: Annotated[list[Text], Field(min_length=1, max_length=MAXIMUM_VALUES)] | None = Field(
        default=None,
        description="For the operator `in`: any of these.",
        examples=[["Bygghandling", "Relationshandling"]],
    )
    values: Annotated[list[ScalarIn], Field(min_length=1, max_length=MAXIMUM_VALUES)] | None = (
        Field(default=None, description="For the operator `in`: any of these.", examples=[[1, 2]])
    )


class SearchSort(BaseModel):
    """One key to sort by; documents without it come last, whatever the direction."""

    metadataElementId: ShortText = Field(examples=["GLOBAL_Date"])
    direction: Direction = Direction.ASC


class SearchRequest(BaseModel):
    """What to look for. The names of the three lists may begin with a small letter, too."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "MetadataFilters": [
                        {"metadataElementId": "GLOBAL_Status", "valueId": "Bygghandling"}
                    ],
                    "SortBy": [{"metadataElementId": "GLOBAL_RevisionDate", "direction": "desc"}],
                }
            ]
        }
    )

    MetadataFilters: list[SearchFilter] | None = Field(
        default=None,
        max_length=MAXIMUM_FILTERS,
        description=(
            f"All of them must hold. A search has at most {MAXIMUM_FILTERS} filters, "
            "those in `AnyOf` among them."
        ),
    )
    AnyOf: list[Annotated[list[SearchFilter], Field(min_length=1)]] | None = Field(
        default=None,
        max_length=MAXIMUM_FILTERS,
        description="Groups of filters; of each group at least one must hold.",
    )
    SortBy: list[SearchSort] | None = Field(
        default=None,
        max_length=MAXIMUM_SORT_KEYS,
        description=(
            "The first key counts most. Dates sort as dates, numbers as numbers, listed values in "
            "the order of their list, texts in Swedish order. Without it, documents come by name."
        ),
    )


def found_answers(documents: Sequence[FoundDocument]) -> list[dict[str, Any]]:
    """Write documents as ``Documents_getDocument`` does; their metadata is copied in."""
    return [_answer(document) for document in documents]


def _answer(document: FoundDocument) -> dict[str, Any]:
    return {
        "id": str(document.id),
        "fileName": document.file_name,
        "folderId": str(document.folder_id),
        "binderId": document.binder_id,
        "metadata": msgspec.Raw(document.metadata_json.encode()),
        "latestVersionId": str(document.latest_version_id),
        "createdAt": rfc3339(document.created_at),
        "updatedAt": rfc3339(document.updated_at),
        "deletedAt": None,
    }


def found_item(document: FoundDocument) -> bytes:
    """Write one document."""
    return _encode(_answer(document))


def found_page(
    items_json: bytes, *, total: int, number: int, size: int, next_cursor: str | None
) -> bytes:
    """Put a page around items that have been written; a cursor has nothing that JSON escapes."""
    cursor = "null" if next_cursor is None else f'"{next_cursor}"'
    rest = f'"totalCount":{total},"pageNumber":{number},"pageSize":{size},"nextCursor":{cursor}'
    return b'{"items":[%b],%b}' % (items_json, rest.encode())
