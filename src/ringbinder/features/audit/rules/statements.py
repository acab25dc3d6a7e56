"""Signed statements: compact JWS (RFC 7515) with ES256, under keys named by their fingerprint."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ringbinder.kit.canonical import canonical_json
from ringbinder.kit.json_reading import read_json

CHECKPOINT: Final = "ringbinder-audit-checkpoint"
EXPORT: Final = "ringbinder-audit-export"
"""What a statement is about: the ``typ`` of its header, so that none passes for another."""


class StatementError(ValueError):
    """A statement is not what it claims to be; the text says why, as the end of a sentence."""


def new_key() -> ECKey:
    """Make a key pair whose id is its fingerprint (RFC 7638)."""
    pair = ECKey.generate_key("P-256")
    about = {"kid": pair.thumbprint(), "alg": "ES256", "use": "sig"}
    return ECKey.import_key({**pair.as_dict(private=True), **about})


def sign(kind: str, content: Mapping[str, Any], key: ECKey) -> str:
    """Sign a statement."""
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": kind}
    return jws.serialize_compact(header, canonical_json(content), key, algorithms=["ES256"])


def public_keys(documents: object) -> dict[str, ECKey]:
    """Read public keys, by their true fingerprints.

    Raises:
        StatementError: one of them cannot be read, or is named by another fingerprint.

    """
    if not isinstance(documents, list):
        raise StatementError("names no keys")
    return dict(_public_key(document) for document in documents)


def _public_key(document: object) -> tuple[str, ECKey]:
    if not isinstance(document, dict):
        raise StatementError("holds a key that cannot be read")
    try:
        key = ECKey.import_key(document)
        fingerprint = key.thumbprint()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise StatementError("holds a key that cannot be read") from error
    if document.get("kid") != fingerprint or document.get("crv") != "P-256":
        raise StatementError(f"names a key {document.get('kid')} whose fingerprint is another")
    return fingerprint, key


def content_of(kind: str, statement: str, keys: Mapping[str, ECKey]) -> tuple[str, dict[str, Any]]:
    """Give the fingerprint of the key that signed a statement, and what it says.

    Raises:
        StatementError: it is of another kind, by an unknown key, or its signature is wrong.

    """
    header, content = _parts(statement)
    fingerprint = header.get("kid")
    if header.get("typ") != kind or header.get("alg") != "ES256":
        raise StatementError(f"is no {kind}")
    if not isinstance(fingerprint, str) or fingerprint not in keys:
        raise StatementError(f"is signed by the key {fingerprint}, which is not among the keys")
    try:
        jws.deserialize_compact(statement, keys[fingerprint], algorithms=["ES256"])
    except (JoseError, ValueError) as error:
        raise StatementError("has a wrong signature") from error
    return fingerprint, content


def _parts(statement: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and content; each segment must be written in the one way that there is."""
    segments = statement.split(".")
    if len(segments) != 3:  # noqa: PLR2004 - header, content, signature
        raise StatementError("cannot be read")
    try:
        decoded = [_decoded(segment) for segment in segments]
        header, content = (read_json(part) for part in decoded[:2])
    except (ValueError, binascii.Error) as error:
        raise StatementError("cannot be read") from error
    if not isinstance(header, dict) or not isinstance(content, dict):
        raise StatementError("cannot be read")
    return header, content


def _decoded(segment: str) -> bytes:
    raw = base64.urlsafe_b64decode(segment.encode("ascii") + b"=" * (-len(segment) % 4))
    # The last character may hold bits that nobody reads.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != segment:
        raise ValueError("not the one way to write it")
    return raw
