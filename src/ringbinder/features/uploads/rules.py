"""Decisions about uploads, without input or output."""

import mimetypes
import re
from collections.abc import Iterable
from posixpath import splitext
from typing import Any, Final
from uuid import UUID

import msgspec

from ringbinder.access.errors import MissingPermissionError
from ringbinder.features.blobs.types import STAGED
from ringbinder.features.documents.types import NewContent
from ringbinder.features.evidence.types import Subject
from ringbinder.features.metadata.types import GivenValue
from ringbinder.features.uploads.errors import (
    UploadAbortedError,
    UploadCommittedError,
    UploadDigestMismatchError,
    UploadExpiredError,
    UploadNotReceivedError,
    UploadPartTooSmallError,
    UploadRangeInvalidError,
    UploadSizeMismatchError,
    UploadWrongOffsetError,
)
from ringbinder.features.uploads.types import (
    CommitAnswer,
    SentPart,
    StoredPart,
    Upload,
    UploadState,
)
from ringbinder.kit.errors import FieldErrors

UNKNOWN_TYPE: Final = "application/octet-stream"

SMALLEST_PART: Final = 1 << 20
"""How many bytes a part other than the last one has at least, so that a file has not too many."""

# RFC 9110, section 14.4; `bytes */N` there stands for no bytes, here it asks how many arrived.
_RANGE: Final = re.compile(r"bytes (?:([0-9]{1,16})-([0-9]{1,16})|\*)/([0-9]{1,16})")
_DIGITS_OF_FIRST: Final = 16

_OF_BUILDING: Final = {
    ".bcf": "application/zip",
    ".bcfzip": "application/zip",
    ".cobiezip": "application/zip",
    ".dgn": "image/vnd.dgn",
    ".dwf": "model/vnd.dwf",
    ".dwfx": "model/vnd.dwfx+xps",
    ".dwg": "image/vnd.dwg",
    ".dxf": "image/vnd.dxf",
    ".e57": "model/e57",
    ".geojson": "application/geo+json",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".gml": "application/gml+xml",
    ".ifc": "application/x-step",
    ".ifcxml": "application/xml",
    ".ifczip": "application/zip",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".las": "application/vnd.las",
    ".laz": "application/vnd.laszip",
    ".obj": "model/obj",
    ".plt": "application/vnd.hp-hpgl",
    ".step": "model/step",
    ".stl": "model/stl",
    ".stp": "model/step",
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OF_OFFICES: Final = {
    ".7z": "application/x-7z-compressed",
    ".bz2": "application/x-bzip2",
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".dotx": f"{_OFFICE}.wordprocessingml.template",
    ".eml": "message/rfc822",
    ".gz": "application/gzip",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".md": "text/markdown",
    ".mpp": "application/vnd.ms-project",
    ".msg": "application/vnd.ms-outlook",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".rar": "application/vnd.rar",
    ".rtf": "application/rtf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".vsdx": "application/vnd.ms-visio.drawing",
    ".webp": "image/webp",
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".xz": "application/x-xz",
    ".zip": "application/zip",
}
# Python's own table, not the machine's: the same name has the same type on every server.
_COMMON: Final = mimetypes.MimeTypes(filenames=()).types_map[True]
_TYPES: Final = {**_COMMON, **_OF_OFFICES, **_OF_BUILDING}


def guess_content_type(file_name: str) -> str:
    """Give the usual media type of a file name's extension, or that of unknown bytes."""
    _, extension = splitext(file_name.strip())
    return _TYPES.get(extension.lower(), UNKNOWN_TYPE)


def assert_size(size_bytes: int, maximum_bytes: int) -> None:
    """Let a file through that is not too large.

    Raises:
        FieldErrors: it is.

    """
    if size_bytes > maximum_bytes:
        raise FieldErrors({"size": [f"A file can have at most {maximum_bytes} bytes."]})


def assert_permitted(upload: Upload) -> None:
    """Let a caller go on who may do in the upload's binder what it asks for.

    Raises:
        MissingPermissionError: it sees the upload, but may not.

    """
    if not upload.is_changeable:
        raise MissingPermissionError


def assert_waiting(state: UploadState) -> None:
    """Let through what may still get bytes or be committed.

    Raises:
        UploadCommittedError, UploadAbortedError, UploadExpiredError: it is over.

    """
    match state:
        case UploadState.COMMITTED:
            raise UploadCommittedError
        case UploadState.ABORTED:
            raise UploadAbortedError
        case UploadState.EXPIRED:
            raise UploadExpiredError


def content_to_commit(upload: Upload) -> NewContent:
    """Give what a commit will make a version of.

    Raises:
        UploadNotReceivedError: the bytes have not arrived.
        UploadSizeMismatchError, UploadDigestMismatchError: others arrived than were announced.

    """
    if upload.received_sha256 is None or upload.received_size_bytes is None:
        raise UploadNotReceivedError
    if upload.received_size_bytes != upload.declared_size_bytes:
        raise UploadSizeMismatchError
    if upload.declared_sha256 not in {None, upload.received_sha256}:
        raise UploadDigestMismatchError
    return NewContent(
        file_name=upload.file_name,
        size_bytes=upload.received_size_bytes,
        content_type=upload.content_type,
        sha256=upload.received_sha256,
        version_label=upload.version_label,
        given=upload.given,
    )


def read_answer(answer_json: str) -> CommitAnswer:
    """Give a stored answer with the ids of what it tells about."""
    answer: dict[str, Any] = msgspec.json.decode(answer_json)
    return CommitAnswer(
        body=answer_json.encode(),
        document_id=UUID(answer["document"]["id"]),
        version_id=UUID(answer["version"]["id"]),
    )


def inside(error: FieldErrors, path: str) -> FieldErrors:
    """Say of fields of one item of a list where in the list it stands."""
    return FieldErrors({f"{path}.{field}": found for field, found in error.errors.items()})


def sentences_of(error: FieldErrors) -> str:
    """Put everything that is wrong with fields into one text."""
    return " ".join(
        f"{path}: {message}" for path, messages in error.errors.items() for message in messages
    )


def subject_of(upload: Upload) -> Subject:
    """Name an upload in the records."""
    return Subject(
        type="upload",
        id=str(upload.id),
        name=upload.file_name,
        binder_id=upload.binder_id,
        folder_id=upload.folder_id,
        document_id=upload.document_id,
    )


def given_to_json(given: Iterable[GivenValue]) -> str:
    """Write given metadata so that it can be checked again at the commit."""
    items = [[g.metadata_element_id, g.value_id, g.value, g.path] for g in given]
    return msgspec.json.encode(items).decode()


def given_from_json(text: str) -> tuple[GivenValue, ...]:
    """Read back what :func:`given_to_json` wrote."""
    items: list[Any] = msgspec.json.decode(text)
    return tuple(GivenValue(*item) for item in items)


def read_content_range(text: str) -> SentPart:
    """Read which bytes a request brings: ``bytes FIRST-LAST/SIZE``, or ``bytes */SIZE`` for none.

    Raises:
        UploadRangeInvalidError: it says nothing of the kind.

    """
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise UploadRangeInvalidError
    total = int(match[3])
    if match[1] is None:
        return SentPart(None, 0, total)
    first, last = int(match[1]), int(match[2])
    if not first <= last < total:
        raise UploadRangeInvalidError
    return SentPart(first, last - first + 1, total)


def assert_next(part: SentPart, arrived_bytes: int) -> None:
    """Let through a part that begins where the bytes that have arrived end.

    Raises:
        UploadWrongOffsetError: there would be a gap or an overlap; it tells how many arrived.
        UploadPartTooSmallError: it is small without being the last one.

    """
    if part.first is None:
        return
    if part.first != arrived_bytes:
        raise UploadWrongOffsetError(members={"receivedSize": arrived_bytes})
    is_last = part.first + part.length == part.total
    if part.length < SMALLEST_PART and not is_last:
        raise UploadPartTooSmallError


def part_prefix(upload_id: UUID) -> str:
    """Give what the keys of all parts of an upload begin with."""
    return f"{STAGED}{upload_id.hex}-part-"


def part_key(upload_id: UUID, first: int, put_id: UUID) -> str:
    """Name a part so that the order of keys is that of the bytes, then of the puts."""
    return f"{part_prefix(upload_id)}{first:0{_DIGITS_OF_FIRST}d}-{put_id.hex}"


def first_of(key: str, upload_id: UUID) -> int:
    """Give the place of a part's first byte, which its key tells."""
    return int(key.removeprefix(part_prefix(upload_id)).partition("-")[0])


def leading_parts(parts: Iterable[StoredPart]) -> list[StoredPart]:
    """Give the parts that make up the beginning of the file without a gap.

    Of two that begin at the same byte the one that was put last counts. ``parts`` are in the order
    of their keys.
    """
    by_first = {part.first: part for part in parts}
    found: list[StoredPart] = []
    end = 0
    while (part := by_first.get(end)) is not None and part.size_bytes:
        found.append(part)
        end += part.size_bytes
    return found
